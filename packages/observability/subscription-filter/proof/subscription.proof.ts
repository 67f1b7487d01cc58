import { gunzipSync } from 'node:zlib';
import { observabilityCore, parameterName } from '@stackyard/contracts';
import { countLines, type DeployedEcho, deployedEcho, idOf, markedLine } from '@stackyard/echo/deployed';
import { decode, identityOf } from '@stackyard/log-records';
import { readStream, type StreamRecord, ssmParameter, stackOutputs } from '@stackyard/proof-kit';
import { beforeAll, expect, test } from 'vitest';

const stage = process.env['STACKYARD_STAGE'] ?? 'dev';
const lines = Array.from({ length: 1000 }, (_, i) => markedLine(`${i}`));

let echo: DeployedEcho;
let raw: StreamRecord[];
let logGroup: string | undefined;

beforeAll(async () => {
  ({ LogGroupName: logGroup } = await stackOutputs(`${stage}-subscription-filter`));
  echo = await deployedEcho('subscription-filter');
  const stream = await ssmParameter(parameterName(observabilityCore, stage, 'streamName'));
  await echo.echo({ lines: lines.map(({ line }) => line) });
  await countLines(echo, lines);
  raw = await (await readStream(stream, 'TRIM_HORIZON')).poll();
});

const messageOf = ({ data }: StreamRecord) =>
  JSON.parse(gunzipSync(data).toString()) as { messageType: string; logGroup: string; logEvents: unknown[] };

test('given a burst of lines, then a record of the stream holds several log events of the function', () => {
  const messages = raw.map(messageOf).filter((message) => message.logGroup === logGroup);
  expect(new Set(messages.map(({ messageType }) => messageType))).toEqual(new Set(['DATA_MESSAGE']));
  expect(Math.max(...messages.map(({ logEvents }) => logEvents.length))).toBeGreaterThan(1);
});

test('the message by which CloudWatch Logs tried the stream is no log record', () => {
  const control = raw.filter((record) => messageOf(record).messageType === 'CONTROL_MESSAGE');
  expect(control).not.toEqual([]);
  expect(control.flatMap(({ data }) => decode(data))).toEqual([]);
});

test('given lines of one environment, then they arrive in the order in which they were logged', async () => {
  const ids = (await echo.arrived()).flatMap((record) => idOf(record) ?? []);
  expect(ids).toEqual(lines.map(({ id }) => id));
});

test('every record says which function, version and environment logged it, and where CloudWatch Logs holds it', async () => {
  const records = (await echo.arrived()).filter((record) => idOf(record));
  expect(records).toHaveLength(lines.length);
  for (const record of records) {
    expect(record).toMatchObject({
      source: 'function',
      function: echo.functionName,
      version: '$LATEST',
      environment: expect.stringMatching(/^[0-9a-f]{32}$/),
      logEvent: { logGroup },
    });
  }
  expect(new Set(records.map(identityOf)).size).toBe(lines.length);
});

test("the platform's own events arrive too", async () => {
  const messages = (await echo.arrived()).filter(({ source }) => source === 'platform').map(({ message }) => message);
  expect(messages).toContain('platform.start');
});
