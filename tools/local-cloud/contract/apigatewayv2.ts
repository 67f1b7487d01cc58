import {
  ApiGatewayV2Client,
  CreateApiCommand,
  type CreateApiCommandInput,
  CreateAuthorizerCommand,
  type CreateAuthorizerCommandInput,
  CreateDeploymentCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
  DeleteAccessLogSettingsCommand,
  DeleteApiCommand,
  DeleteAuthorizerCommand,
  DeleteCorsConfigurationCommand,
  DeleteDeploymentCommand,
  DeleteIntegrationCommand,
  DeleteRouteCommand,
  DeleteRouteSettingsCommand,
  DeleteStageCommand,
  GetApiCommand,
  GetApisCommand,
  GetAuthorizerCommand,
  GetAuthorizersCommand,
  GetDeploymentCommand,
  GetDeploymentsCommand,
  GetIntegrationCommand,
  GetIntegrationsCommand,
  GetRouteCommand,
  GetRoutesCommand,
  GetStageCommand,
  GetStagesCommand,
  GetTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateApiCommand,
  UpdateAuthorizerCommand,
  UpdateIntegrationCommand,
  UpdateRouteCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { expect } from 'vitest';
import { apigatewayv2 as service } from '../src/services/apigatewayv2/service.ts';
import { gatewayFunction } from './apigateway-requests.ts';
import { userPool } from './cognito-support.ts';
import { type Contract, refusal, type Target } from './contract.ts';

const reference = (operation: string) => `Amazon API Gateway V2 API Reference, ${operation}`;
const guide = (page: string) => `Amazon API Gateway Developer Guide, ${page}`;

/** An HTTP API of its own with one route to a function. */
async function httpApi(target: Target, settings: Partial<CreateApiCommandInput> = {}) {
  const client = target.client(ApiGatewayV2Client);
  const { ApiId = '', ApiEndpoint } = await client.send(
    new CreateApiCommand({ Name: target.name(), ProtocolType: 'HTTP', ...settings }),
  );
  target.afterwards(() => client.send(new DeleteApiCommand({ ApiId })));
  const IntegrationUri = `arn:aws:lambda:${target.region}:${target.account}:function:shop`;
  const { IntegrationId = '' } = await client.send(
    new CreateIntegrationCommand({ ApiId, IntegrationType: 'AWS_PROXY', IntegrationUri, PayloadFormatVersion: '2.0' }),
  );
  const Target = `integrations/${IntegrationId}`;
  const { RouteId = '' } = await client.send(new CreateRouteCommand({ ApiId, RouteKey: 'GET /orders', Target }));
  return { client, ApiId, ApiEndpoint, IntegrationId, IntegrationUri, RouteId, Target };
}

/** What a request to the API's default stage is answered. */
async function get(
  target: Target,
  { client, ApiId }: { client: ApiGatewayV2Client; ApiId: string },
  path: string,
  init: RequestInit = {},
) {
  const endpoint = await client.config.endpoint?.();
  const host =
    target.kind === 'aws'
      ? `https://${ApiId}.execute-api.${target.region}.amazonaws.com`
      : `http://${endpoint?.hostname}:${endpoint?.port}/execute-api/${ApiId}`;
  return fetch(host + path, init);
}

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

export const apigatewayv2: Contract = {
  service,
  claims: [
    {
      operation: 'CreateApi',
      beside: ['GetApi', 'GetApis', 'UpdateApi', 'DeleteApi'],
      claim: 'gives an API its address, and selects routes by method and path',
      source: reference('CreateApi'),
      async run(target) {
        const { client, ApiId, ApiEndpoint } = await httpApi(target);
        expect(ApiEndpoint).toBe(`https://${ApiId}.execute-api.${target.region}.amazonaws.com`);
        await client.send(new UpdateApiCommand({ ApiId, Description: 'orders' }));
        expect(await client.send(new GetApiCommand({ ApiId }))).toMatchObject({
          Description: 'orders',
          RouteSelectionExpression: '$request.method $request.path',
        });
        const { Items } = await client.send(new GetApisCommand({ MaxResults: '500' }));
        expect(Items?.map((api) => api.ApiId)).toContain(ApiId);
      },
    },
    {
      operation: 'CreateApi',
      claim: 'refuses every origin together with credentials',
      source: guide('Configure CORS for HTTP APIs in API Gateway'),
      async run(target) {
        const CorsConfiguration = { AllowOrigins: ['*'], AllowCredentials: true };
        expect((await refusal(httpApi(target, { CorsConfiguration }))).name).toBe('BadRequestException');
      },
    },
    {
      operation: 'DeleteCorsConfiguration',
      claim: 'ends what the gateway answers browsers itself',
      source: guide('Configure CORS for HTTP APIs in API Gateway'),
      async run(target) {
        const CorsConfiguration = { AllowOrigins: ['https://a.example'], AllowMethods: ['GET'] };
        const api = await httpApi(target, { CorsConfiguration });
        await api.client.send(new CreateStageCommand({ ApiId: api.ApiId, StageName: '$default', AutoDeploy: true }));
        const headers = { origin: 'https://a.example', 'access-control-request-method': 'GET' };
        const preflight = () => get(target, api, '/orders', { method: 'OPTIONS', headers });
        await target.until(async () => expect((await preflight()).status).toBe(204));
        await api.client.send(new DeleteCorsConfigurationCommand({ ApiId: api.ApiId }));
        await target.until(async () => expect((await preflight()).status).toBe(404));
      },
    },
    {
      operation: 'CreateRoute',
      beside: ['GetRoute', 'GetRoutes', 'UpdateRoute', 'DeleteRoute'],
      claim: 'makes a route once, open to all',
      source: reference('CreateRoute'),
      async run(target) {
        const { client, ApiId, RouteId, Target } = await httpApi(target);
        const again = client.send(new CreateRouteCommand({ ApiId, RouteKey: 'GET /orders', Target }));
        expect((await refusal(again)).name).toBe('ConflictException');
        await client.send(new UpdateRouteCommand({ ApiId, RouteId, RouteKey: 'ANY /orders/{id}' }));
        expect(await client.send(new GetRouteCommand({ ApiId, RouteId }))).toMatchObject({
          RouteKey: 'ANY /orders/{id}',
          AuthorizationType: 'NONE',
        });
        await client.send(new DeleteRouteCommand({ ApiId, RouteId }));
        expect((await client.send(new GetRoutesCommand({ ApiId }))).Items).toEqual([]);
      },
    },
    {
      operation: 'CreateRoute',
      claim: 'refuses a key that is neither a method with a path nor $default',
      source: guide('Create routes for HTTP APIs in API Gateway'),
      async run(target) {
        const { client, ApiId } = await httpApi(target);
        const call = client.send(new CreateRouteCommand({ ApiId, RouteKey: 'orders' }));
        expect((await refusal(call)).name).toBe('BadRequestException');
      },
    },
    {
      operation: 'CreateIntegration',
      beside: ['GetIntegration', 'GetIntegrations', 'UpdateIntegration'],
      claim: 'gives a backend 30 seconds where nothing else is said, and not more',
      limit: '50 milliseconds to 30 seconds',
      source: guide('Quotas for configuring and running an HTTP API in API Gateway'),
      async run(target) {
        const { client, ApiId, IntegrationId } = await httpApi(target);
        const named = { ApiId, IntegrationId };
        expect((await client.send(new GetIntegrationCommand(named))).TimeoutInMillis).toBe(30_000);
        const call = client.send(new UpdateIntegrationCommand({ ...named, TimeoutInMillis: 30_001 }));
        expect((await refusal(call)).name).toBe('BadRequestException');
        expect((await client.send(new GetIntegrationsCommand({ ApiId }))).Items).toHaveLength(1);
      },
    },
    {
      operation: 'DeleteIntegration',
      claim: 'refuses one that a route leads to',
      source: reference('DeleteIntegration'),
      async run(target) {
        const { client, ApiId, IntegrationId } = await httpApi(target);
        const call = client.send(new DeleteIntegrationCommand({ ApiId, IntegrationId }));
        expect((await refusal(call)).name).toBe('ConflictException');
      },
    },
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
        const { ask } = await authorized(
          target,
          'async ({ requestContext: { authorizer } }) => authorizer.lambda.name',
          {
            AuthorizerType: 'REQUEST',
            AuthorizerUri,
            AuthorizerPayloadFormatVersion: '2.0',
            EnableSimpleResponses: true,
          },
        );
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
    {
      operation: 'CreateStage',
      beside: ['GetStage', 'GetStages', 'DeleteStage'],
      claim: 'deploys by itself where AutoDeploy is set: other paths are not found',
      source: guide('Stages for HTTP APIs in API Gateway'),
      async run(target) {
        const api = await httpApi(target);
        const { client, ApiId } = api;
        const stage = { ApiId, StageName: '$default' };
        await client.send(new CreateStageCommand({ ...stage, AutoDeploy: true }));
        expect((await client.send(new GetStageCommand(stage))).AutoDeploy).toBe(true);
        expect((await client.send(new GetStagesCommand({ ApiId }))).Items).toHaveLength(1);
        await target.until(async () => {
          const response = await get(target, api, '/nowhere');
          expect([response.status, await response.json()]).toEqual([404, { message: 'Not Found' }]);
        });
        await client.send(new DeleteStageCommand(stage));
        expect((await refusal(client.send(new GetStageCommand(stage)))).name).toBe('NotFoundException');
      },
    },
    {
      operation: 'UpdateStage',
      beside: ['DeleteRouteSettings'],
      claim: 'limits a route that is there',
      source: guide('Throttle requests to your HTTP APIs for better throughput in API Gateway'),
      async run(target) {
        const { client, ApiId } = await httpApi(target);
        const stage = { ApiId, StageName: 'dev' };
        await client.send(new CreateStageCommand(stage));
        const limits = { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 };
        const limit = (route: string) =>
          client.send(new UpdateStageCommand({ ...stage, RouteSettings: { [route]: limits } }));
        expect((await limit('GET /orders')).RouteSettings?.['GET /orders']).toMatchObject(limits);
        expect((await refusal(limit('GET /nowhere'))).name).toBe('NotFoundException');
        await client.send(new DeleteRouteSettingsCommand({ ...stage, RouteKey: 'GET /orders' }));
        expect((await client.send(new GetStageCommand(stage))).RouteSettings).toEqual({});
      },
    },
    {
      operation: 'DeleteAccessLogSettings',
      claim: 'ends what a stage logs; formats without the request’s id were refused',
      source: guide('Configure logging for HTTP APIs in API Gateway'),
      async run(target) {
        const { client, ApiId } = await httpApi(target);
        const stage = { ApiId, StageName: 'dev' };
        await client.send(new CreateStageCommand(stage));
        const DestinationArn = `arn:aws:logs:${target.region}:${target.account}:log-group:/aws/vendedlogs/${target.name()}`;
        const AccessLogSettings = { DestinationArn, Format: '$context.status' };
        const call = client.send(new UpdateStageCommand({ ...stage, AccessLogSettings }));
        expect((await refusal(call)).name).toBe('BadRequestException');
        await client.send(new DeleteAccessLogSettingsCommand(stage));
        expect((await client.send(new GetStageCommand(stage))).AccessLogSettings).toBeUndefined();
      },
    },
    {
      operation: 'CreateDeployment',
      beside: ['GetDeployment', 'GetDeployments', 'DeleteDeployment'],
      claim: 'is what a stage without AutoDeploy points to, and stays as long as it does',
      source: reference('CreateDeployment'),
      async run(target) {
        const { client, ApiId } = await httpApi(target);
        await client.send(new CreateStageCommand({ ApiId, StageName: 'dev' }));
        const { DeploymentId } = await client.send(new CreateDeploymentCommand({ ApiId, StageName: 'dev' }));
        const named = { ApiId, DeploymentId };
        expect((await client.send(new GetDeploymentCommand(named))).AutoDeployed).toBe(false);
        expect((await client.send(new GetDeploymentsCommand({ ApiId }))).Items).toHaveLength(1);
        const call = client.send(new DeleteDeploymentCommand(named));
        expect((await refusal(call)).name).toBe('BadRequestException');
      },
    },
    {
      operation: 'TagResource',
      beside: ['UntagResource', 'GetTags'],
      claim: 'tags an API by its ARN, which names no account',
      source: guide('Amazon API Gateway resources that can be tagged'),
      async run(target) {
        const { client, ApiId } = await httpApi(target);
        const ResourceArn = `arn:aws:apigateway:${target.region}::/apis/${ApiId}`;
        await client.send(new TagResourceCommand({ ResourceArn, Tags: { team: 'shop', stage: 'dev' } }));
        await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['stage'] }));
        expect((await client.send(new GetTagsCommand({ ResourceArn }))).Tags).toEqual({ team: 'shop' });
      },
    },
  ],
};
