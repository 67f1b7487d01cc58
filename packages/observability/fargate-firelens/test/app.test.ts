import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createApp } from '../src/app.ts';

let app: Server;
let url: string;
let printed: string[];

beforeEach(async () => {
  printed = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.push(String(text));
    return true;
  });
  app = createApp().listen(0, '127.0.0.1');
  await once(app, 'listening');
  url = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
});
afterEach(() => {
  vi.restoreAllMocks();
  app.close();
  app.closeAllConnections();
});

const post = (body: string, type = 'application/json') =>
  fetch(`${url}/lines`, { method: 'POST', body, headers: { 'content-type': type } });

test('logs each line once as JSON with the id of the request, and answers with it', async () => {
  const response = await post(JSON.stringify({ lines: ['first', 'zweite ü'] }));
  const { requestId, logged } = (await response.json()) as { requestId: string; logged: number };
  expect(logged).toBe(2);
  expect(printed.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'INFO', message: 'first', requestId },
    { level: 'INFO', message: 'zweite ü', requestId },
  ]);
});

test('keeps an idle connection longer than the load balancer does, which is 60 seconds', async () => {
  const { headers } = await fetch(`${url}/health`);
  expect(Number(/timeout=(\d+)/.exec(headers.get('keep-alive') ?? '')?.[1])).toBeGreaterThan(60);
});

test('prints the lines of a text as they are', async () => {
  await post('first\n{"no": json\n', 'text/plain');
  expect(printed).toEqual(['first\n', '{"no": json\n']);
});

test('is healthy, and says so in a line that names the path', async () => {
  expect((await fetch(`${url}/health`)).status).toBe(200);
  expect(printed.map((line) => JSON.parse(line))).toMatchObject([{ message: 'GET /health', path: '/health' }]);
});

test.each(['', 'no JSON', 'null', '[]', '{"lines": "one"}', '{"lines": [1]}'])(
  'refuses %j and logs nothing',
  async (body) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ status: 400, title: 'The request is refused' });
    expect(printed).toEqual([]);
  },
);

test('has nothing at other paths', async () => {
  expect((await fetch(`${url}/other`)).status).toBe(404);
});

test('takes no body beyond 4 MiB', async () => {
  const response = await post(JSON.stringify({ lines: ['x'.repeat(4 * 1024 * 1024)] }));
  expect(response.status).toBe(413);
});
