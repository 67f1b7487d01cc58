import { PutGatewayResponseCommand } from '@aws-sdk/client-api-gateway';
import { AddPermissionCommand, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiCloud, answering, startApiCloud } from './apigateway-support.ts';

let cloud: ApiCloud;
let api: Awaited<ReturnType<ApiCloud['api']>>;
beforeAll(async () => {
  cloud = await startApiCloud();
  await cloud.handler('shop');
  api = await cloud.api(
    {
      'GET /orders/{id}': { function: 'shop' },
      'POST /orders': { function: 'shop' },
      'ANY /files/{path+}': { function: 'shop' },
      'GET /orders/latest': { mock: { body: '{"latest":true}' } },
    },
    { settings: { binaryMediaTypes: ['image/*'] } },
  );
});
afterAll(() => cloud.close());

test('a function is given the request as an event of format 1.0', async () => {
  await api.stage({ op: 'add', path: '/variables/table', value: 'orders' });
  const { body } = await api.call('/orders/7%20a?tag=a&tag=b%2Cc&size=xl', {
    headers: { 'X-Shop': 'Nine', 'user-agent': 'test' },
  });
  expect(body).toMatchObject({
    resource: '/orders/{id}',
    path: '/orders/7%20a',
    httpMethod: 'GET',
    headers: { 'X-Shop': 'Nine', Host: `${api.restApiId}.execute-api.us-east-1.amazonaws.com` },
    multiValueHeaders: { 'X-Shop': ['Nine'] },
    queryStringParameters: { tag: 'b,c', size: 'xl' },
    multiValueQueryStringParameters: { tag: ['a', 'b,c'], size: ['xl'] },
    pathParameters: { id: '7 a' },
    stageVariables: { table: 'orders' },
    body: null,
    isBase64Encoded: false,
    requestContext: {
      resourcePath: '/orders/{id}',
      httpMethod: 'GET',
      path: '/test/orders/7%20a',
      accountId: '000000000000',
      stage: 'test',
      apiId: api.restApiId,
      domainPrefix: api.restApiId,
      protocol: 'HTTP/1.1',
      identity: { sourceIp: '127.0.0.1', userAgent: 'test', userArn: null },
    },
  });
});

test('a greedy variable takes the rest of the path, a fixed segment goes before a variable', async () => {
  expect((await api.call('/files/a/b%2Fc', { method: 'DELETE' })).body).toMatchObject({
    resource: '/files/{path+}',
    httpMethod: 'DELETE',
    pathParameters: { path: 'a/b/c' },
  });
  expect((await api.call('/orders/latest')).body).toEqual({ latest: true });
});

test('bodies of binary media types reach the function in base64, and base64 reaches who accepts such a type as bytes', async () => {
  const upload = { method: 'PUT', headers: { 'content-type': 'image/png' }, body: new Uint8Array([0, 255]) };
  expect((await api.call('/files/a.png', upload)).body).toMatchObject({ body: 'AP8=', isBase64Encoded: true });
  const answer = { statusCode: 200, body: 'AP8=', isBase64Encoded: true, headers: { 'content-type': 'image/png' } };
  const response = await fetch(`${api.url}/orders`, answering(answer, { accept: 'image/png' }));
  expect([...(await response.bytes())]).toEqual([0, 255]);
});

