import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createApp } from '../src/app.ts';

let app: ReturnType<typeof createApp>;
let url: string;
let printed: ReturnType<typeof vi.spyOn>;

beforeEach(async () => {
  printed = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  app = createApp();
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
});
afterEach(() => app.close());

test('prints each line as it is and answers with their number', async () => {
  const response = await fetch(`${url}/lines`, { method: 'POST', body: 'first\nzweite ü {"no": "structure"}\n' });
  expect(await response.json()).toEqual({ printed: 2 });
  expect(printed.mock.calls).toEqual([['first'], ['zweite ü {"no": "structure"}']]);
});

test('is ready as soon as it listens', async () => {
  expect((await fetch(`${url}/health`)).status).toBe(204);
});

test.each(['GET /', 'GET /lines', 'POST /health'])('answers %s with problem details', async (line) => {
  const [method = '', path] = line.split(' ');
  const response = await fetch(`${url}${path}`, { method });
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toMatchObject({ status: 404, detail: expect.stringContaining(line) });
});
