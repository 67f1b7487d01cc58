import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  PutIntegrationCommand,
  type PutIntegrationCommandInput,
  PutIntegrationResponseCommand,
  type PutIntegrationResponseCommandInput,
  PutMethodResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { CreateTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiCloud, integrationUri, startApiCloud } from './apigateway-support.ts';

let cloud: ApiCloud;
let server: Server;
let backend: string;
beforeAll(async () => {
  cloud = await startApiCloud();
  await cloud.handler('shop');
  await cloud.iam.send(
    new CreateRoleCommand({
      RoleName: 'Gateway',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      }),
    }),
  );
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    response.writeHead(request.url?.startsWith('/missing') ? 404 : 200, {
      'content-type': 'application/json',
      'x-backend': 'yes',
    });
    const { method, url, headers } = request;
    response.end(JSON.stringify({ method, url, shop: headers['x-shop'], body: Buffer.concat(chunks).toString() }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  backend = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await cloud.close();
});

type Responses = Readonly<Record<string, Partial<PutIntegrationResponseCommandInput>>>;

/** An API with one method behind which stands this. */
async function backed(
  name: string,
  integration: Partial<PutIntegrationCommandInput>,
  responses: Responses = { 200: {} },
) {
  const [httpMethod = '', path = ''] = name.split(' ');
  const api = await cloud.api({ [name]: { mock: { status: 599 } } });
  const method = { restApiId: api.restApiId, resourceId: api.resourceId(path), httpMethod };
  await cloud.gateway.send(new PutIntegrationCommand({ ...method, type: 'MOCK', ...integration }));
  for (const [statusCode, response] of Object.entries(responses)) {
    await cloud.gateway.send(new PutMethodResponseCommand({ ...method, statusCode }));
    await cloud.gateway.send(new PutIntegrationResponseCommand({ ...method, statusCode, ...response }));
  }
  await api.deploy();
  return api;
}

