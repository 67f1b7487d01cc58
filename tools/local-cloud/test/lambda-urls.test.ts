import {
  AddPermissionCommand,
  CreateFunctionUrlConfigCommand,
  type CreateFunctionUrlConfigCommandInput,
  DeleteFunctionUrlConfigCommand,
  GetFunctionUrlConfigCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda';
import { AwsClient } from 'aws4fetch';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rootCredentials } from '../src/testing.ts';
import { functionArn, type LambdaCloud, startLambdaCloud } from './fixtures/lambda/support.ts';

let cloud: LambdaCloud;
beforeAll(async () => {
  cloud = await startLambdaCloud();
});
afterAll(() => cloud.close());

/** What the function learns about a caller who signed. */
interface IamEvent {
  readonly requestContext: { readonly accountId: string; readonly authorizer: { readonly iam: object } };
  readonly headers: object;
}

type UrlSettings = Partial<CreateFunctionUrlConfigCommandInput>;

/** A function with a URL, public unless said otherwise. */
async function withUrl(FunctionName: string, handler: string, settings: UrlSettings = {}): Promise<string> {
  await cloud.create(FunctionName, handler);
  const { FunctionUrl } = await cloud.lambda.send(
    new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE', ...settings }),
  );
  if ((settings.AuthType ?? 'NONE') === 'NONE') await open(FunctionName);
  return FunctionUrl ?? '';
}

async function open(FunctionName: string): Promise<void> {
  const everybody = { FunctionName, Principal: '*' };
  await cloud.lambda.send(
    new AddPermissionCommand({
      ...everybody,
      StatementId: 'url',
      Action: 'lambda:InvokeFunctionUrl',
      FunctionUrlAuthType: 'NONE',
    }),
  );
  await cloud.lambda.send(
    new AddPermissionCommand({
      ...everybody,
      StatementId: 'invoke',
      Action: 'lambda:InvokeFunction',
      InvokedViaFunctionUrl: true,
    }),
  );
}

const answering = (answer: unknown) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ answer }),
});

