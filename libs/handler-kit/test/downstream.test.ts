import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createDownstream, type DownstreamOptions } from '../src/downstream.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  /** Never answers. */
  readonly silent?: boolean;
}

/** A downstream that gives these answers, the last one for ever, and remembers what it was asked. */
async function downstream(answers: readonly Answer[], options: Partial<DownstreamOptions> = {}) {
  const requests: { key: string | undefined; body: string; at: number }[] = [];
  server = createServer(async (request, response) => {
    const { status = 200, headers, silent } = answers[Math.min(requests.length, answers.length - 1)] ?? {};
    requests.push({ key: keyOf(request), body: await text(request), at: Date.now() });
    if (!silent) response.writeHead(status, headers).end();
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { requests, client: createDownstream({ url: `http://127.0.0.1:${port}/events`, ...options }) };
}

const keyOf = ({ headers }: IncomingMessage) => headers['idempotency-key']?.toString();

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

test('a call carries its body and its idempotency key, also when it comes again', async () => {
  const { client, requests } = await downstream([{ status: 500 }, {}]);
  await client.post({ name: 'omid' }, 'key-1');
  expect(requests.map(({ key, body }) => [key, body])).toEqual([
    ['key-1', '{"name":"omid"}'],
    ['key-1', '{"name":"omid"}'],
  ]);
});

test('what the downstream refuses is not tried again', async () => {
  const { client, requests } = await downstream([{ status: 422 }]);
  await expect(client.post({}, 'key')).rejects.toMatchObject({ code: 'DOWNSTREAM_REFUSED', status: 422 });
  expect(requests).toHaveLength(1);
});

test('after 429 it waits as long as it is told', async () => {
  const { client, requests } = await downstream([{ status: 429, headers: { 'retry-after': '1' } }, {}]);
  await client.post({}, 'key');
  const [first, second] = requests;
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(950);
});

test('a wait that is longer than the call may take is left to the caller', async () => {
  const { client, requests } = await downstream([{ status: 429, headers: { 'retry-after': '60' } }]);
  await expect(client.post({}, 'key')).rejects.toMatchObject({ code: 'DOWNSTREAM_UNAVAILABLE', retryAfterSeconds: 60 });
  expect(requests).toHaveLength(1);
});

test('one that does not answer in time is asked again, and then given up', async () => {
  const { client, requests } = await downstream([{ silent: true }], { attemptTimeoutMs: 50 });
  await expect(client.post({}, 'key')).rejects.toMatchObject({ code: 'DOWNSTREAM_UNAVAILABLE', status: undefined });
  expect(requests).toHaveLength(3);
});

test('an outage is not made worse by retries: soon each call is tried once', async () => {
  const { client, requests } = await downstream([{ status: 503 }]);
  const calls = 10;
  for (let i = 0; i < calls; i += 1) await client.post({}, `key-${i}`).catch(() => undefined);
  expect(requests.length).toBeLessThan(calls + 5);
});
