import {
  CreateAuthorizerCommand,
  CreateDeploymentCommand,
  DeleteAuthorizerCommand,
  FlushStageAuthorizersCacheCommand,
  GetAuthorizerCommand,
  GetAuthorizersCommand,
  UpdateAuthorizerCommand,
  UpdateMethodCommand,
} from '@aws-sdk/client-api-gateway';
import { expect } from 'vitest';
import { deployedApi, guide, reference, restApi } from './apigateway-support.ts';
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
];
