import type { Context, LambdaFunctionURLEvent } from 'aws-lambda';
import { expect, test, vi } from 'vitest';

test('the function logs the lines of a request with its id', async () => {
  // Outside Lambda the logger writes to the global console, which can be watched.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  const info = vi.spyOn(console, 'info').mockImplementation(() => undefined);
  const { handler } = await import('../src/handler.ts');
  const event = { body: '{"lines": ["first", "second"]}', requestContext: { http: { method: 'POST' } } };
  const context = { awsRequestId: 'request-1' } as Context;
  expect(await handler(event as LambdaFunctionURLEvent, context)).toMatchObject({ statusCode: 200 });
  expect(info.mock.calls.map(([line]: unknown[]) => JSON.parse(String(line)))).toMatchObject([
    { message: 'first', function_request_id: 'request-1' },
    { message: 'second', function_request_id: 'request-1' },
  ]);
});