describe('the event of a function URL', () => {
  let url: string;
  beforeAll(async () => {
    url = await withUrl('events', 'respond');
  });
  const eventOf = async (path: string, init: RequestInit = {}) => (await fetch(url + path, init)).json();

  test('has payload format 2.0', async () => {
    const id = url.split('/').at(-2);
    const host = `${id}.lambda-url.us-east-1.on.aws`;
    expect(
      await eventOf('orders/7%20a?size=xl&tag=a&tag=b%2Cc', {
        headers: { 'X-Shop': 'Nine', cookie: 'a=1; b=2', 'user-agent': 'test' },
      }),
    ).toEqual({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/orders/7%20a',
      rawQueryString: 'size=xl&tag=a&tag=b%2Cc',
      cookies: ['a=1', 'b=2'],
      headers: expect.objectContaining({
        host,
        'x-shop': 'Nine',
        'user-agent': 'test',
        'x-forwarded-proto': 'https',
        'x-forwarded-port': '443',
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      }),
      queryStringParameters: { size: 'xl', tag: 'a,b,c' },
      requestContext: {
        accountId: 'anonymous',
        apiId: id,
        domainName: host,
        domainPrefix: id,
        http: {
          method: 'GET',
          path: '/orders/7%20a',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test',
        },
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        routeKey: '$default',
        stage: '$default',
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
      isBase64Encoded: false,
    });
  });

  test.each([
    ['application/json', '{"grüße":1}', false],
    ['text/plain; charset=utf-8', 'grüße', false],
    ['application/problem+json', '{}', false],
    ['application/octet-stream', 'grüße', true],
    ['application/x-www-form-urlencoded', 'a=1', true],
  ])('carries a body of type %s as %j, base64: %j', async (type, body, isBase64Encoded) => {
    const echoUrl = await withUrl(`body-${type.replaceAll(/\W/g, '-')}`, 'echo');
    const answer = await fetch(echoUrl, { method: 'POST', body, headers: { 'content-type': type } });
    const { event } = (await answer.json()) as { event: { body: string; isBase64Encoded: boolean } };
    expect(event.isBase64Encoded).toBe(isBase64Encoded);
    expect(isBase64Encoded ? Buffer.from(event.body, 'base64').toString() : event.body).toBe(body);
  });
});

describe('the answer of a function URL', () => {
  let url: string;
  beforeAll(async () => {
    url = await withUrl('answers', 'respond');
  });
  async function answerFor(answer: unknown) {
    const response = await fetch(url, answering(answer));
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      text: await response.text(),
      response,
    };
  }

  test.each<[string, unknown, number, string, string]>([
    ['an object without statusCode', { a: 1 }, 200, 'application/json', '{"a":1}'],
    ['a string', 'hello', 200, 'application/json', 'hello'],
    ['null', null, 200, 'application/json', 'null'],
    ['a status alone', { statusCode: 404 }, 404, 'application/json', ''],
    [
      'status, header and body',
      { statusCode: 201, headers: { 'Content-Type': 'text/html' }, body: '<p>' },
      201,
      'text/html',
      '<p>',
    ],
    [
      'a body in base64',
      { statusCode: 200, body: Buffer.from('raw').toString('base64'), isBase64Encoded: true },
      200,
      'application/json',
      'raw',
    ],
    ['a status that is none', { statusCode: 'soon' }, 502, 'text/plain', 'Internal Server Error'],
  ])('for %s', async (_, answer, status, type, text) => {
    expect(await answerFor(answer)).toMatchObject({ status, type, text });
  });

  test('sets each cookie, and says which request it was', async () => {
    const { response } = await answerFor({ statusCode: 200, cookies: ['a=1; Secure', 'b=2'] });
    expect(response.headers.getSetCookie()).toEqual(['a=1; Secure', 'b=2']);
    expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.headers.get('x-amzn-trace-id')).toMatch(/^Root=1-/);
  });

  test('is 502 when the function fails, without a word about why', async () => {
    const response = await fetch(await withUrl('failing-url', 'respondWithError'));
    expect([response.status, await response.text()]).toEqual([502, 'Internal Server Error']);
  });

  test('is 429 when the function is throttled', async () => {
    const throttled = await withUrl('throttled-url', 'respond');
    await cloud.lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: 'throttled-url', ReservedConcurrentExecutions: 0 }),
    );
    expect((await fetch(throttled)).status).toBe(429);
  });

  test('is 413 when the event would pass 6 MB', async () => {
    const body = Buffer.alloc(5 * 1024 * 1024);
    expect((await fetch(url, { method: 'POST', body })).status).toBe(413);
  });
});

