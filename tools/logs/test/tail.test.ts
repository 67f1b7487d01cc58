import {
  CreateStreamCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordsCommand,
  SplitShardCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { type LaunchedCloud, launchCloud } from '@stackyard/local-cloud';
import type { LogRecord } from '@stackyard/log-records';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tail } from '../src/tail.ts';

let cloud: LaunchedCloud;
let kinesis: KinesisClient;

beforeAll(async () => {
  cloud = await launchCloud();
  kinesis = new KinesisClient({
    endpoint: cloud.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});
afterAll(async () => {
  kinesis.destroy();
  await cloud.stop();
});

const since = new Date(Date.now() - 60_000);

async function createStream(StreamName: string, ShardCount: number): Promise<void> {
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount }));
  await waitUntilStreamExists({ client: kinesis, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { StreamName });
}

const record = (sequence: number): LogRecord => ({
  v: 1,
  time: new Date(Date.UTC(2026, 10, 21) + sequence).toISOString(),
  level: 'INFO',
  message: `line ${sequence}`,
  source: 'function',
  environment: 'a',
  sequence,
});

const put = (StreamName: string, records: readonly LogRecord[]) =>
  kinesis.send(
    new PutRecordsCommand({
      StreamName,
      Records: records.map((each) => ({ Data: Buffer.from(JSON.stringify(each)), PartitionKey: `${each.sequence}` })),
    }),
  );

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => record(from + i));

test('without following it ends with what the stream holds: in order over all shards, copies once', async () => {
  await createStream('held', 3);
  await put('held', [...range(0, 100), ...range(0, 10)]);
  const shown: LogRecord[] = [];
  for await (const records of tail(kinesis, { streamName: 'held', since, follow: false })) shown.push(...records);
  expect(shown).toEqual(range(0, 100));
});

test('following, it shows what arrives, after a shard is split too, until it is ended', async () => {
  await createStream('followed', 1);
  await put('followed', range(0, 10));
  const stop = new AbortController();
  const shown: LogRecord[] = [];
  const following = tail(kinesis, { streamName: 'followed', since, follow: true, signal: stop.signal });
  for await (const records of following) {
    shown.push(...records);
    if (shown.length === 10) await splitOnlyShard('followed').then(() => put('followed', range(10, 50)));
    if (shown.length === 50) stop.abort();
  }
  expect(shown).toEqual(expect.arrayContaining(range(0, 50)));
  expect(shown).toHaveLength(50);
});

async function splitOnlyShard(StreamName: string): Promise<void> {
  const { Shards } = await kinesis.send(new ListShardsCommand({ StreamName }));
  const ShardToSplit = Shards?.[0]?.ShardId;
  const NewStartingHashKey = (2n ** 127n).toString();
  await kinesis.send(new SplitShardCommand({ StreamName, ShardToSplit, NewStartingHashKey }));
  await waitUntilStreamExists({ client: kinesis, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { StreamName });
}

test('a record that came in parts is shown whole, one whose parts are missing as it is', async () => {
  await createStream('parts', 2);
  const part = (number: number, sequence: number): LogRecord => ({
    ...record(sequence),
    message: `piece ${number} `,
    part: { number, count: 3, of: 'text' },
  });
  await put('parts', [part(3, 12), part(1, 10), part(2, 11), part(2, 21)]);
  const shown: LogRecord[] = [];
  for await (const records of tail(kinesis, { streamName: 'parts', since, follow: false })) shown.push(...records);
  expect(shown).toEqual([{ ...record(10), message: 'piece 1 piece 2 piece 3 ' }, part(2, 21)]);
});
