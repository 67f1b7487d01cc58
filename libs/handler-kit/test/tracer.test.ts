import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Context } from 'aws-lambda';
import { afterAll, expect, test, vi } from 'vitest';

const daemon = createSocket('udp4');
afterAll(() => daemon.close());

test('what a handler throws reaches the X-Ray daemon in a subsegment of the invocation', async () => {
  daemon.bind(0, '127.0.0.1');
  await once(daemon, 'listening');
  vi.stubEnv('AWS_XRAY_DAEMON_ADDRESS', `127.0.0.1:${daemon.address().port}`);
  vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1');
  // What marks a Lambda environment for the X-Ray SDK and for Powertools.
  vi.stubEnv('LAMBDA_TASK_ROOT', '/var/task');
  vi.stubEnv('AWS_EXECUTION_ENV', 'AWS_Lambda_nodejs24.x');
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'f');
  vi.stubEnv('_HANDLER', 'handler.handler');
  const { withTracer } = await import('../src/tracer.ts');
  const received = once(daemon, 'message');

  const handler = withTracer(async () => {
    throw new TypeError('broken');
  });

  await expect(handler({}, {} as Context)).rejects.toThrow('broken');
  const [message] = await received;
  const subsegment = JSON.parse(String(message).split('\n')[1] ?? '');
  expect(subsegment).toMatchObject({
    name: '## handler.handler',
    trace_id: '1-5759e988-bd862e3fe1be46a994272793',
    fault: true,
    cause: { exceptions: [{ type: 'TypeError', message: 'broken' }] },
  });
});
