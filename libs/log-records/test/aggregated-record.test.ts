import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { decode } from '../src/index.ts';
import { subscriptionRecord } from './messages.ts';

/** AWS's own library for the format. Its declarations need version 2 of the SDK, which is not here. */
const { aggregate } = createRequire(import.meta.url)('aws-kinesis-agg') as {
  aggregate(
    records: readonly { partitionKey: string; data: Buffer }[],
    onRecord: (aggregated: { data: Buffer }) => void,
    onEnd: () => void,
    onError: (error: Error) => void,
  ): void;
};

/** These as AWS's library puts them into one record, each with a partition key of its own. */
function aggregated(...records: readonly Buffer[]): Promise<Buffer> {
  const userRecords = records.map((data, i) => ({ partitionKey: `key ${i}`, data }));
  return new Promise((resolve, reject) => {
    const onRecord = ({ data }: { data: Buffer }) => resolve(data);
    aggregate(userRecords, onRecord, () => {}, reject);
  });
}

const arrived = new Date('2026-11-21T12:00:00.000Z');
const record = (message: string, sequence: number) => ({
  v: 1,
  time: '2026-11-21T11:59:59.000Z',
  level: 'INFO',
  message,
  source: 'function',
  environment: 'd5ae28b62048bf91',
  sequence,
});
const json = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('an aggregated record', () => {
  test("of AWS's library becomes the records within, in their order", async () => {
    const records = [record('first', 6), record('日本語', 7), record('x'.repeat(100_000), 8)];
    expect(decode(await aggregated(...records.map(json)))).toEqual(records);
  });

  test('may hold messages of CloudWatch Logs', async () => {
    const events = ['a', 'b'].map((message, i) => ({ id: `${i}`, timestamp: 1_700_000_000_000, message }));
    const records = decode(await aggregated(json(record('first', 6)), subscriptionRecord(events)));
    expect(records.map(({ message }) => message)).toEqual(['first', 'a', 'b']);
  });

  test('with one that cannot be read keeps its neighbours', async () => {
    const records = decode(
      await aggregated(json(record('a', 1)), Buffer.from('nothing'), json(record('b', 2))),
      arrived,
    );
    expect(records.map(({ message }) => message)).toEqual(['a', 'record.unreadable', 'b']);
  });

  test('that was damaged becomes one record that says so', async () => {
    const data = await aggregated(json(record('a', 1)), json(record('b', 2)));
    data[20] = (data[20] as number) ^ 1;
    const unreadable = { message: 'record.unreadable', source: 'decoder', time: arrived.toISOString() };
    for (const damaged of [data, data.subarray(0, 30), data.subarray(0, 4)]) {
      expect(decode(damaged, arrived)).toMatchObject([
        { ...unreadable, attributes: { problem: 'an aggregated record cannot be read: its MD5 checksum is another' } },
      ]);
    }
  });
});