const json = (body: unknown, headers = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

describe('mapping templates', () => {
  /** What a template renders: a function is given it and answers it. */
  async function rendering(template: string, init: RequestInit = {}, query = '') {
    const api = await backed(
      'POST /echo/{id}',
      {
        type: 'MOCK',
        requestTemplates: { 'application/json': '{"statusCode":200}' },
      },
      { 200: { responseTemplates: { 'application/json': template } } },
    );
    return (await api.call(`/echo/7${query}`, { ...json({}), ...init })).body;
  }

  test('have the request’s parameters, its context and the stage’s variables', async () => {
    const template = `{"id": "$input.params('id')", "size": "$input.params().querystring.get('size')", "shop": "$input.params('X-Shop')",
      "none": "$input.params('none')", "method": "$context.httpMethod", "path": "$context.resourcePath", "stage": "$context.stage",
      "ip": "$context.identity.sourceIp", "nobody": "$context.authorizer.principalId", "variable": "$stageVariables.none"}`;
    expect(await rendering(template, json({}, { 'X-Shop': 'Nine' }), '?size=xl')).toEqual({
      id: '7',
      size: 'xl',
      shop: 'Nine',
      none: '',
      method: 'POST',
      path: '/echo/{id}',
      stage: 'test',
      ip: '127.0.0.1',
      nobody: '',
      variable: '',
    });
  });

  test('have loops, conditions and helpers', async () => {
    const template = `#set($list = [1, 2, 3])
      {"list": [#foreach($n in $list)$n#if($foreach.hasNext),#end#end],
       "text": "$util.escapeJavaScript('say "hi"')", "url": "$util.urlEncode('a b&c')", "base64": "$util.base64Encode('tea')",
       "back": "$util.base64Decode('dGVh')", "parsed": $util.parseJson('{"a":[1,2]}').a.size(),
       "big": #if($list.size() > 2)true#{else}false#end}`;
    expect(await rendering(template)).toEqual({
      list: [1, 2, 3],
      text: 'say "hi"',
      url: 'a+b%26c',
      base64: 'dGVh',
      back: 'tea',
      parsed: 2,
      big: true,
    });
  });

  test('may set status and headers of the response', async () => {
    const template = `#set($context.responseOverride.status = 202)
      #set($context.responseOverride.header.X-Order = "7"){"ok":true}`;
    const api = await backed(
      'GET /',
      { requestTemplates: { 'application/json': '{"statusCode":200}' } },
      { 200: { responseTemplates: { 'application/json': template } } },
    );
    const { status, headers } = await api.call('/');
    expect([status, headers.get('x-order')]).toEqual([202, '7']);
  });

  test('one that cannot be rendered is the API’s fault: 500', async () => {
    const api = await backed('POST /', { requestTemplates: { 'application/json': "$input.json('$.a')" } });
    expect((await api.call('/', { ...json({}), body: 'no json' })).status).toBe(500);
  });
});

describe('a function behind templates', () => {
  test('is given what the template makes of the body, and its answer is put into the response’s template', async () => {
    const api = await backed(
      'POST /orders',
      {
        type: 'AWS',
        integrationHttpMethod: 'POST',
        uri: integrationUri('shop'),
        requestTemplates: {
          'application/json': '{"order": $input.json(\'$.order\'), "first": "$input.path(\'$.order.items[0].name\')"}',
        },
      },
      {
        200: {
          responseTemplates: { 'application/json': '{"got": $input.json(\'$.body\')}' },
          responseParameters: { 'method.response.header.X-Kind': "'order'" },
        },
      },
    );
    const { body, headers } = await api.call('/orders', json({ order: { items: [{ name: 'tea' }] } }));
    expect(JSON.parse(body.got)).toEqual({ order: { items: [{ name: 'tea' }] }, first: 'tea' });
    expect(headers.get('x-kind')).toBe('order');
  });

  test('its error message selects the response', async () => {
    const api = await backed(
      'POST /orders',
      {
        type: 'AWS',
        integrationHttpMethod: 'POST',
        uri: integrationUri('shop'),
        requestTemplates: { 'application/json': '{"body": $input.json("$.text")}' },
      },
      {
        200: {},
        404: {
          selectionPattern: '.*not found.*',
          responseTemplates: { 'application/json': '{"problem": $input.json("$.errorMessage")}' },
        },
      },
    );
    const failing = (fail: string) => api.call('/orders', json({ text: JSON.stringify({ fail }) }));
    expect(await failing('order not found')).toMatchObject({ status: 404, body: { problem: 'order not found' } });
    expect((await failing('something else')).status).toBe(200);
  });

  test('a content type without a template is refused where nothing is passed through', async () => {
    const api = await backed('POST /orders', {
      passthroughBehavior: 'NEVER',
      requestTemplates: { 'application/json': '{"statusCode":200}' },
    });
    expect(await api.call('/orders', { ...json({}), headers: { 'content-type': 'text/csv' } })).toMatchObject({
      status: 415,
      error: 'UnsupportedMediaTypeException',
      body: { message: 'Unsupported Media Type' },
    });
  });
});

describe('actions of services', () => {
  const role = 'arn:aws:iam::000000000000:role/Gateway';

  test('an item is put into a table of DynamoDB, when the role may', async () => {
    const dynamodb = cloud.client(DynamoDBClient);
    await dynamodb.send(
      new CreateTableCommand({
        TableName: 'orders',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    await cloud.cloud.clock.advance(10_000);
    const api = await backed(
      'POST /orders',
      {
        type: 'AWS',
        integrationHttpMethod: 'POST',
        uri: 'arn:aws:apigateway:us-east-1:dynamodb:action/PutItem',
        credentials: role,
        requestTemplates: {
          'application/json': '{"TableName":"orders","Item":{"id":{"S":"$input.path(\'$.id\')"}}}',
        },
      },
      { 201: { responseTemplates: { 'application/json': '{"stored":true}' } }, 400: { selectionPattern: '4\\d\\d' } },
    );
    const denied = await api.call('/orders', json({ id: '7' }));
    expect([denied.status, denied.body.__type]).toEqual([400, expect.stringContaining('AccessDenied')]);
    await cloud.grant('Gateway', 'dynamodb:PutItem');
    expect(await api.call('/orders', json({ id: '7' }))).toMatchObject({ status: 201, body: { stored: true } });
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName: 'orders', Key: { id: { S: '7' } } }));
    expect(Item).toEqual({ id: { S: '7' } });
  });

  test('a message is sent to a queue by its path', async () => {
    const sqs = cloud.client(SQSClient);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'orders' }));
    await cloud.grant('Gateway', 'sqs:SendMessage');
    const api = await backed(
      'POST /orders',
      {
        type: 'AWS',
        integrationHttpMethod: 'POST',
        uri: 'arn:aws:apigateway:us-east-1:sqs:path/000000000000/orders',
        credentials: role,
        requestParameters: { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" },
        requestTemplates: { 'application/json': 'Action=SendMessage&MessageBody=$util.urlEncode($input.body)' },
      },
      { 200: { responseTemplates: { 'application/json': '{"sent":true}' } }, 500: { selectionPattern: '[45]\\d\\d' } },
    );
    expect(await api.call('/orders', json({ tea: 1 }))).toMatchObject({ status: 200, body: { sent: true } });
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages?.map(({ Body }) => Body)).toEqual(['{"tea":1}']);
  });
});

describe('HTTP backends', () => {
  test('a proxy passes everything on, and the answer back', async () => {
    const api = await backed('ANY /{path+}', {
      type: 'HTTP_PROXY',
      integrationHttpMethod: 'ANY',
      uri: `${backend}/{path}`,
      requestParameters: { 'integration.request.path.path': 'method.request.path.path' },
    });
    const { status, headers, body } = await api.call('/orders/7?size=xl', json({ tea: 1 }, { 'X-Shop': 'Nine' }));
    expect([status, headers.get('x-backend')]).toEqual([200, 'yes']);
    expect(body).toEqual({ method: 'POST', url: '/orders/7?size=xl', shop: 'Nine', body: '{"tea":1}' });
    expect((await api.call('/missing')).status).toBe(404);
  });

  test('a status selects the response', async () => {
    const api = await backed(
      'GET /orders',
      { type: 'HTTP', integrationHttpMethod: 'GET', uri: `${backend}/missing` },
      {
        200: {},
        410: {
          selectionPattern: '404',
          responseParameters: { 'method.response.header.X-Was': 'integration.response.header.x-backend' },
        },
      },
    );
    const { status, headers } = await api.call('/orders');
    expect([status, headers.get('x-was')]).toEqual([410, 'yes']);
  });

  test('a server elsewhere is never called', async () => {
    const api = await backed('GET /', { type: 'HTTP_PROXY', integrationHttpMethod: 'GET', uri: 'http://example.com/' });
    expect(await api.call('/')).toMatchObject({ status: 504, error: 'InternalServerErrorException' });
    expect(cloud.lines.join('\n')).toContain('http://example.com is not on this machine');
  });
});
