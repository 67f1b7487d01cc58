import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr';
import {
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  InvokeCommand,
  type InvokeMode,
} from '@aws-sdk/client-lambda';
import { AwsClient } from 'aws4fetch';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDocker } from './fixtures/docker.ts';
import { eventually, type LambdaCloud, startLambdaCloud } from './fixtures/lambda/support.ts';

const dockerfile = `FROM public.ecr.aws/docker/library/node:24-slim
COPY --from=public.ecr.aws/awsguru/aws-lambda-adapter:1.1.0 /lambda-adapter /opt/extensions/lambda-adapter
WORKDIR /app
COPY server.mjs ./
CMD ["node", "server.mjs"]
`;
/** Answers what it was asked; some paths do something else. It begins to listen START_MS after its start, and not before GATE answers. */
const server = `
import { createServer } from 'node:http';
let requests = 0;
const server = createServer(async (request, response) => {
  requests += 1;
  const path = request.url.split('?')[0];
  if (path === '/health') return response.writeHead(requests < 3 ? 503 : 200).end();
  if (path === '/exit') return process.exit(3);
  if (path === '/bytes') return response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.from([137, 80, 0, 255]));
  if (path === '/cookies') return response.writeHead(201, { 'set-cookie': ['a=1', 'b=2'] }).end();
  if (path === '/status') return response.writeHead(Number(request.headers['x-status'])).end('as you wish');
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  console.log('served ' + request.url);
  response.setHeader('content-type', 'application/json');
  const { method, url, headers } = request;
  response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString(), requests, pid: process.pid }));
});
if (process.env.GATE) await fetch(process.env.GATE);
setTimeout(() => server.listen(8080), Number(process.env.START_MS ?? 0));
`;

let cloud: LambdaCloud;
let docker: ReturnType<typeof createDocker>;
let image: string;

beforeAll(async () => {
  cloud = await startLambdaCloud();
  const ecr = cloud.client(ECRClient);
  docker = createDocker(cloud.endpoint, ecr);
  await ecr.send(new CreateRepositoryCommand({ repositoryName: 'servers' }));
  image = await docker.buildAndPush('servers:one', { Dockerfile: dockerfile, 'server.mjs': server });
});
afterAll(async () => {
  await cloud.close();
  docker.remove();
});

/** What the server saw of a request. */
interface Seen {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>> & {
    readonly 'x-amzn-request-context': string;
    readonly 'x-amzn-lambda-context': string;
  };
  readonly pid: number;
}
const seenBy = async (response: Promise<Response>) => (await (await response).json()) as Seen;

/** Puts the server into a function and answers how to call it through its URL. */
async function deploy(FunctionName: string, Variables: Record<string, string> = {}, mode: InvokeMode = 'BUFFERED') {
  await cloud.lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: cloud.role('Function'),
      PackageType: 'Image',
      Architectures: ['arm64'],
      Code: { ImageUri: image },
      Environment: { Variables },
      Timeout: 30,
    }),
  );
  const { FunctionUrl } = await cloud.lambda.send(
    new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'AWS_IAM', InvokeMode: mode }),
  );
  const aws = new AwsClient({ accessKeyId: 'test', secretAccessKey: 'test', service: 'lambda', retries: 0 });
  return (path: string, init?: RequestInit) =>
    aws.fetch(new URL(`.${path}`, FunctionUrl ?? '').href, { ...init, aws: {} });
}

