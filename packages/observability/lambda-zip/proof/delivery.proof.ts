import {
  CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { beforeAll, describe, expect, test } from 'vitest';
import { account, type DeployedEcho, deployedEcho, type EchoRequest, markedLine, textOf } from './echo.ts';

let echo: DeployedEcho;

beforeAll(async () => {
  echo = await deployedEcho();
});

const exactlyOnce = (sent: number) => ({ sent, delivered: sent, duplicated: 0, lost: 0 });

const texts: [string, EchoRequest['format'], string[]][] = [
  ['structured lines', 'json', ['hello', 'a "quoted" line', 'tab\tand backslash \\']],
  ['plain text', 'text', ['hello', '{"looks":"like JSON"}', '2026-01-01T00:00:00Z not a header']],
  ['objects', 'object', ['hello', 'nested { braces }']],
  ['unicode', 'json', ['grüße', '日本語', '👩‍👩‍👧‍👦 and \u{10FFFF}', 'e\u0301']],
  ['unicode as plain text', 'text', ['日本語 👩‍👩‍👧‍👦']],
  ['lines of 200 KB', 'json', Array.from({ length: 5 }, (_, i) => `${i}`.repeat(200 * 1024))],
  ['200 KB of multi-byte text', 'text', ['日'.repeat(70_000)]],
  ['a burst of 1,000 lines', 'json', Array.from({ length: 1000 }, (_, i) => `burst ${i}`)],
  ['a burst of 1,000 plain lines', 'text', Array.from({ length: 1000 }, (_, i) => `burst ${i}`)],
];

describe('given the deployed function, when it logs', () => {
  test.each(texts)(
    '%s (%s), then every line is in the stream exactly once, whole, with its request id',
    async (_, format, lines) => {
      const marked = lines.map(markedLine);
      const { requestId, logged } = await echo.echo({
        lines: marked.map(({ line }) => line),
        ...(format ? { format } : {}),
      });
      expect(logged).toBe(lines.length);
      expect(
        await account(
          echo,
          marked.map(({ id }) => id),
        ),
      ).toEqual(exactlyOnce(lines.length));

      const records = await echo.arrived();
      for (const { id, line } of marked) {
        const record = records.find((candidate) => textOf(candidate).includes(id));
        expect(record?.requestId).toBe(requestId);
        expect(wholeText(record?.message)).toBe(line);
      }
    },
  );

  test('in 40 invocations one after the other, then no line is lost or doubled between them', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 40; i += 1) {
      const marked = Array.from({ length: 25 }, (_, n) => markedLine(`invocation ${i} line ${n}`));
      ids.push(...marked.map(({ id }) => id));
      await echo.echo({ lines: marked.map(({ line }) => line) });
    }
    expect(await account(echo, ids)).toEqual(exactlyOnce(1000));
  });

  test('in 5 invocations at once, then every line carries the id of its own request', async () => {
    const batches = Array.from({ length: 5 }, (_, i) => Array.from({ length: 20 }, (_, n) => markedLine(`${i}/${n}`)));
    const answers = await Promise.all(batches.map((batch) => echo.echo({ lines: batch.map(({ line }) => line) })));
    expect(
      await account(
        echo,
        batches.flat().map(({ id }) => id),
      ),
    ).toEqual(exactlyOnce(100));
    const records = await echo.arrived();
    for (const [i, batch] of batches.entries()) {
      const own = records.filter((record) => batch.some(({ id }) => textOf(record).includes(id)));
      expect(new Set(own.map(({ requestId }) => requestId))).toEqual(new Set([answers[i]?.requestId]));
    }
  });
});

test('CloudWatch Logs, which the role is denied, holds nothing of the function', async () => {
  await echo.echo({ lines: ['not for CloudWatch'] });
  const { LoggingConfig } = await new LambdaClient({}).send(
    new GetFunctionConfigurationCommand({ FunctionName: echo.functionName }),
  );
  const logs = new CloudWatchLogsClient({});
  const streams = await logs
    .send(new DescribeLogStreamsCommand({ logGroupName: LoggingConfig?.LogGroup }))
    .catch((error: Error) => {
      if (error instanceof ResourceNotFoundException) return { logStreams: [] };
      throw error;
    });
  expect(streams.logStreams).toEqual([]);
});

/** What was logged, out of the forms that the three ways of logging give it. */
function wholeText(message: unknown): unknown {
  if (typeof message === 'object' && message !== null && 'line' in message) return message.line;
  if (typeof message === 'object' && message !== null && 'message' in message) return message.message;
  return message;
}