test('answers may have several values for a header, and those that are the connection’s are renamed', async () => {
  const { headers, status } = await api.call(
    '/orders',
    answering({
      statusCode: 201,
      headers: { 'X-One': 1, Server: 'mine' },
      multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'] },
      body: '',
    }),
  );
  expect(status).toBe(201);
  expect(headers.get('x-one')).toBe('1');
  expect(headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(headers.get('x-amzn-remapped-server')).toBe('mine');
});

describe('what the gateway answers itself', () => {
  test.each(['/nothing', '/orders/1/2'])('%s: 403, as for everything the API has not', async (path) => {
    expect(await api.call(path)).toMatchObject({
      status: 403,
      error: 'MissingAuthenticationTokenException',
      body: { message: 'Missing Authentication Token' },
    });
  });

  test('a stage that is not there is forbidden', async () => {
    const response = await fetch(`${cloud.endpoint}/execute-api/${api.restApiId}/prod/orders/1`);
    expect([response.status, await response.json()]).toEqual([403, { message: 'Forbidden' }]);
  });

  test.each([
    ['text', 'just text'],
    ['no status', { body: 'x' }],
    ['a body that is no text', { statusCode: 200, body: { a: 1 } }],
    ['headers that are a list', { statusCode: 200, headers: ['a'] }],
  ])('a function that answers %s: 502', async (_, answer) => {
    expect(await api.call('/orders', answering(answer))).toMatchObject({
      status: 502,
      error: 'InternalServerErrorException',
      body: { message: 'Internal server error' },
    });
  });

  test('a function that fails: 502, and nothing of the error', async () => {
    const init = { ...answering(0), body: JSON.stringify({ fail: 'a secret' }) };
    expect(await api.call('/orders', init)).toMatchObject({ status: 502, body: { message: 'Internal server error' } });
  });

  test('a body above 10 MB: 413', async () => {
    const init = { method: 'PUT', body: new Uint8Array(10_485_761) };
    expect(await api.call('/files/large', init)).toMatchObject({ status: 413, error: 'RequestTooLargeException' });
  });

  test('a function the gateway may not call: 500', async () => {
    await cloud.handler('closed');
    const own = await cloud.api({ 'GET /': { function: 'closed' } });
    expect((await own.call('/')).status).toBe(200);
    await cloud.lambda.send(new RemovePermissionCommand({ FunctionName: 'closed', StatementId: 'gateway' }));
    expect(await own.call('/')).toMatchObject({ status: 500, body: { message: 'Internal server error' } });
    // A policy for another path is none for this one.
    const SourceArn = `arn:aws:execute-api:us-east-1:000000000000:${own.restApiId}/test/GET/other`;
    const permission = {
      FunctionName: 'closed',
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
    };
    await cloud.lambda.send(new AddPermissionCommand({ ...permission, StatementId: 'other', SourceArn }));
    expect((await own.call('/')).status).toBe(500);
  });

  test('an integration that takes longer than 29 seconds: 504', async () => {
    await cloud.handler('never', 'never');
    const own = await cloud.api({ 'GET /': { function: 'never' } });
    const pending = own.call('/');
    const late = await Promise.race([pending, advanceUntil(pending)]);
    expect(late).toMatchObject({
      status: 504,
      error: 'InternalServerErrorException',
      body: { message: 'Endpoint request timed out' },
    });
  });
});

/** Moves the clock by the time an integration has, as long as nothing was answered. */
async function advanceUntil<T>(pending: Promise<T>): Promise<T> {
  let done = false;
  pending.finally(() => {
    done = true;
  });
  while (!done) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    await cloud.cloud.clock.advance(10_000);
  }
  return pending;
}

test('a gateway response takes the place of AWS’s: status, headers and template, after deployment', async () => {
  const own = await cloud.api({ 'GET /': { mock: {} } });
  await cloud.gateway.send(
    new PutGatewayResponseCommand({
      restApiId: own.restApiId,
      responseType: 'MISSING_AUTHENTICATION_TOKEN',
      statusCode: '404',
      responseParameters: {
        'gatewayresponse.header.Cache-Control': "'no-store'",
        'gatewayresponse.header.X-Path': 'context.path',
      },
      responseTemplates: {
        'application/problem+json': '{"title":$context.error.messageString,"stage":"$context.stage"}',
      },
    }),
  );
  expect((await own.call('/nowhere')).status).toBe(403);
  await own.deploy();
  const { status, headers, body } = await own.call('/nowhere');
  expect(status).toBe(404);
  expect(body).toEqual({ title: 'Missing Authentication Token', stage: 'test' });
  expect(headers.get('content-type')).toBe('application/problem+json');
  expect([headers.get('cache-control'), headers.get('x-path')]).toEqual(['no-store', '/test/nowhere']);
});

test('what is changed after a deployment is not there until the next', async () => {
  const own = await cloud.api({ 'GET /a': { mock: {} } });
  await cloud.gateway.send(
    new PutGatewayResponseCommand({ restApiId: own.restApiId, responseType: 'DEFAULT_4XX', statusCode: '418' }),
  );
  expect((await own.call('/b')).status).toBe(403);
  await own.deploy();
  expect((await own.call('/b')).status).toBe(418);
});
