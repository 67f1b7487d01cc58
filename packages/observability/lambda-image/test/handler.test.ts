import type { Context, LambdaFunctionURLEvent } from 'aws-lambda';
import { beforeEach, expect, test, vi } from 'vitest';

let info: ReturnType<typeof vi.spyOn>;
let handle: (body: string, isBase64Encoded?: boolean) => Promise<{ statusCode: number; body: string }>;

beforeEach(async () => {
  // Outside Lambda the logger writes to the global console, which can be watched.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  info = vi.spyOn(console, 'info').mockImplementation(() => undefined);
  vi.resetModules();
  const { handler } = await import('../src/handler.ts');
  const context = { awsRequestId: 'request-1', functionName: 'echo' } as Context;
  handle = async (body, isBase64Encoded = false) =>
    (await handler({ body, isBase64Encoded } as LambdaFunctionURLEvent, context)) as {
      statusCode: number;
      body: string;
    };
});

test('logs each line once with the request id, and answers with it', async () => {
  const answer = await handle(JSON.stringify({ lines: ['first', 'zweite ü'] }));
  expect(answer.statusCode).toBe(200);
  expect(JSON.parse(answer.body)).toEqual({ requestId: 'request-1', logged: 2 });
  expect(info.mock.calls.map(([line]: unknown[]) => JSON.parse(String(line)))).toMatchObject([
    { message: 'first', function_request_id: 'request-1' },
    { message: 'zweite ü', function_request_id: 'request-1' },
  ]);
});

test('reads a body that the function URL has encoded', async () => {
  const body = Buffer.from(JSON.stringify({ lines: ['encoded'] })).toString('base64');
  expect(await handle(body, true)).toMatchObject({ statusCode: 200 });
});

test.each(['', 'no JSON', 'null', '[]', '{"lines": "one"}', '{"lines": [1]}'])(
  'refuses %j and logs nothing',
  async (body) => {
    const answer = await handle(body);
    expect(answer.statusCode).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ status: 400, requestId: 'request-1' });
    expect(info.mock.calls).toEqual([]);
  },
);
