import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  type CreateApiCommandInput,
  CreateAuthorizerCommand,
  type CreateAuthorizerCommandInput,
  CreateIntegrationCommand,
  type CreateIntegrationCommandInput,
  CreateRouteCommand,
  type CreateRouteCommandInput,
  CreateStageCommand,
  type CreateStageCommandInput,
} from '@aws-sdk/client-apigatewayv2';
import { CloudWatchLogsClient, CreateLogGroupCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiCloud, answering, startApiCloud } from './apigateway-support.ts';
import { eventually, functionArn } from './fixtures/lambda/support.ts';

let cloud: ApiCloud;
let client: ApiGatewayV2Client;
beforeAll(async () => {
  cloud = await startApiCloud();
  client = cloud.client(ApiGatewayV2Client);
  await cloud.handler('shop');
  await cloud.handler('simple', 'authorizeSimply');
  await cloud.handler('guard', 'authorize');
});
afterAll(() => cloud.close());

interface Options {
  readonly settings?: Partial<CreateApiCommandInput>;
  readonly integration?: Partial<CreateIntegrationCommandInput>;
  readonly stage?: Partial<CreateStageCommandInput>;
  readonly route?: Partial<CreateRouteCommandInput>;
  readonly authorizer?: Partial<CreateAuthorizerCommandInput>;
}

/** An API whose routes all lead to the function `shop`, and to others by what is said. */
async function httpApi(routeKeys: readonly string[], options: Options = {}) {
  const { ApiId } = await client.send(
    new CreateApiCommand({ Name: 'shop', ProtocolType: 'HTTP', ...options.settings }),
  );
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: functionArn('shop'),
      PayloadFormatVersion: '2.0',
      ...options.integration,
    }),
  );
  const { AuthorizerId } = options.authorizer
    ? await client.send(
        new CreateAuthorizerCommand({
          ApiId,
          Name: 'guard',
          AuthorizerType: 'REQUEST',
          IdentitySource: [],
          ...options.authorizer,
        }),
      )
    : {};
  const Target = `integrations/${IntegrationId}`;
  for (const RouteKey of routeKeys) {
    await client.send(new CreateRouteCommand({ ApiId, RouteKey, Target, ...options.route, AuthorizerId }));
  }
  await client.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true, ...options.stage }));
  const url = `${cloud.endpoint}/execute-api/${ApiId}`;
  return {
    ApiId,
    Target,
    async call(path: string, init: RequestInit = {}) {
      const response = await fetch(url + path, init);
      const text = await response.text();
      const { status, headers } = response;
      return { status, headers, body: text === '' ? undefined : JSON.parse(text) };
    },
  };
}

