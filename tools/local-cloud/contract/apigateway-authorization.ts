import {
  CreateApiKeyCommand,
  CreateAuthorizerCommand,
  type CreateAuthorizerCommandInput,
  CreateDeploymentCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  DeleteAuthorizerCommand,
  FlushStageAuthorizersCacheCommand,
  GetAuthorizerCommand,
  GetAuthorizersCommand,
  PutIntegrationResponseCommand,
  UpdateAuthorizerCommand,
  UpdateMethodCommand,
  UpdateRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import { expect } from 'vitest';
import { gatewayFunction } from './apigateway-requests.ts';
import { afterwardsDeletePlan, deployedApi, guide, reference, replace, restApi } from './apigateway-support.ts';
import { type Claim, refusal, type Target } from './contract.ts';

function uri({ account, region }: Target): string {
  return `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/arn:aws:lambda:${region}:${account}:function:guard/invocations`;
}

const token = (target: Target) => ({
  name: 'guard',
  type: 'TOKEN' as const,
  authorizerUri: uri(target),
  identitySource: 'method.request.header.Authorization',
});

export const authorizationClaims: readonly Claim[] = [
  {
    operation: 'CreateAuthorizer',
    beside: ['GetAuthorizer', 'GetAuthorizers'],
    claim: 'keeps answers for 300 seconds where nothing else is said',
    limit: '0 to 3600 seconds',
    source: reference('CreateAuthorizer'),
    async run(target) {
      const { gateway, restApiId } = await restApi(target);
      const { id: authorizerId } = await gateway.send(new CreateAuthorizerCommand({ restApiId, ...token(target) }));
      expect(await gateway.send(new GetAuthorizerCommand({ restApiId, authorizerId }))).toMatchObject({
        name: 'guard',
        authType: 'custom',
        authorizerResultTtlInSeconds: 300,
      });
      expect((await gateway.send(new GetAuthorizersCommand({ restApiId }))).items).toHaveLength(1);
      const long = { ...token(target), name: 'long', authorizerResultTtlInSeconds: 3601 };
      const call = gateway.send(new CreateAuthorizerCommand({ restApiId, ...long }));
      expect((await refusal(call)).name).toBe('BadRequestException');
    },
  },
  {
    operation: 'UpdateAuthorizer',
    claim: 'changes how long answers are kept',
    source: reference('UpdateAuthorizer'),
    async run(target) {
      const { gateway, restApiId } = await restApi(target);
      const { id: authorizerId } = await gateway.send(new CreateAuthorizerCommand({ restApiId, ...token(target) }));
      const patchOperations = [{ op: 'replace' as const, path: '/authorizerResultTtlInSeconds', value: '0' }];
      const changed = await gateway.send(new UpdateAuthorizerCommand({ restApiId, authorizerId, patchOperations }));
      expect(changed.authorizerResultTtlInSeconds).toBe(0);
    },
  },
  {
    operation: 'DeleteAuthorizer',
    beside: ['UpdateMethod', 'FlushStageAuthorizersCache'],
    claim: 'refuses an authorizer that a method uses; requests without its identity source are unauthorized',
    source: guide('Use API Gateway Lambda authorizers'),
    async run(target) {
      const { gateway, restApiId, method, get } = await deployedApi(target);
      const { id: authorizerId = '' } = await gateway.send(
        new CreateAuthorizerCommand({ restApiId, ...token(target) }),
      );
      const patchOperations = [
        { op: 'replace' as const, path: '/authorizationType', value: 'CUSTOM' },
        { op: 'replace' as const, path: '/authorizerId', value: authorizerId },
      ];
      await gateway.send(new UpdateMethodCommand({ ...method, patchOperations }));
      await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'test' }));
      await target.until(async () => {
        expect(await get()).toEqual({ status: 401, error: 'UnauthorizedException', body: { message: 'Unauthorized' } });
      });
      await gateway.send(new FlushStageAuthorizersCacheCommand({ restApiId, stageName: 'test' }));
      const call = gateway.send(new DeleteAuthorizerCommand({ restApiId, authorizerId }));
      expect((await refusal(call)).name).toBe('ConflictException');
    },
  },
  {
    operation: 'CreateAuthorizer',
    beside: ['UpdateMethod'],
    claim: 'asks a function once for a token, as long as its answer is kept, and lets pass what that allows',
    source: guide('Use API Gateway Lambda authorizers'),
    async run(target) {
      const { get } = await guarded(target, {
        type: 'TOKEN',
        identitySource: 'method.request.header.Authorization',
      });
      const asked = (token: string) => get('/', { authorization: token });
      const first = await target.until(async () => {
        const answer = await asked('allow ann');
        expect(answer.status).toBe(200);
        return answer;
      });
      expect((await asked('allow ann')).body).toEqual(first.body);
      expect((await asked('allow bob')).body).not.toEqual(first.body);
      expect((await asked('deny ann')).status).toBe(403);
      expect((await asked('throw')).status).toBe(401);
    },
  },
  {
    operation: 'CreateAuthorizer',
    beside: ['UpdateMethod'],
    claim:
      'keeps answers by all identity sources of a REQUEST authorizer, and refuses a request that lacks one unasked',
    source: guide('Use API Gateway Lambda authorizers'),
    async run(target) {
      const { get } = await guarded(target, {
        type: 'REQUEST',
        identitySource: 'method.request.header.Authorization, method.request.querystring.shop',
      });
      const asked = (query: string) => get(`/${query}`, { authorization: 'allow ann' });
      const nine = await target.until(async () => {
        const answer = await asked('?shop=nine');
        expect(answer.status).toBe(200);
        return answer;
      });
      expect((await asked('?shop=nine')).body).toEqual(nine.body);
      expect((await asked('?shop=ten')).body).not.toEqual(nine.body);
      expect(await asked('')).toMatchObject({ status: 401, body: { message: 'Unauthorized' } });
    },
  },
  {
    operation: 'CreateAuthorizer',
    beside: ['UpdateRestApi', 'CreateUsagePlan', 'CreateUsagePlanKey', 'CreateApiKey'],
    claim: 'names the key that a request is counted by, where the API’s keys come from its authorizer',
    source: guide('Choose an API key source in API Gateway'),
    async run(target) {
      const { get, gateway, restApiId, method } = await guarded(target, {
        type: 'TOKEN',
        identitySource: 'method.request.header.Authorization',
      });
      const name = target.name();
      const plan = { name, apiStages: [{ apiId: restApiId, stage: 'test' }] };
      const { id: usagePlanId = '' } = await gateway.send(
        new CreateUsagePlanCommand({ ...plan, quota: { limit: 2, period: 'MONTH' } }),
      );
      afterwardsDeletePlan(target, gateway, usagePlanId);
      const { id: keyId = '', value = '' } = await gateway.send(new CreateApiKeyCommand({ name, enabled: true }));
      target.afterwards(() => gateway.send(new DeleteApiKeyCommand({ apiKey: keyId })));
      await gateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
      const patchOperations = replace('/apiKeySource', 'AUTHORIZER');
      await gateway.send(new UpdateRestApiCommand({ restApiId, patchOperations }));
      await gateway.send(new UpdateMethodCommand({ ...method, patchOperations: replace('/apiKeyRequired', 'true') }));
      await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'test' }));
      // The header's key is nobody's business here.
      await target.until(async () => {
        expect((await get('/', { authorization: 'allow nobody', 'x-api-key': value })).status).toBe(403);
      });
      await target.until(async () => {
        expect(await get('/', { authorization: `allow ${value}` })).toMatchObject({
          status: 429,
          body: { message: 'Limit Exceeded' },
        });
      });
    },
  },
];

