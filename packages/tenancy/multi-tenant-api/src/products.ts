import { randomUUID } from 'node:crypto';
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { STSClient } from '@aws-sdk/client-sts';
import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { logger, withLogger } from '@stackyard/handler-kit/logger';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { PlanName } from './plans.ts';
import { json, problem, readBody } from './problem.ts';
import { tenantSessions } from './tenant-session.ts';
import { keyPrefix } from './tenants/gateway-keys.ts';
import { usageOf } from './usage.ts';
import { usagePlanIds } from './usage-plans.ts';

const { PRODUCTS_TABLE: TableName = '', TENANT_ROLE_ARN = '', STACK_NAME = '' } = process.env;
const dataOf = tenantSessions(new STSClient({}), TENANT_ROLE_ARN);
const gateway = new APIGatewayClient({});
const planIds = usagePlanIds(gateway, STACK_NAME);

/** What the authorizer said of the caller; API Gateway passes it on, and clients can't. */
interface TenantContext {
  readonly tenantId: string;
  readonly plan: PlanName;
  readonly userId: string;
}

/** The products of the caller's tenant. */
export const handler = withLogger<APIGatewayProxyEvent, APIGatewayProxyResult>(async (event) => {
  const context = event.requestContext.authorizer as unknown as TenantContext;
  const route = `${event.httpMethod} ${event.resource}`;
  const answer = (await routes[route]?.(event, context)) ?? problem(404, 'Not Found');
  count(context, route, answer.statusCode);
  return answer;
});

type Handle = (event: APIGatewayProxyEvent, context: TenantContext) => Promise<APIGatewayProxyResult>;

const routes: Readonly<Record<string, Handle>> = {
  'GET /products': async (_, { tenantId }) => {
    const query = {
      KeyConditionExpression: 'tenantId = :tenantId',
      ExpressionAttributeValues: { ':tenantId': tenantId },
    };
    const data = await dataOf(tenantId);
    const { Items = [] } = await data.send(new QueryCommand({ TableName, ...query, Limit: 100 }));
    return json(200, { products: Items.map(shown) });
  },
  'POST /products': async (event, { tenantId }) => {
    const { name } = (readBody(event) ?? {}) as { name?: unknown };
    if (typeof name !== 'string' || name.length < 1 || name.length > 200) {
      return problem(400, 'Bad Request', { detail: 'name is missing or longer than 200 characters' });
    }
    const product = { productId: randomUUID(), name };
    const data = await dataOf(tenantId);
    await data.send(new PutCommand({ TableName, Item: { tenantId, ...product } }));
    return json(201, product);
  },
  'GET /products/{productId}': async (event, { tenantId }) => {
    const Key = { tenantId, productId: event.pathParameters?.['productId'] ?? '' };
    const data = await dataOf(tenantId);
    const { Item } = await data.send(new GetCommand({ TableName, Key }));
    return Item ? json(200, shown(Item)) : problem(404, 'Not Found');
  },
  'GET /usage': async ({ requestContext }, { tenantId, plan }) =>
    json(200, {
      plan,
      ...(await usageOf(
        gateway,
        { keyName: `${keyPrefix(STACK_NAME)}${tenantId}`, usagePlanId: (await planIds())[plan] },
        requestContext.requestTimeEpoch,
      )),
    }),
};

function shown({ tenantId: _, ...product }: Record<string, unknown>) {
  return product;
}

/** CloudWatch takes the metric out of this line ("Embedded metric format", CloudWatch User Guide). */
function count({ tenantId, plan }: TenantContext, route: string, status: number): void {
  const metric = { Namespace: 'Stackyard/Tenancy', Metrics: [{ Name: 'Requests', Unit: 'Count' }] };
  const CloudWatchMetrics = [{ ...metric, Dimensions: [['plan'], ['plan', 'tenantId']] }];
  logger.info('answered', {
    _aws: { Timestamp: Date.now(), CloudWatchMetrics },
    Requests: 1,
    plan,
    tenantId,
    route,
    status,
  });
}
