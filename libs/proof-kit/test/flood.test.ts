import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFlood } from '../src/flood.ts';

let received = 0;
const server = createServer((request, response) => {
  received += 1;
  response.writeHead(request.headers.authorization === 'secret' && request.method === 'POST' ? 429 : 401).end();
});
let url: string;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => server.close());

test('a flood sends its request until it is ended, and counts every answer', async () => {
  const flood = await startFlood({ url, method: 'POST', headers: { authorization: 'secret' }, perSecond: 200 });
  await expect.poll(() => received).toBeGreaterThan(20);
  const { sent, statuses, seconds } = await flood.end();
  expect(statuses).toEqual({ 429: sent });
  expect(sent).toBe(received);
  // Its pace is the highest it has; a busy machine's is lower.
  expect(sent).toBeLessThanOrEqual(200 * seconds + 3);
}, 30_000);

test('a flood of nobody is counted as unanswered', async () => {
  const flood = await startFlood({ url: 'http://127.0.0.1:1/', method: 'GET', headers: {}, perSecond: 10 });
  const { sent, statuses } = await flood.end();
  expect(statuses).toEqual({ 0: sent });
});
