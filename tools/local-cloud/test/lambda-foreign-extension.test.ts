import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { DeleteFunctionCommand, PublishLayerVersionCommand } from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, file, type LambdaCloud, startLambdaCloud } from './fixtures/lambda/support.ts';

/** Sentry's Lambda extension as it is published: it takes envelopes on port 9000 and sends them on. */
const sentry = join(dirname(createRequire(import.meta.url).resolve('@sentry/aws-serverless/package.json')), 'build');
const extension = (name: string) => file(readFileSync(join(sentry, 'lambda-extension', name), 'utf8'), 0o755);

/** Sends an envelope as Sentry's SDK does, to the extension on its own port. */
const handler = `export const handler = async ({ dsn, id, wait }) => {
  const envelope = JSON.stringify({ dsn }) + '\\n' + JSON.stringify({ type: 'event' }) + '\\n' + JSON.stringify({ id });
  const response = await fetch('http://localhost:9000/envelope', { method: 'POST', body: envelope });
  if (wait) await fetch(wait);
  return { status: response.status, pid: process.pid };
};`;

let cloud: LambdaCloud;
let sentryServer: Server;
let dsn: string;
const envelopes: string[] = [];

beforeAll(async () => {
  cloud = await startLambdaCloud();
  sentryServer = createServer(async (request, response) => {
    envelopes.push(`${request.url} ${(await text(request)).split('\n').at(-1)}`);
    response.end('{}');
  });
  await new Promise<void>((resolve) => sentryServer.listen(0, '127.0.0.1', resolve));
  dsn = `http://key@127.0.0.1:${(sentryServer.address() as AddressInfo).port}/42`;
  const ZipFile = zipSync({
    'extensions/sentry-extension': extension('sentry-extension'),
    'sentry-extension/index.mjs': extension('index.mjs'),
  });
  const layer = await cloud.lambda.send(new PublishLayerVersionCommand({ LayerName: 'sentry', Content: { ZipFile } }));
  await cloud.create('watched', 'handler', {
    Handler: 'index.handler',
    Code: { ZipFile: zipSync({ 'index.mjs': Buffer.from(handler) }) },
    Layers: [layer.LayerVersionArn ?? ''],
    Timeout: 20,
  });
});
afterAll(async () => {
  await cloud.close();
  sentryServer.close();
});

test("Sentry's extension from npm registers, works and does not stand in the way of invocations", async () => {
  const { value, LogResult } = await cloud.invoke('watched', { dsn, id: 1 }, { LogType: 'Tail' });
  expect(value).toMatchObject({ status: 200 });
  const log = Buffer.from(LogResult ?? '', 'base64').toString();
  expect(log).toContain('EXTENSION\tName: sentry-extension\tState: Ready\tEvents: [INVOKE, SHUTDOWN]');
  // What it prints itself is in the function's log.
  expect(log).toContain('Sentry Lambda extension: SENTRY_DSN is not set or is invalid');
  // The same environment again: the extension asked for its next event.
  expect((await cloud.invoke('watched', { dsn, id: 2 })).value).toEqual(value);
  // It answers before it has sent an envelope on: one that is on its way when the environment freezes leaves with the next.
  await eventually(async () => {
    await cloud.invoke('watched', { dsn, id: 0 });
    const sent = (id: number) => `/api/42/envelope/?sentry_version=7&sentry_key=key {"id":${id}}`;
    expect(envelopes).toEqual(expect.arrayContaining([sent(1), sent(2)]));
  });
});

test('two environments have port 9000 each', async () => {
  const gate = Promise.withResolvers<void>();
  let waiting = 0;
  const gates = createServer(async (_, response) => {
    waiting += 1;
    if (waiting === 2) gate.resolve();
    await gate.promise;
    response.end();
  });
  await new Promise<void>((resolve) => gates.listen(0, '127.0.0.1', resolve));
  const wait = `http://127.0.0.1:${(gates.address() as AddressInfo).port}`;
  // Each waits until the other has got its answer from the extension: they run at once.
  const both = await Promise.all([3, 4].map((id) => cloud.invoke('watched', { dsn, id, wait })));
  gates.close();
  expect(both.map(({ value }) => value.status)).toEqual([200, 200]);
  expect(new Set(both.map(({ value }) => value.pid)).size).toBe(2);
});

test('it goes with its function', async () => {
  const { value } = await cloud.invoke('watched', { dsn, id: 5 });
  await cloud.lambda.send(new DeleteFunctionCommand({ FunctionName: 'watched' }));
  await eventually(() => expect(() => process.kill(value.pid, 0)).toThrow('ESRCH'));
});
