import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as oneTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createClock } from '../src/clock.ts';
import { createForwardSender } from '../src/containers/forward-sender.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forward-sender-'));
  path = join(folder, 'router.sock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** What a router reads, one byte a message. */
async function startRouter() {
  const read: number[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('data', (chunk) => read.push(...chunk));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    read,
    sockets,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** Sends in every turn of the event loop for a while, so that some messages come while a connection attempt fails. */
async function sendEverywhere(sender: { send(message: Uint8Array): void }, forMs: number): Promise<number[]> {
  const sent: number[] = [];
  for (const end = performance.now() + forMs; performance.now() < end; await oneTurn()) {
    const message = sent.length % 256;
    sent.push(message);
    sender.send(Uint8Array.of(message));
  }
  return sent;
}

test('what comes before the router listens arrives once it does, whenever it came', async () => {
  const sender = createForwardSender(path, Number.POSITIVE_INFINITY, createClock());
  const sent = await sendEverywhere(sender, 350);
  const router = await startRouter();
  expect(await sender.close()).toBe(0);
  expect(router.read).toEqual(sent);
  await router.stop();
});

test('what comes after a connection broke arrives over the next', async () => {
  const first = await startRouter();
  const sender = createForwardSender(path, Number.POSITIVE_INFINITY, createClock());
  sender.send(Uint8Array.of(1));
  await expect.poll(() => first.read).toEqual([1]);
  const stopped = first.stop();
  for (const socket of first.sockets) socket.destroy();
  await stopped;
  // By then the sender has read the end of its connection, and finds nobody to make a new one to.
  for (let turn = 0; turn < 10; turn += 1) await oneTurn();
  const sent = await sendEverywhere(sender, 350);
  const second = await startRouter();
  expect(await sender.close()).toBe(0);
  expect(second.read).toEqual(sent);
  await second.stop();
});

test('what is beyond the limit is dropped and counted', async () => {
  const sender = createForwardSender(path, 2, createClock());
  for (const message of [1, 2, 3]) sender.send(Uint8Array.of(message));
  const router = await startRouter();
  expect(await sender.close()).toBe(1);
  expect(router.read).toEqual([1, 2]);
  await router.stop();
});

test('what nobody takes is counted once its time is over', async () => {
  const clock = createClock();
  const sender = createForwardSender(path, 10, clock);
  sender.send(Uint8Array.of(1));
  const closed = sender.close();
  await clock.advance(60_000);
  expect(await closed).toBe(1);
});
