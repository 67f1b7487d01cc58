import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  DeleteApiKeyCommand,
  GetUsagePlanCommand,
  UpdateUsagePlanCommand,
} from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiCloud, startApiCloud } from './apigateway-support.ts';

let cloud: ApiCloud;
beforeAll(async () => {
  cloud = await startApiCloud();
});
afterAll(() => cloud.close());

test('the control plane demands HTTP methods on paths: who may change one plan may do nothing else', async () => {
  const { id: usagePlanId = '' } = await cloud.gateway.send(new CreateUsagePlanCommand({ name: 'one' }));
  const { id: otherId = '' } = await cloud.gateway.send(new CreateUsagePlanCommand({ name: 'other' }));
  const credentials = await cloud.userWith(
    'planner',
    {
      Effect: 'Allow',
      Action: 'apigateway:PATCH',
      Resource: `arn:aws:apigateway:us-east-1::/usageplans/${usagePlanId}`,
    },
    { Effect: 'Allow', Action: 'apigateway:POST', Resource: 'arn:aws:apigateway:us-east-1::/apikeys' },
  );
  const planner = cloud.client(APIGatewayClient, { credentials });
  const patchOperations = [{ op: 'replace' as const, path: '/name', value: 'new' }];
  const update = (id: string) => planner.send(new UpdateUsagePlanCommand({ usagePlanId: id, patchOperations }));
  expect((await update(usagePlanId)).name).toBe('new');
  const { id: apiKey } = await planner.send(new CreateApiKeyCommand({ name: 'tenant' }));
  await expect(update(otherId)).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(
      `is not authorized to perform: apigateway:PATCH on resource: arn:aws:apigateway:us-east-1::/usageplans/${otherId}`,
    ),
  });
  await expect(planner.send(new GetUsagePlanCommand({ usagePlanId }))).rejects.toThrow('apigateway:GET');
  await expect(planner.send(new DeleteApiKeyCommand({ apiKey }))).rejects.toThrow('apigateway:DELETE');
});

test('HTTP APIs have paths of their own', async () => {
  const Resource = 'arn:aws:apigateway:us-east-1::/apis';
  const credentials = await cloud.userWith('reader', { Effect: 'Allow', Action: 'apigateway:GET', Resource });
  const reader = cloud.client(ApiGatewayV2Client, { credentials });
  expect((await reader.send(new GetApisCommand({}))).Items).toEqual([]);
});
