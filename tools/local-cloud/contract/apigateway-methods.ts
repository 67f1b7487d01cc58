import {
  CreateDeploymentCommand,
  CreateRequestValidatorCommand,
  CreateResourceCommand,
  DeleteGatewayResponseCommand,
  DeleteIntegrationCommand,
  DeleteIntegrationResponseCommand,
  DeleteMethodCommand,
  DeleteMethodResponseCommand,
  DeleteRequestValidatorCommand,
  GetGatewayResponseCommand,
  GetGatewayResponsesCommand,
  GetIntegrationCommand,
  GetIntegrationResponseCommand,
  GetMethodCommand,
  GetMethodResponseCommand,
  GetRequestValidatorCommand,
  GetRequestValidatorsCommand,
  PutGatewayResponseCommand,
  PutIntegrationCommand,
  PutMethodCommand,
  UpdateGatewayResponseCommand,
  UpdateIntegrationCommand,
  UpdateIntegrationResponseCommand,
  UpdateMethodResponseCommand,
  UpdateRequestValidatorCommand,
} from '@aws-sdk/client-api-gateway';
import { expect } from 'vitest';
import { deployedApi, guide, mockMethod, reference, replace, restApi } from './apigateway-support.ts';
import { type Claim, refusal } from './contract.ts';

/** Claims about methods, what they ask for and where they lead. */
export const methodClaims: readonly Claim[] = [
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
];