test('a function is given an event of format 2.0', async () => {
  const api = await httpApi(['GET /orders/{id}'], { stage: { StageVariables: { table: 'orders' } } });
  const headers = { 'X-Shop': 'Nine', cookie: 'a=1; b=2', 'user-agent': 'test' };
  const { body } = await api.call('/orders/7%20a?tag=a&tag=b', { headers });
  expect(body).toMatchObject({
    version: '2.0',
    routeKey: 'GET /orders/{id}',
    rawPath: '/orders/7%20a',
    rawQueryString: 'tag=a&tag=b',
    cookies: ['a=1', 'b=2'],
    headers: { 'x-shop': 'Nine', host: `${api.ApiId}.execute-api.us-east-1.amazonaws.com` },
    queryStringParameters: { tag: 'a,b' },
    pathParameters: { id: '7 a' },
    stageVariables: { table: 'orders' },
    isBase64Encoded: false,
    requestContext: {
      accountId: '000000000000',
      apiId: api.ApiId,
      http: { method: 'GET', path: '/orders/7%20a', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      routeKey: 'GET /orders/{id}',
      stage: '$default',
    },
  });
});

test('or of format 1.0', async () => {
  const api = await httpApi(['GET /orders/{id}'], { integration: { PayloadFormatVersion: '1.0' } });
  expect((await api.call('/orders/7?tag=a&tag=b')).body).toMatchObject({
    version: '1.0',
    resource: '/orders/{id}',
    path: '/orders/7',
    httpMethod: 'GET',
    pathParameters: { id: '7' },
    multiValueQueryStringParameters: { tag: ['a', 'b'] },
    requestContext: { stage: '$default', httpMethod: 'GET' },
    body: null,
  });
});

test('the closest route counts: method before ANY, fixed before variable before greedy, then $default', async () => {
  const keys = ['GET /orders/latest', 'GET /orders/{id}', 'ANY /orders/{id}', 'ANY /{path+}', '$default'];
  const api = await httpApi(keys);
  const routeOf = async (path: string, method = 'GET') => (await api.call(path, { method })).body.routeKey;
  expect(await routeOf('/orders/latest')).toBe('GET /orders/latest');
  expect(await routeOf('/orders/7')).toBe('GET /orders/{id}');
  expect(await routeOf('/orders/7', 'DELETE')).toBe('ANY /orders/{id}');
  expect(await routeOf('/a/b/c')).toBe('ANY /{path+}');
  expect(await routeOf('/')).toBe('$default');
});

test('answers: JSON as it is, or status, headers and cookies; what is none is a 500', async () => {
  const api = await httpApi(['POST /']);
  const plain = await api.call('/', answering({ tea: 1 }));
  expect([plain.status, plain.headers.get('content-type'), plain.body]).toEqual([200, 'application/json', { tea: 1 }]);
  const { status, headers } = await api.call(
    '/',
    answering({ statusCode: 201, headers: { 'X-One': 1 }, cookies: ['a=1', 'b=2'], body: '{}' }),
  );
  expect([status, headers.get('x-one'), headers.getSetCookie()]).toEqual([201, '1', ['a=1', 'b=2']]);
  const broken = { status: 500, body: { message: 'Internal Server Error' } };
  expect(await api.call('/', answering({ statusCode: 'often' }))).toMatchObject(broken);
  expect(await api.call('/', { ...answering(0), body: JSON.stringify({ fail: 'a secret' }) })).toMatchObject(broken);
});

test('a path no route has is not found, and a change is there at once where the stage deploys itself', async () => {
  const api = await httpApi(['GET /a']);
  expect(await api.call('/b')).toMatchObject({ status: 404, body: { message: 'Not Found' } });
  await client.send(new CreateRouteCommand({ ApiId: api.ApiId, RouteKey: 'GET /b', Target: api.Target }));
  expect((await api.call('/b')).status).toBe(200);
});

test('a stage with a name is part of the path', async () => {
  const api = await httpApi(['GET /orders'], { stage: { StageName: 'dev' } });
  const { body } = await api.call('/dev/orders');
  expect(body).toMatchObject({ rawPath: '/dev/orders', requestContext: { stage: 'dev' } });
  expect((await api.call('/orders')).status).toBe(403);
});

test('CORS: the gateway answers the browser itself', async () => {
  const CorsConfiguration = {
    AllowOrigins: ['https://a.example'],
    AllowMethods: ['GET'],
    AllowHeaders: ['x-shop'],
    MaxAge: 60,
  };
  const api = await httpApi(['GET /'], { settings: { CorsConfiguration } });
  const origin = { origin: 'https://a.example' };
  const preflight = await api.call('/', {
    method: 'OPTIONS',
    headers: { ...origin, 'access-control-request-method': 'GET' },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-methods')).toBe('GET');
  expect((await api.call('/', { headers: origin })).headers.get('access-control-allow-origin')).toBe(
    'https://a.example',
  );
  expect(
    (await api.call('/', { headers: { origin: 'https://b.example' } })).headers.get('access-control-allow-origin'),
  ).toBeNull();
});

test('routes have limits of their own', async () => {
  const DefaultRouteSettings = { ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 2 };
  const api = await httpApi(['GET /a', 'GET /b'], { stage: { DefaultRouteSettings } });
  expect((await api.call('/a')).status).toBe(200);
  expect((await api.call('/a')).status).toBe(200);
  expect(await api.call('/a')).toMatchObject({ status: 429, body: { message: 'Too Many Requests' } });
  expect((await api.call('/b')).status).toBe(200);
});

test('a stage writes a line for every request', async () => {
  const logs = cloud.client(CloudWatchLogsClient);
  await logs.send(new CreateLogGroupCommand({ logGroupName: 'http-access' }));
  const AccessLogSettings = {
    DestinationArn: 'arn:aws:logs:us-east-1:000000000000:log-group:http-access',
    Format:
      '{"id":"$context.requestId","route":"$context.routeKey","status":$context.status,"user":"$context.authorizer.claims.sub"}',
  };
  const api = await httpApi(['GET /orders'], { stage: { AccessLogSettings } });
  const { headers } = await api.call('/orders');
  await api.call('/nowhere');
  await eventually(async () => {
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: 'http-access' }));
    const lines = events.map(({ message = '' }) => JSON.parse(message));
    expect(lines).toHaveLength(2);
    expect(lines).toContainEqual({ id: headers.get('apigw-requestid'), route: 'GET /orders', status: 200, user: '-' });
    expect(lines).toContainEqual(expect.objectContaining({ route: '-', status: 404 }));
  });
});

