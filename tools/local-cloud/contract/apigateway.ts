import {
  CreateDeploymentCommand,
  CreateModelCommand,
  CreateRequestValidatorCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  CreateStageCommand,
  DeleteDeploymentCommand,
  DeleteGatewayResponseCommand,
  DeleteIntegrationCommand,
  DeleteIntegrationResponseCommand,
  DeleteMethodCommand,
  DeleteMethodResponseCommand,
  DeleteModelCommand,
  DeleteRequestValidatorCommand,
  DeleteResourceCommand,
  DeleteRestApiCommand,
  DeleteStageCommand,
  GetAccountCommand,
  GetDeploymentCommand,
  GetDeploymentsCommand,
  GetGatewayResponseCommand,
  GetGatewayResponsesCommand,
  GetIntegrationCommand,
  GetIntegrationResponseCommand,
  GetMethodCommand,
  GetMethodResponseCommand,
  GetModelCommand,
  GetModelsCommand,
  GetRequestValidatorCommand,
  GetRequestValidatorsCommand,
  GetResourceCommand,
  GetResourcesCommand,
  GetRestApiCommand,
  GetRestApisCommand,
  GetStageCommand,
  GetStagesCommand,
  GetTagsCommand,
  PutGatewayResponseCommand,
  PutIntegrationCommand,
  PutMethodCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAccountCommand,
  UpdateDeploymentCommand,
  UpdateGatewayResponseCommand,
  UpdateIntegrationCommand,
  UpdateIntegrationResponseCommand,
  UpdateMethodResponseCommand,
  UpdateModelCommand,
  UpdateRequestValidatorCommand,
  UpdateResourceCommand,
  UpdateRestApiCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { expect } from 'vitest';
import { apigateway as service } from '../src/services/apigateway/service.ts';
import { authorizationClaims } from './apigateway-authorization.ts';
import { deployedApi, mockMethod, restApi } from './apigateway-support.ts';
import { usageClaims } from './apigateway-usage.ts';
import { type Contract, refusal } from './contract.ts';

const reference = (operation: string) => `Amazon API Gateway API Reference, ${operation}`;
const guide = (page: string) => `Amazon API Gateway Developer Guide, ${page}`;
const replace = (path: string, value: string) => [{ op: 'replace' as const, path, value }];

export const apigateway: Contract = {
  service,
  claims: [
    ...usageClaims,
    ...authorizationClaims,
    {
      operation: 'CreateRestApi',
      beside: ['GetRestApi', 'GetRestApis', 'GetResources'],
      claim: 'makes an API with a root resource and no method, whose keys come in a header',
      source: reference('CreateRestApi'),
      async run(target) {
        const { gateway, restApiId, resourceId } = await restApi(target);
        expect(await gateway.send(new GetRestApiCommand({ restApiId }))).toMatchObject({ apiKeySource: 'HEADER' });
        const { items: apis } = await gateway.send(new GetRestApisCommand({ limit: 500 }));
        expect(apis?.map(({ id }) => id)).toContain(restApiId);
        const { items } = await gateway.send(new GetResourcesCommand({ restApiId }));
        expect(items).toMatchObject([{ id: resourceId, path: '/' }]);
      },
    },
    {
      operation: 'CreateRestApi',
      claim: 'refuses a key source it does not know',
      source: reference('CreateRestApi'),
      async run(target) {
        const { gateway } = await restApi(target);
        const apiKeySource = 'COOKIE' as 'HEADER';
        const call = gateway.send(new CreateRestApiCommand({ name: target.name(), apiKeySource }));
        expect((await refusal(call)).name).toBe('BadRequestException');
      },
    },
    {
      operation: 'UpdateRestApi',
      claim: 'refuses a path that cannot be changed, and changes nothing then',
      source: reference('Patch Operations'),
      async run(target) {
        const { gateway, restApiId } = await restApi(target);
        const patchOperations = [...replace('/description', 'new'), ...replace('/createdDate', '0')];
        const call = gateway.send(new UpdateRestApiCommand({ restApiId, patchOperations }));
        expect((await refusal(call)).name).toBe('BadRequestException');
        expect((await gateway.send(new GetRestApiCommand({ restApiId }))).description).toBeUndefined();
      },
    },
    {
      operation: 'DeleteRestApi',
      claim: 'refuses an API that is not there',
      source: reference('DeleteRestApi'),
      async run(target) {
        const { gateway } = await restApi(target);
        const call = gateway.send(new DeleteRestApiCommand({ restApiId: 'aaaaaaaaaa' }));
        expect((await refusal(call)).name).toBe('NotFoundException');
      },
    },
    {
      operation: 'CreateResource',
      beside: ['GetResource', 'UpdateResource', 'DeleteResource'],
      claim: 'puts a path together from its parts, and refuses one that is there',
      source: reference('CreateResource'),
      async run(target) {
        const { gateway, restApiId, resourceId: parentId } = await restApi(target);
        const orders = await gateway.send(new CreateResourceCommand({ restApiId, parentId, pathPart: 'orders' }));
        const below = { restApiId, parentId: orders.id, pathPart: '{id}' };
        const order = await gateway.send(new CreateResourceCommand(below));
        expect(order.path).toBe('/orders/{id}');
        expect((await refusal(gateway.send(new CreateResourceCommand(below)))).name).toBe('ConflictException');
        const patchOperations = replace('/pathPart', 'purchases');
        await gateway.send(new UpdateResourceCommand({ restApiId, resourceId: orders.id, patchOperations }));
        const moved = await gateway.send(new GetResourceCommand({ restApiId, resourceId: order.id }));
        expect(moved.path).toBe('/purchases/{id}');
        await gateway.send(new DeleteResourceCommand({ restApiId, resourceId: orders.id }));
        const gone = gateway.send(new GetResourceCommand({ restApiId, resourceId: order.id }));
        expect((await refusal(gone)).name).toBe('NotFoundException');
      },
    },
    {
      operation: 'CreateResource',
      claim: 'refuses a second variable beside one',
      source: reference('CreateResource'),
      async run(target) {
        const { gateway, restApiId, resourceId: parentId } = await restApi(target);
        await gateway.send(new CreateResourceCommand({ restApiId, parentId, pathPart: '{id}' }));
        const call = gateway.send(new CreateResourceCommand({ restApiId, parentId, pathPart: '{name}' }));
        expect((await refusal(call)).name).toBe('BadRequestException');
      },
    },
    {
      operation: 'PutMethod',
      beside: ['GetMethod', 'DeleteMethod'],
      claim: 'makes a method once, open to all without a key',
      source: reference('PutMethod'),
      async run(target) {
        const { gateway, restApiId, resourceId } = await restApi(target);
        const name = { restApiId, resourceId, httpMethod: 'POST' };
        await gateway.send(new PutMethodCommand({ ...name, authorizationType: 'NONE' }));
        const again = gateway.send(new PutMethodCommand({ ...name, authorizationType: 'NONE' }));
        expect((await refusal(again)).name).toBe('ConflictException');
        expect(await gateway.send(new GetMethodCommand(name))).toMatchObject({ apiKeyRequired: false });
        await gateway.send(new DeleteMethodCommand(name));
        expect((await refusal(gateway.send(new GetMethodCommand(name)))).name).toBe('NotFoundException');
      },
    },
    {
      operation: 'PutMethodResponse',
      beside: ['GetMethodResponse', 'UpdateMethodResponse', 'DeleteMethodResponse'],
      claim: 'must be there before an integration response of its status',
      source: reference('PutIntegrationResponse'),
      async run(target) {
        const { gateway, restApiId, resourceId } = await restApi(target);
        const method = await mockMethod(gateway, { restApiId, resourceId });
        const status = { ...method, statusCode: '200' };
        expect(await gateway.send(new GetMethodResponseCommand(status))).toMatchObject({ statusCode: '200' });
        const parameter = 'method.response.header.X-Shop';
        const patchOperations = [{ op: 'add' as const, path: `/responseParameters/${parameter}`, value: 'true' }];
        const changed = await gateway.send(new UpdateMethodResponseCommand({ ...status, patchOperations }));
        expect(changed.responseParameters).toEqual({ [parameter]: true });
        await gateway.send(new DeleteMethodResponseCommand(status));
        expect((await refusal(gateway.send(new GetMethodResponseCommand(status)))).name).toBe('NotFoundException');
      },
    },
    {
      operation: 'PutIntegration',
      beside: ['GetIntegration', 'UpdateIntegration', 'DeleteIntegration'],
      claim: 'gives a backend 29 seconds where nothing else is said, and not more',
      limit: '50 milliseconds to 29 seconds',
      source: guide('Amazon API Gateway quotas'),
      async run(target) {
        const { gateway, restApiId, resourceId } = await restApi(target);
        const method = await mockMethod(gateway, { restApiId, resourceId });
        expect(await gateway.send(new GetIntegrationCommand(method))).toMatchObject({
          timeoutInMillis: 29_000,
          passthroughBehavior: 'WHEN_NO_MATCH',
        });
        const patchOperations = replace('/timeoutInMillis', '29001');
        const call = gateway.send(new UpdateIntegrationCommand({ ...method, patchOperations }));
        expect((await refusal(call)).name).toBe('BadRequestException');
        await gateway.send(new DeleteIntegrationCommand(method));
        expect((await refusal(gateway.send(new GetIntegrationCommand(method)))).name).toBe('NotFoundException');
      },
    },
    {
      operation: 'PutIntegration',
      claim: 'refuses an address that is none',
      source: reference('PutIntegration'),
      async run(target) {
        const { gateway, restApiId, resourceId } = await restApi(target);
        const method = await mockMethod(gateway, { restApiId, resourceId });
        const integration = { ...method, type: 'HTTP', integrationHttpMethod: 'GET', uri: 'nowhere' } as const;
        expect((await refusal(gateway.send(new PutIntegrationCommand(integration)))).name).toBe('BadRequestException');
      },
    },
    {
      operation: 'PutIntegrationResponse',
      beside: ['GetIntegrationResponse', 'UpdateIntegrationResponse', 'DeleteIntegrationResponse'],
      claim: 'says by template what a mock answers',
      source: guide('Mock integrations for REST APIs in API Gateway'),
      async run(target) {
        const { gateway, method, get } = await deployedApi(target);
        await target.until(async () => expect(await get()).toMatchObject({ status: 200, body: { ok: true } }));
        const status = { ...method, statusCode: '200' };
        expect(await gateway.send(new GetIntegrationResponseCommand(status))).toMatchObject({ statusCode: '200' });
        const patchOperations = replace('/selectionPattern', '2\\d\\d');
        const changed = await gateway.send(new UpdateIntegrationResponseCommand({ ...status, patchOperations }));
        expect(changed.selectionPattern).toBe('2\\d\\d');
        await gateway.send(new DeleteIntegrationResponseCommand(status));
        const gone = gateway.send(new GetIntegrationResponseCommand(status));
        expect((await refusal(gone)).name).toBe('NotFoundException');
      },
    },
    {
      operation: 'CreateDeployment',
      beside: ['GetDeployment', 'GetDeployments', 'UpdateDeployment'],
      claim: 'is a snapshot: later changes show with the next',
      source: reference('CreateDeployment'),
      async run(target) {
        const { gateway, restApiId, resourceId: parentId, deploymentId, get } = await deployedApi(target);
        const { id: resourceId = '' } = await gateway.send(
          new CreateResourceCommand({ restApiId, parentId, pathPart: 'new' }),
        );
        await mockMethod(gateway, { restApiId, resourceId });
        await target.until(async () => expect((await get()).status).toBe(200));
        expect(await get('/new')).toMatchObject({ status: 403, body: { message: 'Missing Authentication Token' } });
        await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'test' }));
        await target.until(async () => expect((await get('/new')).status).toBe(200));
        const patchOperations = replace('/description', 'first');
        await gateway.send(new UpdateDeploymentCommand({ restApiId, deploymentId, patchOperations }));
        const first = await gateway.send(new GetDeploymentCommand({ restApiId, deploymentId }));
        expect(first.description).toBe('first');
        expect((await gateway.send(new GetDeploymentsCommand({ restApiId }))).items).toHaveLength(2);
      },
    },
    {
      operation: 'CreateDeployment',
      claim: 'refuses an API without methods',
      source: reference('CreateDeployment'),
      async run(target) {
        const { gateway, restApiId } = await restApi(target);
        const call = gateway.send(new CreateDeploymentCommand({ restApiId }));
        expect((await refusal(call)).name).toBe('BadRequestException');
      },
    },
    {
      operation: 'DeleteDeployment',
      claim: 'refuses one that a stage points to',
      source: reference('DeleteDeployment'),
      async run(target) {
        const { gateway, restApiId, deploymentId } = await deployedApi(target);
        const call = gateway.send(new DeleteDeploymentCommand({ restApiId, deploymentId }));
        expect((await refusal(call)).name).toBe('BadRequestException');
      },
    },
    {
      operation: 'CreateStage',
      beside: ['GetStage', 'GetStages', 'DeleteStage'],
      claim: 'names a deployment, once',
      source: reference('CreateStage'),
      async run(target) {
        const { gateway, restApiId, deploymentId } = await deployedApi(target);
        const stage = { restApiId, stageName: 'prod', deploymentId, variables: { table: 'orders' } };
        await gateway.send(new CreateStageCommand(stage));
        expect((await refusal(gateway.send(new CreateStageCommand(stage)))).name).toBe('ConflictException');
        const named = { restApiId, stageName: 'prod' };
        expect(await gateway.send(new GetStageCommand(named))).toMatchObject({ variables: { table: 'orders' } });
        expect((await gateway.send(new GetStagesCommand({ restApiId }))).item).toHaveLength(2);
        await gateway.send(new DeleteStageCommand(named));
        expect((await refusal(gateway.send(new GetStageCommand(named)))).name).toBe('NotFoundException');
      },
    },
    {
      operation: 'UpdateStage',
      claim: 'sets limits of methods, and refuses values a variable may not have',
      source: reference('Patch Operations'),
      async run(target) {
        const { gateway, restApiId } = await deployedApi(target);
        const stage = { restApiId, stageName: 'test' };
        const patchOperations = replace('/~1/GET/throttling/rateLimit', '5');
        const { methodSettings } = await gateway.send(new UpdateStageCommand({ ...stage, patchOperations }));
        expect(methodSettings?.['~1/GET']).toMatchObject({ throttlingRateLimit: 5 });
        const call = gateway.send(
          new UpdateStageCommand({ ...stage, patchOperations: replace('/variables/a', 'b c') }),
        );
        expect((await refusal(call)).name).toBe('BadRequestException');
      },
    },
    {
      operation: 'CreateModel',
      beside: ['GetModel', 'GetModels', 'UpdateModel', 'DeleteModel'],
      claim: 'adds to the two models an API has from the start',
      source: guide('Data models for REST APIs'),
      async run(target) {
        const { gateway, restApiId } = await restApi(target);
        const named = { restApiId, modelName: 'Order' };
        const schema = JSON.stringify({ $schema: 'http://json-schema.org/draft-04/schema#', type: 'object' });
        const model = { restApiId, name: 'Order', contentType: 'application/json', schema };
        await gateway.send(new CreateModelCommand(model));
        const { items } = await gateway.send(new GetModelsCommand({ restApiId }));
        expect(items?.map(({ name }) => name).sort()).toEqual(['Empty', 'Error', 'Order']);
        await gateway.send(new UpdateModelCommand({ ...named, patchOperations: replace('/description', 'an order') }));
        expect(await gateway.send(new GetModelCommand(named))).toMatchObject({ schema, description: 'an order' });
        await gateway.send(new DeleteModelCommand(named));
        expect((await refusal(gateway.send(new GetModelCommand(named)))).name).toBe('NotFoundException');
      },
    },
    {
      operation: 'CreateRequestValidator',
      beside: ['GetRequestValidator', 'GetRequestValidators', 'UpdateRequestValidator', 'DeleteRequestValidator'],
      claim: 'lets a method demand parameters: without them, 400',
      source: guide('Request validation for REST APIs in API Gateway'),
      async run(target) {
        const { gateway, restApiId, resourceId: parentId, get } = await deployedApi(target);
        const given = { restApiId, name: 'parameters', validateRequestParameters: true };
        const { id: requestValidatorId } = await gateway.send(new CreateRequestValidatorCommand(given));
        const named = { restApiId, requestValidatorId };
        expect(await gateway.send(new GetRequestValidatorCommand(named))).toMatchObject({ validateRequestBody: false });
        const patchOperations = replace('/validateRequestBody', 'true');
        await gateway.send(new UpdateRequestValidatorCommand({ ...named, patchOperations }));
        expect((await gateway.send(new GetRequestValidatorsCommand({ restApiId }))).items).toHaveLength(1);
        const { id: resourceId = '' } = await gateway.send(
          new CreateResourceCommand({ restApiId, parentId, pathPart: 'search' }),
        );
        const requestParameters = { 'method.request.querystring.q': true };
        await mockMethod(gateway, { restApiId, resourceId }, { requestValidatorId, requestParameters });
        await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'test' }));
        await target.until(async () => {
          expect(await get('/search')).toEqual({
            status: 400,
            error: 'BadRequestException',
            body: { message: 'Missing required request parameters: [q]' },
          });
        });
        expect((await get('/search?q=tea')).status).toBe(200);
        const call = gateway.send(new DeleteRequestValidatorCommand(named));
        expect((await refusal(call)).name).toBe('ConflictException');
      },
    },
    {
      operation: 'PutGatewayResponse',
      beside: ['GetGatewayResponse', 'GetGatewayResponses', 'UpdateGatewayResponse', 'DeleteGatewayResponse'],
      claim: 'says otherwise what the gateway answers itself',
      source: guide('Gateway response types for API Gateway'),
      async run(target) {
        const { gateway, restApiId, get } = await deployedApi(target);
        const named = { restApiId, responseType: 'MISSING_AUTHENTICATION_TOKEN' } as const;
        const unchanged = await gateway.send(new GetGatewayResponseCommand(named));
        expect(unchanged).toMatchObject({ statusCode: '403', defaultResponse: true });
        await gateway.send(new PutGatewayResponseCommand({ ...named, statusCode: '404' }));
        const template = replace('/responseTemplates/application~1json', '{"not":"there"}');
        await gateway.send(new UpdateGatewayResponseCommand({ ...named, patchOperations: template }));
        await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'test' }));
        await target.until(async () => {
          expect(await get('/nowhere')).toMatchObject({ status: 404, body: { not: 'there' } });
        });
        await gateway.send(new DeleteGatewayResponseCommand(named));
        const { items } = await gateway.send(new GetGatewayResponsesCommand({ restApiId }));
        expect(items?.every(({ defaultResponse }) => defaultResponse)).toBe(true);
      },
    },
    {
      operation: 'GetAccount',
      beside: ['UpdateAccount'],
      claim: 'states the throttling of the account, which none of its settings changes',
      limit: '10,000 requests a second, bursts of 5,000',
      source: guide('Amazon API Gateway quotas'),
      async run(target) {
        const { gateway } = await restApi(target);
        const { throttleSettings } = await gateway.send(new GetAccountCommand({}));
        expect(throttleSettings?.burstLimit).toBeGreaterThan(0);
        const patchOperations = replace('/throttleSettings/rateLimit', '1');
        const call = gateway.send(new UpdateAccountCommand({ patchOperations }));
        expect((await refusal(call)).name).toBe('BadRequestException');
      },
    },
    {
      operation: 'TagResource',
      beside: ['UntagResource', 'GetTags'],
      claim: 'tags an API by its ARN, which names no account',
      source: guide('Amazon API Gateway resources that can be tagged'),
      async run(target) {
        const { gateway, restApiId } = await restApi(target);
        const resourceArn = `arn:aws:apigateway:${target.region}::/restapis/${restApiId}`;
        await gateway.send(new TagResourceCommand({ resourceArn, tags: { team: 'shop', stage: 'dev' } }));
        await gateway.send(new UntagResourceCommand({ resourceArn, tagKeys: ['stage'] }));
        expect((await gateway.send(new GetTagsCommand({ resourceArn }))).tags).toEqual({ team: 'shop' });
      },
    },
  ],
};
