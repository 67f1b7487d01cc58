import type { APIGatewayAuthorizerResult } from 'aws-lambda';
import type { Tenant } from '../tenants/tenant.ts';

/** Of a token that was verified. */
export interface Claims {
  readonly sub: string;
  readonly 'cognito:username': string;
  readonly 'custom:tenant_id'?: unknown;
}

/** The tenant a token is of; undefined when it says none that could be one. */
export function tenantIdOf(claims: Claims): string | undefined {
  const id = claims['custom:tenant_id'];
  return typeof id === 'string' && /^[a-z0-9-]{20,128}$/.test(id) ? id : undefined;
}

/**
 * What API Gateway is told, for a verified token and the row of its tenant.
 *
 * The answer is kept for the token and serves every method, so it allows all that a tenant may call, of this stage and
 * nothing else, and never the admin API. The API key is the tenant's: whatever key the client sends counts for nothing.
 */
export function decide(claims: Claims, tenant: Tenant | undefined, methodArn: string): APIGatewayAuthorizerResult {
  const isActive = tenant?.status === 'ACTIVE' && tenant.tenantId === tenantIdOf(claims);
  const policyDocument = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: isActive ? ('Allow' as const) : ('Deny' as const),
        Action: 'execute-api:Invoke',
        Resource: tenantMethods.map((method) => `${stageOf(methodArn)}/${method}`),
      },
    ],
  };
  if (!isActive) return { principalId: claims.sub, policyDocument };
  const { tenantId, plan, apiKey } = tenant;
  return {
    principalId: claims.sub,
    policyDocument,
    usageIdentifierKey: apiKey,
    context: { tenantId, plan, userId: claims.sub, username: claims['cognito:username'] },
  };
}

/** What tenants may call, as `METHOD/path`. */
const tenantMethods = ['GET/products', 'GET/products/*', 'POST/products', 'GET/usage'];

/** `arn:aws:execute-api:region:account:api/stage/GET/products` → `arn:aws:execute-api:region:account:api/stage`. */
function stageOf(methodArn: string): string {
  return methodArn.split('/').slice(0, 2).join('/');
}