/**
 * `allow <name>` may call, counted by that name as a key; `deny <name>` may not; anything else is not known. The answer is kept for as
 * long as an authorizer's is when nothing else is said, and says when the function was asked.
 */
const handler = `async ({ authorizationToken, headers, methodArn }) => {
  const [verdict, name] = (authorizationToken ?? headers.Authorization ?? headers.authorization).split(' ');
  if (verdict === 'throw') throw 'Unauthorized';
  const Statement = [{ Effect: verdict === 'allow' ? 'Allow' : 'Deny', Action: 'execute-api:Invoke', Resource: methodArn }];
  const context = { asked: String(process.hrtime.bigint()) };
  return { principalId: name, policyDocument: { Version: '2012-10-17', Statement }, context, usageIdentifierKey: name };
}`;

/** An API whose root answers GET to whom its authorizer lets pass, with what that says. */
async function guarded(target: Target, settings: Pick<CreateAuthorizerCommandInput, 'type' | 'identitySource'>) {
  const api = await deployedApi(target);
  const { gateway, restApiId, method } = api;
  const authorizerUri = await gatewayFunction(target, handler);
  const { id: authorizerId = '' } = await gateway.send(
    new CreateAuthorizerCommand({ restApiId, name: 'guard', authorizerUri, ...settings }),
  );
  const patchOperations = [...replace('/authorizationType', 'CUSTOM'), ...replace('/authorizerId', authorizerId)];
  await gateway.send(new UpdateMethodCommand({ ...method, patchOperations }));
  const responseTemplates = { 'application/json': '{"asked":"$context.authorizer.asked"}' };
  await gateway.send(new PutIntegrationResponseCommand({ ...method, statusCode: '200', responseTemplates }));
  await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'test' }));
  return api;
}
