import { logger, withLogger } from '@stackyard/handler-kit/logger';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { awsPorts } from './aws-ports.ts';
import { TenancyError } from './errors.ts';
import { json, problem, readBody } from './problem.ts';
import { change, invite, knownTenant, offboard, onboard, rotateKey } from './tenants/lifecycle.ts';
import { reconcile } from './tenants/reconcile.ts';
import { readChange, readEmail, readNewTenant, type Tenant } from './tenants/tenant.ts';

const ports = awsPorts();

/** The admin API. API Gateway has checked the caller's signature and right to call the method (AWS_IAM). */
export const handler = withLogger<APIGatewayProxyEvent, APIGatewayProxyResult>(async (event) => {
  const { resource, httpMethod, requestContext } = event;
  const by = requestContext.identity.userArn ?? 'unknown';
  try {
    const answer = await routes[`${httpMethod} ${resource}`]?.(event, event.pathParameters?.['tenantId'] ?? '', by);
    logger.info('administered', { method: httpMethod, resource, by, status: answer?.statusCode });
    return answer ?? problem(404, 'Not Found');
  } catch (error) {
    if (!(error instanceof TenancyError)) throw error;
    const { status, code, problems } = error;
    return problem(status, 'The tenant was not changed', { code, problems });
  }
});

type Handle = (event: APIGatewayProxyEvent, tenantId: string, by: string) => Promise<APIGatewayProxyResult>;

const routes: Readonly<Record<string, Handle>> = {
  'POST /admin/tenants': async (event, _, by) =>
    json(201, shown(await onboard(ports, readNewTenant(readBody(event)), by))),
  'GET /admin/tenants': async () => json(200, { tenants: await allTenants() }),
  'GET /admin/tenants/{tenantId}': async (_, tenantId) => json(200, shown(await knownTenant(ports, tenantId))),
  'PATCH /admin/tenants/{tenantId}': async (event, tenantId, by) =>
    json(200, shown(await change(ports, tenantId, readChange(readBody(event)), by))),
  'DELETE /admin/tenants/{tenantId}': async (_, tenantId, by) => json(200, shown(await offboard(ports, tenantId, by))),
  'POST /admin/tenants/{tenantId}/key': async (_, tenantId, by) =>
    json(200, shown(await rotateKey(ports, tenantId, by))),
  'POST /admin/tenants/{tenantId}/users': async (event, tenantId) =>
    json(201, shown(await invite(ports, tenantId, readEmail(readBody(event))))),
  'POST /admin/reconciliations': async () => json(200, await reconcile(ports)),
};

async function allTenants() {
  const tenants = [];
  for await (const tenant of ports.store.all()) tenants.push(shown(tenant));
  return tenants;
}

/** Everything but the API keys. */
function shown({ apiKey: _, retiringKey: __, ...tenant }: Tenant) {
  return tenant;
}