describe('Lambda authorizers', () => {
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  const simple = {
    AuthorizerUri: functionArn('simple'),
    AuthorizerPayloadFormatVersion: '2.0',
    EnableSimpleResponses: true,
    IdentitySource: ['$request.header.Authorization'],
  };

  test('say yes or no, with what the function learns', async () => {
    const api = await httpApi(['GET /orders'], { authorizer: simple, route: { AuthorizationType: 'CUSTOM' } });
    const { status, body } = await api.call('/orders', bearer('yes'));
    expect(status).toBe(200);
    expect(body.requestContext.authorizer.lambda).toMatchObject({ routeKey: 'GET /orders', list: ['a'] });
    expect(await api.call('/orders', bearer('no'))).toMatchObject({ status: 403, body: { message: 'Forbidden' } });
    expect(await api.call('/orders')).toMatchObject({ status: 401, body: { message: 'Unauthorized' } });
    expect((await api.call('/orders', bearer('broken'))).status).toBe(500);
  });

  test('are asked again every time unless they say for how long they are right', async () => {
    const askedBy = async (AuthorizerResultTtlInSeconds: number) => {
      const authorizer = { ...simple, AuthorizerResultTtlInSeconds };
      const api = await httpApi(['GET /orders'], { authorizer, route: { AuthorizationType: 'CUSTOM' } });
      const asked = async () => (await api.call('/orders', bearer('yes'))).body.requestContext.authorizer.lambda.asked;
      const first = await asked();
      return (await asked()) === first;
    };
    expect([await askedBy(0), await askedBy(60)]).toEqual([false, true]);
  });

  test('or answer a policy', async () => {
    const authorizer = { ...simple, AuthorizerUri: functionArn('guard'), EnableSimpleResponses: false };
    const route = { AuthorizationType: 'CUSTOM' as const };
    const api = await httpApi(['GET /orders', 'GET /report'], { authorizer, route });
    const token = bearer('allow key-of-twenty-characters orders');
    expect((await api.call('/orders', token)).body.requestContext.authorizer.lambda.tenant).toBe('acme');
    expect((await api.call('/report', token)).status).toBe(403);
  });
});

