import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCloud } from '../src/cloud.ts';
import { defaultRegion, rootCredentials } from '../src/testing.ts';

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'apigateway-'));
});
afterAll(() => rm(dataDir, { recursive: true }));

test('an API, its keys and what they have used are there again after a restart', async () => {
  const start = () => startCloud({ port: 0, dataDir, log: () => undefined });
  const before = await start();
  const settings = { region: defaultRegion, credentials: rootCredentials, maxAttempts: 1 };
  const gateway = new APIGatewayClient({ ...settings, endpoint: before.endpoint });
  const { id: restApiId, rootResourceId: resourceId } = await gateway.send(new CreateRestApiCommand({ name: 'kept' }));
  const method = { restApiId, resourceId, httpMethod: 'GET' };
  await gateway.send(new PutMethodCommand({ ...method, authorizationType: 'NONE', apiKeyRequired: true }));
  await gateway.send(new PutMethodResponseCommand({ ...method, statusCode: '200' }));
  const requestTemplates = { 'application/json': '{"statusCode":200}' };
  await gateway.send(new PutIntegrationCommand({ ...method, type: 'MOCK', requestTemplates }));
  await gateway.send(new PutIntegrationResponseCommand({ ...method, statusCode: '200' }));
  await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'test' }));
  const { id: keyId, value = '' } = await gateway.send(new CreateApiKeyCommand({ name: 'tenant', enabled: true }));
  const quota = { limit: 2, period: 'MONTH' } as const;
  const apiStages = [{ apiId: restApiId, stage: 'test' }];
  const { id: usagePlanId } = await gateway.send(new CreateUsagePlanCommand({ name: 'plan', quota, apiStages }));
  await gateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
  const status = async (endpoint: string) =>
    (await fetch(`${endpoint}/execute-api/${restApiId}/test/`, { headers: { 'x-api-key': value } })).status;
  expect(await status(before.endpoint)).toBe(200);
  await before.close();

  const after = await start();
  expect([await status(after.endpoint), await status(after.endpoint)]).toEqual([200, 429]);
  await after.close();
});
