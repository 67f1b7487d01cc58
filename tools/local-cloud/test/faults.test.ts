import { CreateStreamCommand, KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Fault } from '../src/faults.ts';
import { startTestCloud } from '../src/testing.ts';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let ssm: SSMClient;

async function control(method: string, path: string, body?: unknown, headers = { 'x-stackyard': 'control' }) {
  const response = await fetch(`${cloud.endpoint}/_stackyard/${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const start = (fault: Fault) => control('POST', 'faults', fault);
const read = () => ssm.send(new GetParameterCommand({ Name: '/a' }));

beforeAll(async () => {
  cloud = await startTestCloud();
  ssm = cloud.client(SSMClient);
  await ssm.send(new PutParameterCommand({ Name: '/a', Type: 'String', Value: '1' }));
});

afterEach(() => control('DELETE', 'faults'));
afterAll(() => cloud.close());

test('a failure is answered in the service’s words, as often as asked for', async () => {
  await start({
    service: 'ssm',
    times: 1,
    effect: { kind: 'fail', code: 'InternalServerError', message: 'on purpose' },
  });
  await expect(read()).rejects.toMatchObject({ name: 'InternalServerError', message: 'on purpose' });
  expect((await read()).Parameter?.Value).toBe('1');
});

test('another operation and another resource are left alone', async () => {
  await start({ service: 'ssm', operation: 'PutParameter', effect: { kind: 'throttle' } });
  await start({ service: 'ssm', resource: '/b', effect: { kind: 'throttle' } });
  expect((await read()).Parameter?.Value).toBe('1');
});

test('a cut before the work leaves it undone, one after leaves it done; the client sees neither', async () => {
  const put = (Value: string) =>
    ssm.send(new PutParameterCommand({ Name: '/a', Type: 'String', Value, Overwrite: true }));
  await start({ service: 'ssm', operation: 'PutParameter', times: 1, effect: { kind: 'cut', when: 'before' } });
  await expect(put('2')).rejects.toThrow();
  expect((await read()).Parameter?.Value).toBe('1');
  await start({ service: 'ssm', operation: 'PutParameter', times: 1, effect: { kind: 'cut', when: 'after' } });
  await expect(put('1')).rejects.toThrow();
  expect((await read()).Parameter?.Version).toBe(2);
});

test('every second entry of a PutRecords fails, the others are in the stream', async () => {
  const kinesis = cloud.client(KinesisClient);
  await kinesis.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }));
  await control('POST', 'clock', { advanceMs: 60_000 });
  await start({ service: 'kinesis', operation: 'PutRecords', effect: { kind: 'partial', every: 2 } });
  const Records = Array.from({ length: 5 }, (_, i) => ({ Data: Buffer.from(`${i}`), PartitionKey: 'k' }));
  const answer = await kinesis.send(new PutRecordsCommand({ StreamName: 's', Records }));
  expect(answer.FailedRecordCount).toBe(2);
  expect(answer.Records?.map(({ ErrorCode }) => ErrorCode !== undefined)).toEqual([false, true, false, true, false]);
});

test('the clock moves, for everybody', async () => {
  const before = (await control('GET', 'health')).body['now'] as number;
  await control('POST', 'clock', { advanceMs: 86_400_000 });
  expect((await control('GET', 'health')).body['now'] as number).toBeGreaterThanOrEqual(before + 86_400_000);
});

test('without the header that no web page can send, nothing is controlled', async () => {
  const refused = await control('POST', 'clock', { advanceMs: 1 }, {} as never);
  expect(refused.status).toBe(403);
});

test.each([
  [{ effect: { kind: 'delay', ms: 1 } }, /names a service/],
  [{ service: 'ssm', effect: { kind: 'explode' } }, /delay, fail, throttle, cut, partial/],
])('%j is refused with what it lacks', async (fault, message) => {
  const { status, body } = await start(fault as Fault);
  expect(status).toBe(400);
  expect(body['message']).toMatch(message);
});