describe('access', () => {
  test('to a public URL takes both permissions', async () => {
    await cloud.create('half-open', 'respond');
    const { FunctionUrl = '' } = await cloud.lambda.send(
      new CreateFunctionUrlConfigCommand({ FunctionName: 'half-open', AuthType: 'NONE' }),
    );
    await cloud.lambda.send(
      new AddPermissionCommand({
        FunctionName: 'half-open',
        StatementId: 'half',
        Principal: '*',
        Action: 'lambda:InvokeFunctionUrl',
        FunctionUrlAuthType: 'NONE',
      }),
    );
    const response = await fetch(FunctionUrl);
    expect([response.status, await response.json()]).toEqual([403, { Message: 'Forbidden' }]);
    await cloud.lambda.send(
      new AddPermissionCommand({
        FunctionName: 'half-open',
        StatementId: 'other-half',
        Principal: '*',
        Action: 'lambda:InvokeFunction',
        InvokedViaFunctionUrl: true,
      }),
    );
    expect((await fetch(FunctionUrl)).status).toBe(200);
  });

  describe('to a URL with AWS_IAM', () => {
    let url: string;
    beforeAll(async () => {
      url = await withUrl('protected', 'respond', { AuthType: 'AWS_IAM' });
    });
    const signedFetch = (credentials: { accessKeyId: string; secretAccessKey: string }, service = 'lambda') =>
      new AwsClient({ ...credentials, service, region: 'us-east-1', retries: 0 }).fetch(url);
    const allow = (Action: string | string[], more: object = {}) => ({
      Effect: 'Allow',
      Action,
      Resource: functionArn('protected'),
      ...more,
    });

    test('is refused without a signature, with a wrong one and with one for another service', async () => {
      const statuses = [
        await fetch(url),
        await signedFetch({ accessKeyId: 'test', secretAccessKey: 'wrong' }),
        await signedFetch(rootCredentials, 'execute-api'),
      ].map(({ status }) => status);
      expect(statuses).toEqual([403, 403, 403]);
    });

    test('is given to callers with both permissions, and the function learns who they are', async () => {
      const both = allow(['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction']);
      const credentials = await cloud.userWith('both', both);
      const response = await signedFetch(credentials);
      expect(response.status).toBe(200);
      const { requestContext, headers } = (await response.json()) as IamEvent;
      expect(requestContext.authorizer.iam).toMatchObject({
        accountId: '000000000000',
        accessKey: credentials.accessKeyId,
        userArn: 'arn:aws:iam::000000000000:user/both',
      });
      expect(requestContext.accountId).toBe('000000000000');
      expect(headers).not.toHaveProperty('authorization');
    });

    test.each<[string, object]>([
      ['only-the-url', allow('lambda:InvokeFunctionUrl')],
      ['only-the-function', allow('lambda:InvokeFunction')],
      [
        'only-public-urls',
        allow('lambda:Invoke*', { Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } } }),
      ],
    ])('is refused to callers with %s', async (user, statement) => {
      const response = await signedFetch(await cloud.userWith(user, statement));
      expect([response.status, await response.json()]).toEqual([403, { Message: 'Forbidden' }]);
    });
  });

  test("to a URL that is nobody's is forbidden", async () => {
    expect((await fetch(`${cloud.endpoint}/lambda-url/nobody/`)).status).toBe(403);
  });
});

describe('cross-origin requests', () => {
  const Cors = {
    AllowOrigins: ['https://shop.example'],
    AllowMethods: ['GET', 'POST'],
    AllowHeaders: ['x-shop'],
    ExposeHeaders: ['x-total'],
    AllowCredentials: true,
    MaxAge: 60,
  };
  const preflight = { 'access-control-request-method': 'POST' };

  test('are announced to and answered for allowed origins', async () => {
    const url = await withUrl('cors', 'respondWithError', { Cors });
    const before = await fetch(url, { method: 'OPTIONS', headers: { ...preflight, origin: 'https://shop.example' } });
    expect(Object.fromEntries(before.headers)).toMatchObject({
      'access-control-allow-origin': 'https://shop.example',
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'x-shop',
      'access-control-allow-credentials': 'true',
      'access-control-max-age': '60',
    });
    const answer = await fetch(url, { headers: { origin: 'https://shop.example' } });
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'access-control-allow-origin': 'https://shop.example',
      'access-control-expose-headers': 'x-total',
    });
  });

  test('of other origins get no permission', async () => {
    const url = await withUrl('cors-other', 'respond', { Cors });
    const headers = { ...preflight, origin: 'https://evil.example' };
    expect((await fetch(url, { method: 'OPTIONS', headers })).headers.has('access-control-allow-origin')).toBe(false);
  });
});

describe('the configuration of a function URL', () => {
  test('is one for each function, and can be changed and deleted', async () => {
    const url = await withUrl('configured-url', 'respond');
    const FunctionName = 'configured-url';
    await expect(
      cloud.lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE' })),
    ).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message: `Failed to create function url config for [functionArn = ${functionArn(FunctionName)}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
    });
    await cloud.lambda.send(new UpdateFunctionUrlConfigCommand({ FunctionName, AuthType: 'AWS_IAM' }));
    expect((await fetch(url)).status).toBe(403);
    await cloud.lambda.send(new DeleteFunctionUrlConfigCommand({ FunctionName }));
    await expect(cloud.lambda.send(new GetFunctionUrlConfigCommand({ FunctionName }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The resource you requested does not exist.',
    });
  });
});
