import { afterEach, beforeEach, expect, test } from 'vitest';
import { startS3 } from './extension-s3.ts';
import { startSandbox, waitFor } from './extension-sandbox.ts';

let s3: Awaited<ReturnType<typeof startS3>>;
beforeEach(async () => {
  s3 = await startS3();
});
afterEach(() => s3.close());

const outage = () => ({ status: 500, type: 'InternalFailure' });
const lines = Array.from({ length: 30 }, (_, i) => `${i} ${'x'.repeat(100_000)}`);
const start = (flushDeadlineMs = 300) =>
  startSandbox({
    variables: {
      AWS_ENDPOINT_URL_S3: s3.url,
      STACKYARD_TELEMETRY_OVERFLOW_BUCKET: 'overflow-of-tests',
      STACKYARD_TELEMETRY_BUFFER_BYTES: '2097152',
      STACKYARD_TELEMETRY_FLUSH_DEADLINE_MS: String(flushDeadlineMs),
    },
  });
type Sandbox = Awaited<ReturnType<typeof start>>;
const everywhere = (sandbox: Sandbox) =>
  [...sandbox.kinesis.records(), ...s3.records()].sort((a, b) => a.sequence - b.sequence);
const linesOf = (records: ReturnType<typeof everywhere>) =>
  records.filter(({ source }) => source === 'function').map(({ message }) => message);

test('what the buffer has no room for goes to S3, and the stream is told how much', async () => {
  const sandbox = await start();
  sandbox.kinesis.answer = outage;
  for (const line of lines) await sandbox.invoke(line);
  await waitFor(() => expect(s3.objects.size).toBeGreaterThan(0));
  sandbox.kinesis.answer = () => 'accept';
  await sandbox.shutDown();

  expect(linesOf(everywhere(sandbox))).toEqual(lines);
  const report = sandbox.kinesis.records().findLast(({ message }) => message === 'telemetry.recordsDropped');
  expect(report?.attributes).toMatchObject({ droppedRecords: 0, divertedRecords: s3.records().length });
  const [path = ''] = s3.objects.keys();
  expect(path).toMatch(
    /^\/overflow-of-tests\/telemetry-overflow\/\d{4}\/\d\d\/\d\d\/orders\/[0-9a-f]{16}-\d{12}\.ndjson\.gz$/,
  );
});

test.each([
  ['refuses', outage],
  ['hangs', () => 'hang' as const],
])('what waits at SHUTDOWN while Kinesis %s goes to S3, in time', async (_, answer) => {
  const sandbox = await start();
  sandbox.kinesis.answer = answer;
  for (const line of lines.slice(0, 5)) await sandbox.invoke(line);
  const begin = performance.now();
  expect(await sandbox.shutDown()).toBe(0);
  expect(performance.now() - begin).toBeLessThan(2_000);
  expect(linesOf(s3.records())).toEqual(lines.slice(0, 5));
  const last = s3
    .records()
    .toSorted((a, b) => a.sequence - b.sequence)
    .at(-1);
  expect(last?.message).toBe('telemetry.recordsDropped');
  expect(last?.attributes).toMatchObject({ droppedRecords: 0, divertedRecords: s3.records().length - 1 });
});

test.each(['deny', 'hang'] as const)(
  'S3 that does not take it (%s) costs no more than a deadline: records are dropped and counted',
  async (answer) => {
    const sandbox = await start(1_000);
    sandbox.kinesis.answer = outage;
    s3.answer = answer;
    const held: number[] = [];
    for (const line of lines) held.push(await sandbox.invoke(line));
    // Each of the two is tried, and waited for, once.
    expect(held.filter((ms) => ms > 800).length).toBeLessThan(5);
    await waitFor(() => expect(sandbox.output.text).toContain('S3 took nothing: '));
    sandbox.kinesis.answer = () => 'accept';
    await sandbox.shutDown();

    const report = sandbox.kinesis.records().findLast(({ message }) => message === 'telemetry.recordsDropped');
    const sequences = sandbox.kinesis.records().map(({ sequence }) => sequence);
    expect(report?.attributes).toMatchObject({
      droppedRecords: Math.max(...sequences) + 1 - sequences.length,
      divertedRecords: 0,
    });
  },
);
