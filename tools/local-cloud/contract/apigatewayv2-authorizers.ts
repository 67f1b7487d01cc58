import {
  CreateAuthorizerCommand,
  type CreateAuthorizerCommandInput,
  CreateIntegrationCommand,
  CreateStageCommand,
  DeleteAuthorizerCommand,
  GetAuthorizerCommand,
  GetAuthorizersCommand,
  UpdateAuthorizerCommand,
  UpdateRouteCommand,
} from '@aws-sdk/client-apigatewayv2';
import { expect } from 'vitest';
import { gatewayFunction } from './apigateway-requests.ts';
import { get, guide, httpApi } from './apigatewayv2-support.ts';
import { userPool } from './cognito-support.ts';
import { type Claim, refusal, type Target } from './contract.ts';

/** An API whose one route leads to a function, for whom an authorizer lets pass. */
async function authorized(target: Target, handler: string, settings: Partial<CreateAuthorizerCommandInput>) {
  const api = await httpApi(target);
  const { client, ApiId, RouteId } = api;
  const authorizer = { ApiId, Name: 'guard', IdentitySource: ['$request.header.Authorization'] };
  const { AuthorizerId } = await client.send(
    new CreateAuthorizerCommand({ ...authorizer, AuthorizerType: undefined, ...settings }),
  );
  const [, IntegrationUri] = /functions\/(.+)\/invocations$/.exec(await gatewayFunction(target, handler)) ?? [];
  const integration = { ApiId, IntegrationType: 'AWS_PROXY', IntegrationUri, PayloadFormatVersion: '2.0' } as const;
  const { IntegrationId } = await client.send(new CreateIntegrationCommand(integration));
  const AuthorizationType = settings.AuthorizerType === 'JWT' ? 'JWT' : 'CUSTOM';
  const route = { ApiId, RouteId, AuthorizationType, AuthorizerId, Target: `integrations/${IntegrationId}` } as const;
  await client.send(new UpdateRouteCommand(route));
  await client.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));
  return {
    scopes: (AuthorizationScopes: string[]) => client.send(new UpdateRouteCommand({ ...route, AuthorizationScopes })),
    async ask(authorization?: string) {
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      const response = await get(target, api, '/orders', { headers });
      return { status: response.status, text: await response.text() };
    },
  };
}

/** Who may call HTTP APIs. */
export const authorizerClaims: readonly Claim[] = [
  {
    operation: 'CreateAuthorizer',
    beside: ['GetAuthorizer', 'GetAuthorizers', 'UpdateAuthorizer', 'DeleteAuthorizer'],
    claim: 'makes a JWT authorizer: requests without a token are unauthorized',
    source: guide('Control access to HTTP APIs with JWT authorizers in API Gateway'),
    async run(target) {
      const api = await httpApi(target);
      const { client, ApiId, RouteId } = api;
      const pool = `https://cognito-idp.${target.region}.amazonaws.com/${target.region}_abcdefghi`;
      const authorizer = {
        ApiId,
        Name: 'users',
        AuthorizerType: 'JWT' as const,
        IdentitySource: ['$request.header.Authorization'],
        JwtConfiguration: { Issuer: pool, Audience: ['shop'] },
      };
      const { AuthorizerId } = await client.send(new CreateAuthorizerCommand(authorizer));
      const named = { ApiId, AuthorizerId };
      await client.send(new UpdateAuthorizerCommand({ ...named, Name: 'members' }));
      expect((await client.send(new GetAuthorizerCommand(named))).Name).toBe('members');
      expect((await client.send(new GetAuthorizersCommand({ ApiId }))).Items).toHaveLength(1);
      await client.send(new UpdateRouteCommand({ ApiId, RouteId, AuthorizationType: 'JWT', AuthorizerId }));
      await client.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));
      await target.until(async () => {
        const response = await get(target, api, '/orders');
        expect([response.status, await response.json()]).toEqual([401, { message: 'Unauthorized' }]);
      });
      const call = client.send(new DeleteAuthorizerCommand(named));
      expect((await refusal(call)).name).toBe('ConflictException');
    },
  },
  {
    operation: 'CreateAuthorizer',
    beside: ['CreateIntegration', 'UpdateRoute', 'CreateStage'],
    claim:
      'lets tokens of a user pool pass that are for its audience and have the route’s scope, and tells the function whose they are',
    source: guide('Control access to HTTP APIs with JWT authorizers in API Gateway'),
    async run(target) {
      const { UserPoolId, signedIn } = await userPool(target);
      const { ClientId, AccessToken = '' } = await signedIn();
      const Issuer = `https://cognito-idp.${target.region}.amazonaws.com/${UserPoolId}`;
      const { ask, scopes } = await authorized(
        target,
        "async ({ requestContext: { authorizer } }) => authorizer.jwt.claims['username']",
        { AuthorizerType: 'JWT', JwtConfiguration: { Issuer, Audience: [ClientId] } },
      );
      const bearer = `Bearer ${AccessToken}`;
      await target.until(async () => expect(await ask(bearer)).toEqual({ status: 200, text: 'ann' }));
      expect((await ask(`${bearer.slice(0, -10)}AAAAAAAAAA`)).status).toBe(401);
      await scopes(['shop/read']);
      await target.until(async () => expect((await ask(bearer)).status).toBe(403));
    },
  },
  {
    operation: 'CreateAuthorizer',
    beside: ['CreateIntegration', 'UpdateRoute', 'CreateStage'],
    claim: 'asks a function that answers yes or no, and tells the route’s function what that said',
    source: guide('Control access to HTTP APIs with AWS Lambda authorizers'),
    async run(target) {
      const AuthorizerUri = await gatewayFunction(
        target,
        "async ({ identitySource: [name] }) => ({ isAuthorized: name === 'ann', context: { name } })",
      );
      const { ask } = await authorized(target, 'async ({ requestContext: { authorizer } }) => authorizer.lambda.name', {
        AuthorizerType: 'REQUEST',
        AuthorizerUri,
        AuthorizerPayloadFormatVersion: '2.0',
        EnableSimpleResponses: true,
      });
      await target.until(async () => expect(await ask('ann')).toEqual({ status: 200, text: 'ann' }));
      expect((await ask('bob')).status).toBe(403);
      expect((await ask()).status).toBe(401);
    },
  },
  {
    operation: 'CreateAuthorizer',
    claim: 'refuses simple answers in payload format 1.0',
    source: guide('Control access to HTTP APIs with AWS Lambda authorizers'),
    async run(target) {
      const { client, ApiId, IntegrationUri } = await httpApi(target);
      const call = client.send(
        new CreateAuthorizerCommand({
          ApiId,
          Name: 'guard',
          AuthorizerType: 'REQUEST',
          AuthorizerUri: `arn:aws:apigateway:${target.region}:lambda:path/2015-03-31/functions/${IntegrationUri}/invocations`,
          AuthorizerPayloadFormatVersion: '1.0',
          EnableSimpleResponses: true,
          IdentitySource: ['$request.header.Authorization'],
        }),
      );
      expect((await refusal(call)).name).toBe('BadRequestException');
    },
  },
];
