import type { LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { context, post, request } from './events.ts';

type Response = Extract<LambdaFunctionURLResult, object>;

let info: ReturnType<typeof vi.spyOn>;
let log: ReturnType<typeof vi.spyOn>;
let handle: (event: LambdaFunctionURLEvent) => Promise<Response>;

beforeEach(async () => {
  // Outside Lambda the logger writes to the global console, which can be watched.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  info = vi.spyOn(console, 'info').mockImplementation(() => undefined);
  log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  vi.resetModules();
  const { withLogger } = await import('@stackyard/handler-kit/logger');
  const { echo } = await import('../src/echo.ts');
  handle = async (event) => (await withLogger(echo)(event, context)) as Response;
});

const powertoolsLines = () => info.mock.calls.map(([line]: unknown[]) => JSON.parse(String(line)));

describe('the echo function', () => {
  test('logs JSON lines with the request id, and answers with it', async () => {
    const response = await handle(post({ lines: ['first', 'second'] }));
    expect(response.statusCode).toBe(200);
    expect(JSON.parse(response.body ?? '')).toEqual({ requestId: 'request-1', logged: 2 });
    expect(powertoolsLines()).toMatchObject([
      { message: 'first', function_request_id: 'request-1' },
      { message: 'second', function_request_id: 'request-1' },
    ]);
  });

  test('logs text as it is', async () => {
    await handle(post({ lines: ['plain ä 🚀'], format: 'text' }));
    expect(log.mock.calls).toEqual([['plain ä 🚀']]);
  });

  test('logs objects as JavaScript objects', async () => {
    await handle(post({ lines: ['inside'], format: 'object' }));
    expect(log.mock.calls).toEqual([[{ line: 'inside' }]]);
  });

  test('answers a bad request with problem details and logs nothing', async () => {
    const response = await handle(post({ lines: 'no array' }));
    expect(response).toMatchObject({ statusCode: 400, headers: { 'content-type': 'application/problem+json' } });
    expect(JSON.parse(response.body ?? '')).toMatchObject({
      status: 400,
      code: 'BODY_INVALID',
      requestId: 'request-1',
    });
    expect([...info.mock.calls, ...log.mock.calls]).toEqual([]);
  });

  test('tells another method what it may use', async () => {
    expect(await handle(request('GET'))).toMatchObject({ statusCode: 405, headers: { allow: 'POST' } });
  });

  test('leaves a line to the time after the response when asked to', async () => {
    vi.useFakeTimers();
    await handle(post({ lines: [], afterResponseMs: 2000 }));
    expect(info.mock.calls).toEqual([]);
    await vi.advanceTimersByTimeAsync(2000);
    vi.useRealTimers();
    expect(powertoolsLines()).toMatchObject([
      { message: 'after the response', scheduledBy: 'request-1', elapsedMs: 2000 },
    ]);
  });
});
