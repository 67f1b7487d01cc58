import {
  CreateModelCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  DeleteModelCommand,
  DeleteResourceCommand,
  DeleteRestApiCommand,
  GetAccountCommand,
  GetModelCommand,
  GetModelsCommand,
  GetResourceCommand,
  GetResourcesCommand,
  GetRestApiCommand,
  GetRestApisCommand,
  GetTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAccountCommand,
  UpdateModelCommand,
  UpdateResourceCommand,
  UpdateRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import { expect } from 'vitest';
import { guide, reference, replace, restApi } from './apigateway-support.ts';
import { type Claim, refusal } from './contract.ts';

/** Claims about REST APIs and their resources. */
export const apiClaims: readonly Claim[] = [
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
];
