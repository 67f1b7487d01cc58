import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createClock } from '../src/clock.ts';
import { openDestination } from '../src/lambda-environment/telemetry-destination.ts';
import { createTelemetrySubscriber } from '../src/lambda-environment/telemetry-subscriber.ts';
import { eventually } from './fixtures/environment/make-environment.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

type Batch = { n: number }[];
type Respond = (response: ServerResponse, request: IncomingMessage) => void;

/** A listener as an extension has it, and a subscriber that posts to it. */
async function subscriber(respond: Respond = (response) => response.end(), limits: object = {}) {
  const clock = createClock();
  const batches: Batch[] = [];
  const dropped: { droppedBytes: number; droppedRecords: number; reason: string }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      batches.push(JSON.parse(Buffer.concat(chunks).toString()));
      respond(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const destination = await openDestination({ protocol: 'HTTP', port, path: '/' });
  const created = createTelemetrySubscriber({
    name: 'ship',
    subscription: {
      schemaVersion: '2025-01-29',
      types: ['function'],
      maxItems: 1_000,
      maxBytes: 262_144,
      timeoutMs: 100,
      destination: { protocol: 'HTTP', port, path: '/' },
      ...limits,
    },
    destination,
    clock,
    onDropped: (record) => dropped.push(record),
  });
  cleanups.push(
    () => created.destroy(),
    () => server.closeAllConnections(),
    () => server.close(),
  );
  const push = (count: number, bytes = 10) => {
    for (let n = 0; n < count; n += 1) created.push(JSON.stringify({ n }).padEnd(bytes));
  };
  return { ...created, push, clock, batches, dropped, server };
}

describe('buffering', () => {
  it('ends by time', async () => {
    const { push, clock, batches } = await subscriber();
    push(3);
    await clock.advance(60);
    expect(batches).toEqual([]);
    await clock.advance(40);
    await eventually(() => expect(batches).toEqual([[{ n: 0 }, { n: 1 }, { n: 2 }]]));
  });

  it('ends by number of events', async () => {
    const { push, batches } = await subscriber(undefined, { timeoutMs: 30_000 });
    push(2_500);
    await eventually(() => expect(batches.map(({ length }) => length)).toEqual([1_000, 1_000]));
  });

  it('ends with the event that reaches the number of bytes', async () => {
    const { push, batches } = await subscriber(undefined, { timeoutMs: 30_000 });
    push(5, 100_000);
    await eventually(() => expect(batches.map(({ length }) => length)).toEqual([3]));
  });

  it('waits while the environment is frozen, and sends full batches when it thaws', async () => {
    const { push, pause, resume, clock, batches } = await subscriber();
    push(1);
    pause();
    push(1_500);
    await clock.advance(60_000);
    expect(batches).toEqual([]);
    resume();
    await eventually(() => expect(batches.map(({ length }) => length)).toEqual([1_000, 501]));
  });

  it('has as much time left after a freeze as before', async () => {
    const { push, pause, resume, clock, batches } = await subscriber(undefined, { timeoutMs: 30_000 });
    push(1);
    await clock.advance(10_000);
    pause();
    await clock.advance(3_600_000);
    resume();
    await clock.advance(10_000);
    expect(batches).toEqual([]);
    await clock.advance(10_000);
    await eventually(() => expect(batches).toEqual([[{ n: 0 }]]));
  });
});

describe('delivery', () => {
  it('identifies a batch by the digest of its content', async () => {
    const ids: unknown[] = [];
    const { push, flush } = await subscriber((response, request) => {
      ids.push(request.headers['sequence-id'], request.headers['content-type']);
      response.end();
    });
    push(1);
    flush();
    await eventually(() => expect(ids).toEqual([expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/), 'application/json']));
  });

  it('has one batch on its way at a time', async () => {
    const held: ServerResponse[] = [];
    const { push, batches } = await subscriber((response) => held.push(response));
    push(3_000);
    await eventually(() => expect(held).toHaveLength(1));
    held[0]?.end();
    await eventually(() => expect(held).toHaveLength(2));
    expect(batches).toHaveLength(2);
  });

  it('drops what a slow consumer leaves waiting, and says how much', async () => {
    const { push, dropped, batches } = await subscriber(() => {});
    push(1_000, 100);
    await eventually(() => expect(batches).toHaveLength(1));
    push(32_000, 100);
    expect(dropped).toEqual([]);
    push(1_000, 100);
    expect(dropped).toEqual([
      {
        droppedBytes: 100_000,
        droppedRecords: 1_000,
        reason: 'Some logs were dropped because the downstream consumer is slower than the logs production rate',
      },
    ]);
  });

  it('tries again with growing pauses, in order', async () => {
    let failures = 3;
    const { push, flush, batches, clock } = await subscriber((response) => {
      failures -= 1;
      response.writeHead(failures >= 0 ? 500 : 200).end();
    });
    push(1);
    flush();
    for (const [tries, pause] of [100, 200, 400].entries()) {
      await eventually(() => expect(batches).toHaveLength(tries + 1));
      await clock.advance(pause - 20);
      expect(batches).toHaveLength(tries + 1);
      await clock.advance(20);
    }
    await eventually(() => expect(batches).toHaveLength(4));
  });

  it('gives a batch up after six tries and says why', async () => {
    const { push, flush, clock, dropped, batches } = await subscriber((response) => response.writeHead(503).end());
    push(2, 50);
    flush();
    await eventually(async () => {
      await clock.advance(1_600);
      expect(dropped).toHaveLength(1);
    });
    expect(batches).toHaveLength(6);
    expect(dropped).toEqual([
      {
        droppedBytes: 100,
        droppedRecords: 2,
        reason: 'could not send events: http request failed with status 503 Service Unavailable',
      },
    ]);
  });

  it('goes line by line over TCP', async () => {
    let received = '';
    const listener = createTcpServer((socket) => {
      socket.on('data', (chunk) => {
        received += chunk;
      });
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const destination = await openDestination({ protocol: 'TCP', port: (listener.address() as AddressInfo).port });
    await destination.send(['{"n":0}', '{"n":1}']);
    await eventually(() => expect(received).toBe('{"n":0}\n{"n":1}\n'));
    destination.destroy();
    listener.close();
  });
});
