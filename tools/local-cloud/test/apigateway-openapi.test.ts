import {
  APIGatewayClient,
  CreateDeploymentCommand,
  GetModelsCommand,
  GetResourcesCommand,
  GetRestApiCommand,
  GetRestApisCommand,
  ImportRestApiCommand,
  PutRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import { App, Stack } from 'aws-cdk-lib';
import { ApiDefinition, type CfnRestApi, SpecRestApi } from 'aws-cdk-lib/aws-apigateway';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiCloud, integrationUri, startApiCloud } from './apigateway-support.ts';
import { type StackCloud, startStackCloud } from './cloudformation-support.ts';

let cloud: ApiCloud;
beforeAll(async () => {
  cloud = await startApiCloud();
});
afterAll(() => cloud.close());

const bytes = (document: string | object) =>
  Buffer.from(typeof document === 'string' ? document : JSON.stringify(document));

async function imported(document: string | object) {
  const api = await cloud.gateway.send(new ImportRestApiCommand({ body: bytes(document) }));
  await deploy(cloud.gateway, api.id);
  const url = `${cloud.endpoint}/execute-api/${api.id}/test`;
  return { api, restApiId: api.id ?? '', call: (path: string, init?: RequestInit) => fetch(url + path, init) };
}

const deploy = (gateway: APIGatewayClient, restApiId: string | undefined) =>
  gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'test' }));

const mock = (body: string) => ({
  type: 'mock',
  requestTemplates: { 'application/json': '{"statusCode": 200}' },
  responses: { default: { statusCode: '200', responseTemplates: { 'application/json': body } } },
});

