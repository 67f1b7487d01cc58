import type { Context } from 'aws-lambda';
import { expect, test, vi } from 'vitest';

const context = {
  awsRequestId: 'request-1',
  functionName: 'f',
  functionVersion: '$LATEST',
  memoryLimitInMB: '128',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
} as Context;

test('each line names its service and its invocation', async () => {
  vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'lambda-zip');
  vi.stubEnv('AWS_LAMBDA_INITIALIZATION_TYPE', 'on-demand');
  // Outside Lambda the logger writes to the global console, which can be watched.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  const written = vi.spyOn(console, 'info').mockImplementation(() => undefined);
  const { logger, withLogger } = await import('../src/logger.ts');

  const handler = withLogger(async (event: { readonly line: string }) => {
    logger.info(event.line);
    return 'done';
  });

  expect(await handler({ line: 'first' }, context)).toBe('done');
  await handler({ line: 'second' }, { ...context, awsRequestId: 'request-2' });
  const lines = written.mock.calls.map(([line]) => JSON.parse(String(line)));
  expect(lines).toMatchObject([
    { level: 'INFO', message: 'first', service: 'lambda-zip', function_request_id: 'request-1', cold_start: true },
    { level: 'INFO', message: 'second', function_request_id: 'request-2', cold_start: false },
  ]);
});
