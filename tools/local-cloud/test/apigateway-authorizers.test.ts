import {
  CreateApiKeyCommand,
  CreateAuthorizerCommand,
  type CreateAuthorizerCommandInput,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  FlushStageAuthorizersCacheCommand,
  UpdateRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import { RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { AwsClient } from 'aws4fetch';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiCloud, integrationUri, startApiCloud } from './apigateway-support.ts';

let cloud: ApiCloud;
beforeAll(async () => {
  cloud = await startApiCloud();
  await cloud.handler('shop');
  await cloud.handler('guard', 'authorize');
});
afterAll(() => cloud.close());

/** An API whose methods ask `guard`, or whatever function is named. */
async function guarded(settings: Partial<CreateAuthorizerCommandInput> = {}, fn = 'guard', api = {}) {
  return cloud.api(
    { 'GET /orders': { function: 'shop' }, 'GET /report/{id}': { function: 'shop' } },
    {
      settings: api,
      async prepare(restApiId) {
        const { id: authorizerId } = await cloud.gateway.send(
          new CreateAuthorizerCommand({
            restApiId,
            name: 'guard',
            type: 'TOKEN',
            authorizerUri: integrationUri(fn),
            identitySource: 'method.request.header.Authorization',
            ...settings,
          }),
        );
        const method = { authorizationType: 'CUSTOM', authorizerId };
        return { 'GET /orders': method, 'GET /report/{id}': method };
      },
    },
  );
}

const bearing = (token: string, more: Record<string, string> = {}) => ({
  headers: { authorization: `Bearer ${token}`, ...more },
});
const unauthorized = { status: 401, error: 'UnauthorizedException', body: { message: 'Unauthorized' } };
const brokenAuthorizer = { status: 500, error: 'AuthorizerConfigurationException', body: { message: null } };

describe('TOKEN', () => {
  test('who it allows passes, and the function learns what it said, as texts', async () => {
    const api = await guarded();
    const { status, body } = await api.call('/orders', bearing('allow'));
    expect(status).toBe(200);
    expect(body.requestContext.authorizer).toMatchObject({ principalId: 'user-1', tenant: 'acme', premium: 'true' });
    expect(body.requestContext.authorizer.asked).toMatch(/^\d+$/);
  });

  test('without a token, or with one that does not look like one, nobody is asked', async () => {
    const api = await guarded({ identityValidationExpression: '^Bearer .+' });
    expect(await api.call('/orders')).toMatchObject(unauthorized);
    expect(await api.call('/orders', { headers: { authorization: 'Basic x' } })).toMatchObject(unauthorized);
  });

  test('the one error that means the caller is Unauthorized; all others are the authorizer’s', async () => {
    const api = await guarded();
    expect(await api.call('/orders', bearing('throw Unauthorized'))).toMatchObject(unauthorized);
    expect(await api.call('/orders', bearing('throw Oops'))).toMatchObject(brokenAuthorizer);
    expect(await api.call('/orders', bearing('broken'))).toMatchObject(brokenAuthorizer);
  });

  test('a policy that denies, and one that says nothing of the method', async () => {
    const api = await guarded();
    expect(await api.call('/orders', bearing('deny'))).toMatchObject({
      status: 403,
      error: 'AccessDeniedException',
      body: {
        Message: 'User is not authorized to access this resource with an explicit deny in an identity-based policy',
      },
    });
    expect(await api.call('/orders', bearing('allow key-of-twenty-characters report/*'))).toMatchObject({
      status: 403,
      body: { Message: 'User is not authorized to access this resource' },
    });
  });

  test('an answer is asked for once in its time, and its policy looked at for every method', async () => {
    const api = await guarded({ authorizerResultTtlInSeconds: 60 });
    const token = bearing('allow key-of-twenty-characters orders');
    const asked = async () => (await api.call('/orders', token)).body.requestContext.authorizer.asked;
    const first = await asked();
    expect(await asked()).toBe(first);
    expect((await api.call('/report/1', token)).status).toBe(403);
    await cloud.cloud.clock.advance(60_000);
    const second = await asked();
    expect(second).not.toBe(first);
    const { restApiId } = api;
    await cloud.gateway.send(new FlushStageAuthorizersCacheCommand({ restApiId, stageName: 'test' }));
    expect(await asked()).not.toBe(second);
  });

  test('one token’s answer is never another’s', async () => {
    const api = await guarded({ authorizerResultTtlInSeconds: 3600 });
    const statuses = [];
    for (const token of ['allow', 'deny', 'allow', 'deny']) {
      statuses.push((await api.call('/orders', bearing(token))).status);
    }
    expect(statuses).toEqual([200, 403, 200, 403]);
  });

  test('a TTL of 0 asks every time', async () => {
    const api = await guarded({ authorizerResultTtlInSeconds: 0 });
    const asked = async () => (await api.call('/orders', bearing('allow'))).body.requestContext.authorizer.asked;
    expect(await asked()).not.toBe(await asked());
  });

  test('an authorizer the gateway may not call', async () => {
    await cloud.handler('closed', 'authorize');
    await cloud.lambda.send(new RemovePermissionCommand({ FunctionName: 'closed', StatementId: 'gateway' }));
    const api = await guarded({}, 'closed');
    expect(await api.call('/orders', bearing('allow'))).toMatchObject(brokenAuthorizer);
  });
});

describe('REQUEST', () => {
  const sources = 'method.request.header.Authorization, method.request.querystring.tenant';

  test('it is shown the request, and everything it is known by must be there', async () => {
    const api = await guarded({ type: 'REQUEST', identitySource: sources });
    expect(await api.call('/orders', bearing('allow'))).toMatchObject(unauthorized);
    expect((await api.call('/orders?tenant=acme', bearing('allow'))).status).toBe(200);
  });

  test('its answers are kept by all of what it is known by', async () => {
    const api = await guarded({ type: 'REQUEST', identitySource: sources });
    const asked = async (tenant: string) =>
      (await api.call(`/orders?tenant=${tenant}`, bearing('allow'))).body.requestContext.authorizer.asked;
    const acme = await asked('acme');
    expect(await asked('other')).not.toBe(acme);
    expect(await asked('acme')).toBe(acme);
  });
});

describe('API keys of the authorizer', () => {
  test('the plan is that of the key it names; what the client sends as a key counts for nothing', async () => {
    const api = await cloud.api(
      { 'GET /orders': { function: 'shop', method: { apiKeyRequired: true } } },
      {
        settings: { apiKeySource: 'AUTHORIZER' },
        async prepare(restApiId) {
          const { id: authorizerId } = await cloud.gateway.send(
            new CreateAuthorizerCommand({
              restApiId,
              name: 'guard',
              type: 'TOKEN',
              authorizerUri: integrationUri('guard'),
              identitySource: 'method.request.header.Authorization',
            }),
          );
          return { 'GET /orders': { authorizationType: 'CUSTOM', authorizerId } };
        },
      },
    );
    const tenants = ['tenant-acme-with-20-characters', 'tenant-tiny-with-20-characters'];
    for (const [index, value] of tenants.entries()) {
      const { id: keyId } = await cloud.gateway.send(new CreateApiKeyCommand({ name: value, value, enabled: true }));
      const { id: usagePlanId } = await cloud.gateway.send(
        new CreateUsagePlanCommand({
          name: value,
          quota: { limit: index + 1, period: 'DAY' },
          apiStages: [{ apiId: api.restApiId, stage: 'test' }],
        }),
      );
      await cloud.gateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
    }
    const [acme = '', tiny = ''] = tenants;
    const status = async (init: RequestInit) => (await api.call('/orders', init)).status;
    expect(await status(bearing(`allow ${acme}`))).toBe(200);
    expect(await status(bearing(`allow ${acme}`, { 'x-api-key': tiny }))).toBe(429);
    expect(await status(bearing(`allow ${tiny}`))).toBe(200);
    expect(await status(bearing('allow'))).toBe(403);
    expect(await status(bearing('allow', { 'x-api-key': tiny }))).toBe(403);
    expect(await status(bearing(`deny ${tiny}`))).toBe(403);
    expect(await status(bearing(`allow ${tiny}`))).toBe(200);
  });
});

describe('IAM', () => {
  const signer = (keys: { accessKeyId: string; secretAccessKey: string }, service = 'execute-api') =>
    new AwsClient({ ...keys, service, region: 'us-east-1', retries: 0 });
  const iam = { function: 'shop', method: { authorizationType: 'AWS_IAM' } };

  test('a request is signed by who may invoke the method', async () => {
    const api = await cloud.api({ 'GET /orders': iam, 'GET /report': iam });
    const Resource = `arn:aws:execute-api:us-east-1:000000000000:${api.restApiId}/test/GET/orders`;
    const user = await cloud.userWith('reader', { Effect: 'Allow', Action: 'execute-api:Invoke', Resource });
    const answer = await signer(user).fetch(`${api.url}/orders`);
    expect(answer.status).toBe(200);
    const { requestContext } = (await answer.json()) as { requestContext: { identity: object } };
    expect(requestContext.identity).toMatchObject({
      userArn: 'arn:aws:iam::000000000000:user/reader',
      accessKey: user.accessKeyId,
      accountId: '000000000000',
    });
    const denied = await signer(user).fetch(`${api.url}/report`);
    expect([denied.status, denied.headers.get('x-amzn-errortype')]).toEqual([403, 'AccessDeniedException']);
    expect(await denied.json()).toMatchObject({
      Message: expect.stringContaining('is not authorized to perform: execute-api:Invoke'),
    });
  });

  test('unsigned, signed for another service, or with a wrong key it is refused', async () => {
    const api = await cloud.api({ 'GET /orders': iam });
    const user = await cloud.userWith('writer', { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' });
    const error = async (response: Response) => [response.status, response.headers.get('x-amzn-errortype')];
    expect(await error(await fetch(`${api.url}/orders`))).toEqual([403, 'MissingAuthenticationTokenException']);
    expect(await error(await signer(user, 'lambda').fetch(`${api.url}/orders`))).toEqual([
      403,
      'InvalidSignatureException',
    ]);
    const forged = signer({ ...user, secretAccessKey: 'guessed' });
    expect(await error(await forged.fetch(`${api.url}/orders`))).toEqual([403, 'InvalidSignatureException']);
  });
});

test('a resource policy keeps out whom it does not name, from the next deployment on', async () => {
  const api = await cloud.api({ 'GET /orders': { mock: {} }, 'GET /report': { mock: {} } });
  const statement = (Effect: string, Resource: string, more = {}) => ({
    Effect,
    Principal: '*',
    Action: 'execute-api:Invoke',
    Resource,
    ...more,
  });
  const policy = {
    Version: '2012-10-17',
    Statement: [
      statement('Allow', 'execute-api:/*'),
      statement('Deny', 'execute-api:/test/GET/report', {
        Condition: { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } },
      }),
    ],
  };
  const patchOperations = [{ op: 'replace' as const, path: '/policy', value: JSON.stringify(policy) }];
  await cloud.gateway.send(new UpdateRestApiCommand({ restApiId: api.restApiId, patchOperations }));
  expect((await api.call('/report')).status).toBe(200);
  await api.deploy();
  expect((await api.call('/orders')).status).toBe(200);
  expect(await api.call('/report')).toMatchObject({
    status: 403,
    body: { Message: expect.stringContaining('with an explicit deny') },
  });
});
