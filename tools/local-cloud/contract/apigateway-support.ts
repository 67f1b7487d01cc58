import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  DeleteRestApiCommand,
  DeleteUsagePlanCommand,
  GetUsagePlanCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  type PutMethodCommandInput,
  PutMethodResponseCommand,
  UpdateUsagePlanCommand,
} from '@aws-sdk/client-api-gateway';
import type { Target } from './contract.ts';

export const reference = (operation: string) => `Amazon API Gateway API Reference, ${operation}`;
export const guide = (page: string) => `Amazon API Gateway Developer Guide, ${page}`;

/** A patch of one path. */
export const replace = (path: string, value: string) => [{ op: 'replace' as const, path, value }];

/** An API of its own. */
export async function restApi(target: Target) {
  const gateway = target.client(APIGatewayClient);
  const { id: restApiId = '', rootResourceId: resourceId = '' } = await gateway.send(
    new CreateRestApiCommand({ name: target.name(), endpointConfiguration: { types: ['REGIONAL'] } }),
  );
  target.afterwards(() => gateway.send(new DeleteRestApiCommand({ restApiId })));
  return { gateway, restApiId, resourceId };
}

/** GET on a resource of an API, answered by a mock with `{"ok":true}`. */
export async function mockMethod(
  gateway: APIGatewayClient,
  name: { readonly restApiId: string; readonly resourceId: string },
  settings: Partial<PutMethodCommandInput> = {},
) {
  const method = { ...name, httpMethod: 'GET' };
  await gateway.send(new PutMethodCommand({ ...method, authorizationType: 'NONE', ...settings }));
  await gateway.send(new PutMethodResponseCommand({ ...method, statusCode: '200' }));
  const requestTemplates = { 'application/json': '{"statusCode": 200}' };
  await gateway.send(new PutIntegrationCommand({ ...method, type: 'MOCK', requestTemplates }));
  const responseTemplates = { 'application/json': '{"ok":true}' };
  await gateway.send(new PutIntegrationResponseCommand({ ...method, statusCode: '200', responseTemplates }));
  return method;
}

/** An API whose root answers GET, deployed to the stage `test`; and what a request to it is answered. */
export async function deployedApi(target: Target, settings: Partial<PutMethodCommandInput> = {}) {
  const api = await restApi(target);
  const method = await mockMethod(api.gateway, api, settings);
  const { id: deploymentId = '' } = await api.gateway.send(
    new CreateDeploymentCommand({ restApiId: api.restApiId, stageName: 'test' }),
  );
  const url = `${await hostOf(target, api)}/test`;
  return {
    ...api,
    method,
    deploymentId,
    async get(path = '/', headers: Record<string, string> = {}) {
      const response = await fetch(url + path, { headers });
      return { status: response.status, error: response.headers.get('x-amzn-errortype'), body: await response.json() };
    },
  };
}

/** Where an API is called, without its stage. */
export async function hostOf(target: Target, { gateway, restApiId }: { gateway: APIGatewayClient; restApiId: string }) {
  if (target.kind === 'aws') return `https://${restApiId}.execute-api.${target.region}.amazonaws.com`;
  const endpoint = await gateway.config.endpoint?.();
  return `http://${endpoint?.hostname}:${endpoint?.port}/execute-api/${restApiId}`;
}

/** Takes a plan away, its stages first. */
export function afterwardsDeletePlan(target: Target, gateway: APIGatewayClient, usagePlanId: string): void {
  target.afterwards(async () => {
    const { apiStages = [] } = await gateway.send(new GetUsagePlanCommand({ usagePlanId }));
    const patchOperations = apiStages.map(
      ({ apiId, stage }) => ({ op: 'remove', path: '/apiStages', value: `${apiId}:${stage}` }) as const,
    );
    await gateway.send(new UpdateUsagePlanCommand({ usagePlanId, patchOperations }));
    await gateway.send(new DeleteUsagePlanCommand({ usagePlanId }));
  });
}