describe('an HTTP server with the Lambda Web Adapter', () => {
  test('is asked what the caller of the function URL asked, and told of the request and the function', async () => {
    const call = await deploy('plain');
    const response = await call('/orders/7?a=1&a=2', { method: 'PUT', body: 'grüße', headers: { 'x-own': 'yes' } });
    const seen = (await response.json()) as Seen;
    expect(seen).toMatchObject({ method: 'PUT', url: '/orders/7?a=1&a=2', body: 'grüße' });
    expect(seen.headers).toMatchObject({ 'x-own': 'yes', 'content-length': '7' });
    expect(JSON.parse(seen.headers['x-amzn-request-context'])).toMatchObject({
      http: { method: 'PUT', path: '/orders/7' },
      requestId: response.headers.get('x-amzn-requestid'),
    });
    expect(JSON.parse(seen.headers['x-amzn-lambda-context'])).toMatchObject({
      request_id: response.headers.get('x-amzn-requestid'),
      env_config: { function_name: 'plain', version: '$LATEST', memory: 128 },
    });
  });

  test('answers with its status, its cookies and its bytes', async () => {
    const call = await deploy('answers');
    const cookies = await call('/cookies');
    expect([cookies.status, cookies.headers.getSetCookie()]).toEqual([201, ['a=1', 'b=2']]);
    const bytes = await call('/bytes');
    expect(bytes.headers.get('content-type')).toBe('image/png');
    expect([...new Uint8Array(await bytes.arrayBuffer())]).toEqual([137, 80, 0, 255]);
  });

  test('has a port of its own in every environment', async () => {
    const call = await deploy('many');
    const seen = await Promise.all([1, 2, 3].map(async () => (await seenBy(call('/'))).pid));
    expect(new Set(seen).size).toBe(3);
  });

  test('gets no request before its readiness check is passed', async () => {
    const call = await deploy('slow', { START_MS: '300', AWS_LWA_READINESS_CHECK_PATH: '/health' });
    // Its third answer is the first healthy one.
    expect(await seenBy(call('/'))).toMatchObject({ url: '/', requests: 4 });
  });

  test('that takes more than ten seconds to start is started again, within the time of its first request', async () => {
    const starts: ServerResponse[] = [];
    const gate = createServer((_, response) => starts.push(response));
    await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
    const GATE = `http://127.0.0.1:${(gate.address() as AddressInfo).port}`;
    const call = await deploy('late', { GATE });
    const answer = seenBy(call('/'));
    await eventually(() => expect(starts).toHaveLength(1));
    await cloud.cloud.clock.advance(10_000);
    await eventually(() => expect(starts).toHaveLength(2));
    starts[1]?.end();
    expect((await answer).url).toBe('/');
    gate.closeAllConnections();
    gate.close();
  });

  test('is asked by the event itself when that is no HTTP request', async () => {
    await deploy('events', { AWS_LWA_PASS_THROUGH_PATH: '/queue' });
    const { value } = await cloud.invoke('events', { Records: [1] });
    expect(value).toMatchObject({ method: 'POST', url: '/queue', body: '{"Records":[1]}' });
  });

  test('does not see the base path that is to be removed', async () => {
    const call = await deploy('based', { AWS_LWA_REMOVE_BASE_PATH: '/api/' });
    const urlOf = async (path: string) => (await seenBy(call(path))).url;
    expect(await urlOf('/api/api/order?n=1')).toBe('/api/order?n=1');
    expect(await urlOf('/apiorder')).toBe('/apiorder');
  });

  test('fails its invocation with the statuses that are errors', async () => {
    const call = await deploy('strict', { AWS_LWA_ERROR_STATUS_CODES: '500,502-504' });
    const status = async (code: string) => (await call('/status', { headers: { 'x-status': code } })).status;
    expect([await status('503'), await status('501'), await status('404')]).toEqual([502, 501, 404]);
  });

  test('streams its answers when it is told to', async () => {
    const call = await deploy('streaming', { AWS_LWA_INVOKE_MODE: 'response_stream' }, 'RESPONSE_STREAM');
    const response = await call('/cookies');
    expect([response.status, response.headers.getSetCookie()]).toEqual([201, ['a=1', 'b=2']]);
    expect(await seenBy(call('/x'))).toMatchObject({ url: '/x' });
  });

  test('fails the invocation in which it ends, and is started again for the next', async () => {
    const call = await deploy('fragile');
    const first = await seenBy(call('/'));
    expect((await call('/exit')).status).toBe(502);
    // The adapter may report the broken connection before Lambda sees that the server is gone.
    const next = await eventually(() => seenBy(call('/')));
    expect(next.url).toBe('/');
    expect(next.pid).not.toBe(first.pid);
  });

  test('has its lines in the log with those of the platform', async () => {
    const call = await deploy('logging');
    await call('/shown');
    const event = { requestContext: { http: { method: 'GET' } }, rawPath: '/tail' };
    const { LogResult } = await cloud.lambda.send(
      new InvokeCommand({ FunctionName: 'logging', LogType: 'Tail', Payload: Buffer.from(JSON.stringify(event)) }),
    );
    expect(Buffer.from(LogResult ?? '', 'base64').toString()).toMatch(/START.*served \/tail\n.*REPORT/s);
  });
});

test.each([
  [{ AWS_LWA_ENABLE_COMPRESSION: 'true' }, 'AWS_LWA_ENABLE_COMPRESSION is not implemented'],
  [{ ASYNC_INIT: 'true' }, 'ASYNC_INIT is deprecated: its name is AWS_LWA_ASYNC_INIT'],
  [{ PORT: 'http' }, "PORT is 'http', which is not a port"],
])('the stand-in says which settings it does not take: %j', async (variables, problem) => {
  const name = `refuses-${Object.keys(variables)[0]}`;
  await deploy(name, variables as Record<string, string>);
  const { value, LogResult } = await cloud.invoke(name, {}, { LogType: 'Tail' });
  expect(value).toMatchObject({ errorType: 'Extension.Crash' });
  expect(Buffer.from(LogResult ?? '', 'base64').toString()).toContain(problem);
});
