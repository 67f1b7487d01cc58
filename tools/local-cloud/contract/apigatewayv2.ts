import {
  CreateDeploymentCommand,
  CreateRouteCommand,
  CreateStageCommand,
  DeleteAccessLogSettingsCommand,
  DeleteCorsConfigurationCommand,
  DeleteDeploymentCommand,
  DeleteIntegrationCommand,
  DeleteRouteCommand,
  DeleteRouteSettingsCommand,
  DeleteStageCommand,
  GetApiCommand,
  GetApisCommand,
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
  UpdateIntegrationCommand,
  UpdateRouteCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { expect } from 'vitest';
import { apigatewayv2 as service } from '../src/services/apigatewayv2/service.ts';
import { authorizerClaims } from './apigatewayv2-authorizers.ts';
import { get, guide, httpApi, reference } from './apigatewayv2-support.ts';
import { type Contract, refusal } from './contract.ts';

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
    ...authorizerClaims,
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