describe('JWT authorizers', () => {
  let issuer: Server;
  let address: string;
  let sign: (claims?: JWTPayload, kid?: string) => Promise<string>;
  beforeAll(async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const { privateKey: foreign } = await generateKeyPair('RS256');
    const key = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
    issuer = createServer(({ url }, response) => {
      const document = url?.endsWith('openid-configuration')
        ? { issuer: address, jwks_uri: `${address}/keys` }
        : { keys: [key] };
      response.end(JSON.stringify(document));
    });
    await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`;
    const now = Math.floor(Date.now() / 1000);
    sign = (claims = {}, kid = 'one') =>
      new SignJWT({
        iss: address,
        aud: 'shop',
        sub: 'user-1',
        iat: now - 10,
        exp: now + 3600,
        scope: 'read write',
        ...claims,
      })
        .setProtectedHeader({ alg: 'RS256', kid })
        .sign(kid === 'foreign' ? foreign : privateKey);
  });
  afterAll(() => issuer.close());

  const guarded = (AuthorizationScopes?: string[]) =>
    httpApi(['GET /orders'], {
      authorizer: {
        AuthorizerType: 'JWT',
        JwtConfiguration: { Issuer: address, Audience: ['shop'] },
        IdentitySource: ['$request.header.Authorization'],
      },
      route: { AuthorizationType: 'JWT', ...(AuthorizationScopes && { AuthorizationScopes }) },
    });
  const bearing = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

  test('let a good token through, and the function sees its claims as texts', async () => {
    const api = await guarded();
    const { status, body } = await api.call('/orders', bearing(await sign({ groups: ['a', 'b'], admin: true })));
    expect(status).toBe(200);
    expect(body.requestContext.authorizer.jwt).toMatchObject({
      claims: { sub: 'user-1', groups: '[a b]', admin: 'true' },
      scopes: ['read', 'write'],
    });
  });

  test.each([
    ['of another issuer', { iss: 'https://other.example' }],
    ['for another audience', { aud: 'other' }],
    ['for another client', { aud: undefined, client_id: 'other' }],
    ['expired', { exp: 1 }],
    ['not yet good', { nbf: Math.floor(Date.now() / 1000) + 600 }],
    ['issued tomorrow', { iat: Math.floor(Date.now() / 1000) + 86_400 }],
    ['that never expires', { exp: undefined }],
  ])('refuse one %s', async (_, claims) => {
    const { status, headers, body } = await (await guarded()).call('/orders', bearing(await sign(claims)));
    expect([status, body]).toEqual([401, { message: 'Unauthorized' }]);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer .*error="invalid_token"/);
  });

  test('refuse no token, garbage, alg none, a changed token and another’s key', async () => {
    const api = await guarded();
    const good = await sign();
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${good.split('.')[1]}.`;
    const changed = good.replace(/\.[^.]+\./, `.${Buffer.from('{"sub":"admin"}').toString('base64url')}.`);
    for (const token of ['', 'garbage', none, changed, await sign({}, 'foreign')]) {
      expect((await api.call('/orders', token === '' ? {} : bearing(token))).status).toBe(401);
    }
  });

  test('a route may want a scope', async () => {
    const token = bearing(await sign());
    expect((await (await guarded(['write'])).call('/orders', token)).status).toBe(200);
    const { status, headers } = await (await guarded(['delete'])).call('/orders', token);
    expect([status, headers.get('www-authenticate')]).toEqual([403, expect.stringContaining('insufficient_scope')]);
  });
});

test.each([
  ['a route without a method', (ApiId: string) => new CreateRouteCommand({ ApiId, RouteKey: '/orders' })],
  ['an API key', (ApiId: string) => new CreateRouteCommand({ ApiId, RouteKey: 'GET /', ApiKeyRequired: true })],
  [
    'a target that is not there',
    (ApiId: string) => new CreateRouteCommand({ ApiId, RouteKey: 'GET /', Target: 'integrations/none' }),
  ],
])('%s is refused', async (_, command) => {
  const { ApiId } = await httpApi([]);
  await expect(client.send(command(ApiId ?? ''))).rejects.toMatchObject({ name: 'BadRequestException' });
});