const json = (body: object, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

const yaml = () => `
openapi: 3.0.1
info: { title: shop, version: '7', description: products }
x-amazon-apigateway-request-validators:
  all: { validateRequestBody: true, validateRequestParameters: true }
x-amazon-apigateway-request-validator: all
x-amazon-apigateway-gateway-responses:
  BAD_REQUEST_BODY: { statusCode: 422, responseTemplates: { application/json: '{"title":"no product"}' } }
paths:
  /products/{productId}:
    parameters:
      - { $ref: '#/components/parameters/size' }
      - { name: productId, in: path, required: true, schema: { type: string } }
    get:
      responses: { '200': { description: the product } }
      x-amazon-apigateway-integration: ${JSON.stringify(mock(`{"id":"$input.params('productId')"}`))}
  /products:
    post:
      security: [{ token: [] }]
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Product' } } } }
      responses: { '201': { description: made } }
      x-amazon-apigateway-integration: { type: aws_proxy, httpMethod: POST, uri: '${integrationUri('respond')}' }
components:
  parameters:
    size: { name: size, in: query, required: true, schema: { type: string } }
  schemas:
    Name: { type: string, minLength: 1 }
    Product: { type: object, required: [name], properties: { name: { $ref: '#/components/schemas/Name' } } }
  securitySchemes:
    token:
      type: apiKey
      name: Authorization
      in: header
      x-amazon-apigateway-authtype: custom
      x-amazon-apigateway-authorizer: { type: token, authorizerUri: '${integrationUri('authorize')}' }
`;

describe('an API of an OpenAPI document', () => {
  test('is what 3.0 and its extensions say: methods, models, validators, authorizers, gateway responses', async () => {
    await cloud.handler('respond');
    await cloud.handler('authorize', 'authorize');
    const { api, restApiId, call } = await imported(yaml());
    expect(api).toMatchObject({ name: 'shop', version: '7', description: 'products' });
    const { items = [] } = await cloud.gateway.send(new GetResourcesCommand({ restApiId }));
    expect(items.map(({ path }) => path).sort()).toEqual(['/', '/products', '/products/{productId}']);
    expect(await (await call('/products/7?size=xl')).json()).toEqual({ id: '7' });
    expect((await call('/products/7')).status).toBe(400);
    const allowed = { authorization: 'Bearer allow' };
    expect((await call('/products', json({ name: 'tea' }))).status).toBe(401);
    expect((await call('/products', json({ name: 'tea', answer: { statusCode: 201 } }, allowed))).status).toBe(201);
    const refused = await call('/products', json({ name: '' }, allowed));
    expect([refused.status, await refused.json()]).toEqual([422, { title: 'no product' }]);
  });

  test('is what 2.0 says: bodies among the parameters, keys and signatures as security', async () => {
    const { restApiId, call } = await imported({
      swagger: '2.0',
      info: { title: 'old', version: '1' },
      securityDefinitions: {
        key: { type: 'apiKey', name: 'x-api-key', in: 'header' },
        signed: { type: 'apiKey', name: 'Authorization', in: 'header', 'x-amazon-apigateway-authtype': 'awsSigv4' },
      },
      definitions: { Empty: { type: 'object', title: 'nothing' } },
      paths: {
        '/': {
          'x-amazon-apigateway-any-method': {
            produces: ['application/json'],
            responses: { 200: { description: 'fine', schema: { type: 'object' } } },
            'x-amazon-apigateway-integration': mock('{"any":true}'),
          },
        },
        '/keyed': {
          get: { security: [{ key: [] }], 'x-amazon-apigateway-integration': mock('{}'), responses: { 200: {} } },
        },
        '/signed': {
          get: { security: [{ signed: [] }], 'x-amazon-apigateway-integration': mock('{}'), responses: { 200: {} } },
        },
      },
    });
    expect(await (await call('/')).json()).toEqual({ any: true });
    expect((await call('/keyed')).headers.get('x-amzn-errortype')).toBe('ForbiddenException');
    expect((await call('/signed')).headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
    const { items = [] } = await cloud.gateway.send(new GetModelsCommand({ restApiId }));
    const names = items.map(({ name = '' }) => name.replace(/^MODEL[0-9a-f]{6}$/, 'MODEL'));
    expect(names.sort()).toEqual(['Empty', 'Error', 'MODEL']);
  });

  test('takes the place of the one before, and serves with the next deployment', async () => {
    const document = (body: string, path: string) => ({
      openapi: '3.0.0',
      info: { title: 'shop', version: '1', ...(path === '/one' && { description: 'first' }) },
      paths: { [path]: { get: { responses: { 200: {} }, 'x-amazon-apigateway-integration': mock(body) } } },
    });
    const { restApiId, call } = await imported(document('{"v":1}', '/one'));
    const put = (mode: 'overwrite' | 'merge', next: object) =>
      cloud.gateway.send(new PutRestApiCommand({ restApiId, mode, body: bytes(next) }));
    const replaced = await put('overwrite', document('{"v":2}', '/two'));
    expect(replaced.description).toBeUndefined();
    expect(await (await call('/one')).json()).toEqual({ v: 1 });
    await deploy(cloud.gateway, restApiId);
    expect((await call('/one')).status).toBe(403);
    expect(await (await call('/two')).json()).toEqual({ v: 2 });

    // What is wrong changes nothing.
    const wrong = { ...document('{"v":3}', '/three'), security: [{ nobody: [] }] };
    await expect(put('overwrite', wrong)).rejects.toMatchObject({ name: 'BadRequestException' });
    await deploy(cloud.gateway, restApiId);
    expect(await (await call('/two')).json()).toEqual({ v: 2 });
    await expect(put('merge', wrong)).rejects.toMatchObject({ name: 'NotImplementedException' });
  });

  test.each([
    ['no YAML', '{{', 'Unable to parse API definition'],
    ['of another shape', { openapi: '3.0.0', info: { title: 'a' }, paths: { '/': null } }, 'Invalid OpenAPI input'],
    ['of another version', { openapi: '3.1.0', paths: {} }, 'not 3.1.0'],
    [
      'with what only HTTP APIs have',
      { openapi: '3.0.0', info: { title: 'a' }, paths: {}, 'x-amazon-apigateway-cors': {} },
      'no extension x-amazon-apigateway-cors',
    ],
    ['without a title', { openapi: '3.0.0', info: {}, paths: {} }, 'info.title is missing'],
    [
      'that refers to nothing',
      { openapi: '3.0.0', info: { title: 'a' }, paths: { '/': { get: { parameters: [{ $ref: '#/nowhere' }] } } } },
      '#/nowhere',
    ],
  ])('%s is refused, and leaves no API', async (_, document, message) => {
    const count = async () => (await cloud.gateway.send(new GetRestApisCommand({ limit: 500 }))).items?.length;
    const before = await count();
    await expect(imported(document)).rejects.toThrow(message);
    expect(await count()).toBe(before);
  });
});

describe('CDK', () => {
  let stacks: StackCloud;
  beforeAll(async () => {
    stacks = await startStackCloud();
  });
  afterAll(() => stacks.close());

  function template(answer: string): string {
    const app = new App({ analyticsReporting: false });
    const stack = new Stack(app, 'Spec');
    const get = { responses: { 200: {} }, 'x-amazon-apigateway-integration': mock(answer) };
    const document = { openapi: '3.0.0', info: { title: 'spec', version: '1' }, paths: { '/products': { get } } };
    const apiDefinition = ApiDefinition.fromInline(document);
    const api = new SpecRestApi(stack, 'Api', { apiDefinition });
    (api.node.defaultChild as CfnRestApi).description = 'kept';
    stack.exportValue(api.restApiId, { name: 'api' });
    const { Parameters: _parameters, Rules: _rules, ...rest } = app.synth().getStackByName('Spec').template;
    return JSON.stringify(rest);
  }

  test('deploys SpecRestApi and what it becomes', { timeout: 60_000 }, async () => {
    const created = await stacks.create('Spec', template('{"v":1}'));
    expect(created?.StackStatus, (await stacks.events('Spec')).join('\n')).toBe('CREATE_COMPLETE');
    const restApiId = created?.Outputs?.find(({ ExportName }) => ExportName === 'api')?.OutputValue;
    const call = async () => (await fetch(`${stacks.endpoint}/execute-api/${restApiId}/prod/products`)).json();
    expect(await call()).toEqual({ v: 1 });
    const updated = await stacks.update('Spec', template('{"v":2}'));
    expect(updated?.StackStatus, (await stacks.events('Spec')).join('\n')).toBe('UPDATE_COMPLETE');
    expect(await call()).toEqual({ v: 2 });
    const read = await stacks.client(APIGatewayClient).send(new GetRestApiCommand({ restApiId }));
    expect(read).toMatchObject({ name: 'Api', version: '1', description: 'kept' });
  });
});
