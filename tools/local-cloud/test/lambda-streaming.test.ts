import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  AddPermissionCommand,
  CreateFunctionUrlConfigCommand,
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  type InvokeWithResponseStreamCommandInput,
  type InvokeWithResponseStreamResponseEvent,
} from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LambdaCloud, startLambdaCloud } from './fixtures/lambda/support.ts';

let cloud: LambdaCloud;
const ZipFile = zipSync({
  'streaming.mjs': readFileSync(join(import.meta.dirname, 'fixtures/lambda/functions/streaming.mjs')),
});
const handlers = ['inTwo', 'page', 'failing', 'large', 'buffered', 'bufferedFailing'];

/** A gate is open from the first call of `open` on; functions wait until then. */
const opened = new Map<string, PromiseWithResolvers<void>>();
const gateOf = (path: string) => {
  const found = opened.get(path) ?? Promise.withResolvers<void>();
  opened.set(path, found);
  return found;
};
const gates = createServer((request, response) => {
  void gateOf(request.url ?? '').promise.then(() => response.end());
});
function newGate() {
  const path = `/${opened.size}`;
  const { port } = gates.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}${path}`, open: () => gateOf(path).resolve() };
}

beforeAll(async () => {
  await new Promise<void>((resolve) => gates.listen(0, '127.0.0.1', resolve));
  cloud = await startLambdaCloud();
  const create = (name: string, handler = name, Timeout = 900) =>
    cloud.create(name, name, { Handler: `streaming.${handler}`, Code: { ZipFile }, Timeout });
  await Promise.all([...handlers.map((name) => create(name)), create('late', 'failing', 1)]);
});
afterAll(async () => {
  await cloud.close();
  gates.closeAllConnections();
  gates.close();
});

type Events = AsyncIterable<InvokeWithResponseStreamResponseEvent>;

async function invoke(
  FunctionName: string,
  event: object = {},
  more: Partial<InvokeWithResponseStreamCommandInput> = {},
) {
  const input = { FunctionName, Payload: Buffer.from(JSON.stringify(event)), ...more };
  const output = await cloud.lambda.send(new InvokeWithResponseStreamCommand(input));
  return { ...output, events: output.EventStream as Events };
}

/** Reads a stream to its end. */
async function read(events: Events) {
  let text = '';
  for await (const { PayloadChunk, InvokeComplete } of events) {
    text += Buffer.from(PayloadChunk?.Payload ?? []).toString();
    if (InvokeComplete) return { text, complete: InvokeComplete };
  }
  throw new Error('The stream ended without InvokeComplete');
}

describe('InvokeWithResponseStream', () => {
  test('gives each chunk when the function has written it', async () => {
    const gate = newGate();
    const { events, StatusCode, ExecutedVersion } = await invoke('inTwo', { gate: gate.url });
    expect({ StatusCode, ExecutedVersion }).toEqual({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    const chunks: string[] = [];
    for await (const { PayloadChunk } of events) {
      if (PayloadChunk) chunks.push(Buffer.from(PayloadChunk.Payload ?? []).toString());
      // The function writes its second chunk only after its first has come here.
      gate.open();
    }
    expect(chunks.join('')).toBe('first second');
  });

  test('gives the answer of a function that does not stream in one chunk', async () => {
    expect(await read((await invoke('buffered')).events)).toEqual({ text: '{"at":"once"}', complete: {} });
  });

  test('brings the log at the end', async () => {
    const { complete } = await read((await invoke('buffered', {}, { LogType: 'Tail' })).events);
    expect(Buffer.from(complete.LogResult ?? '', 'base64').toString()).toContain('REPORT RequestId');
  });

  test('says at the end what went wrong after the beginning', async () => {
    const { text, complete } = await read((await invoke('failing', { after: 'so far ' })).events);
    expect([text, complete.ErrorCode]).toEqual(['so far ', 'RangeError']);
    expect(JSON.parse(complete.ErrorDetails ?? '')).toMatchObject({ errorMessage: 'half way' });
  });

  test('says that the function timed out, before or after the beginning', async () => {
    const { text, complete } = await read((await invoke('late', { after: 'so far ', timeout: true })).events);
    expect([text, complete.ErrorCode]).toEqual(['so far ', 'Sandbox.Timedout']);
    const before = await read((await invoke('late', { timeout: true })).events);
    expect(before.complete.ErrorCode).toBe('Unhandled');
    expect(before.complete.ErrorDetails).toContain('Task timed out after 1.00 seconds');
  });

  test('says what went wrong in a function that does not stream', async () => {
    const { text, complete } = await read((await invoke('bufferedFailing')).events);
    expect([text, complete.ErrorCode]).toEqual(['', 'Unhandled']);
    expect(JSON.parse(complete.ErrorDetails ?? '')).toMatchObject({ errorType: 'RangeError', errorMessage: 'at once' });
  });

  test('takes more than the 6 MB of Invoke, up to 200', async () => {
    const received = async (megabytes: number) => {
      let bytes = 0;
      for await (const { PayloadChunk, InvokeComplete } of (await invoke('large', { megabytes })).events) {
        bytes += PayloadChunk?.Payload?.length ?? 0;
        if (InvokeComplete) return [bytes / 1024 / 1024, InvokeComplete.ErrorCode];
      }
      return [];
    };
    expect(await received(7)).toEqual([7, undefined]);
    expect((await received(201))[1]).toBe('Function.ResponseSizeTooLarge');
    expect((await cloud.invoke('large', { megabytes: 7 })).value.errorType).toBe('Function.ResponseSizeTooLarge');
  });
});

test('Invoke collects what a function streams', async () => {
  const gate = newGate();
  gate.open();
  const input = { FunctionName: 'inTwo', Payload: Buffer.from(JSON.stringify({ gate: gate.url })) };
  const { Payload } = await cloud.lambda.send(new InvokeCommand(input));
  expect(Buffer.from(Payload ?? []).toString()).toBe('first second');
});

describe('a function URL that streams', () => {
  let url: string;
  beforeAll(async () => {
    const everybody = { FunctionName: 'page', Principal: '*' };
    const { FunctionUrl } = await cloud.lambda.send(
      new CreateFunctionUrlConfigCommand({ FunctionName: 'page', AuthType: 'NONE', InvokeMode: 'RESPONSE_STREAM' }),
    );
    const permissions = [
      { StatementId: 'url', Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' },
      { StatementId: 'invoke', Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true },
    ] as const;
    for (const permission of permissions) {
      await cloud.lambda.send(new AddPermissionCommand({ ...everybody, ...permission }));
    }
    url = FunctionUrl ?? '';
  });

  test('answers with the status, headers and cookies of the function before it has ended', async () => {
    const gate = newGate();
    const response = await fetch(`${url}page?gate=${gate.url}`);
    expect([response.status, response.headers.get('content-type')]).toEqual([201, 'text/html']);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    gate.open();
    expect(await response.text()).toBe('<p>/page</p>');
  });

  test('cuts the connection when the function fails after the beginning', async () => {
    const response = await fetch(`${url}?fail=yes`);
    expect(response.status).toBe(201);
    await expect(response.text()).rejects.toThrow('terminated');
  });
});
