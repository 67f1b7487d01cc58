import { KinesisClient, ListShardsCommand, PutRecordsCommand, UpdateStreamModeCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestCloud } from '../src/testing.ts';
import { activeStream, aWhile } from './kinesis-support.ts';

let test: Awaited<ReturnType<typeof startTestCloud>>;
let kinesis: KinesisClient;
beforeAll(async () => {
  test = await startTestCloud();
  kinesis = test.client(KinesisClient);
});
afterAll(() => test.close());

const MiB = 1024 * 1024;
const day = 24 * 3_600_000;
const onDemand = { StreamModeDetails: { StreamMode: 'ON_DEMAND' as const } };

async function openShards(StreamName: string) {
  const input = { StreamName, ShardFilter: { Type: 'AT_LATEST' as const } };
  return (await kinesis.send(new ListShardsCommand(input))).Shards ?? [];
}

/** Writes so many MiB at once, evenly over the hash keys; answers how many records were refused. */
async function write(StreamName: string, size: number): Promise<number> {
  const count = size * 2;
  const step = 2n ** 128n / BigInt(count);
  const Records = Array.from({ length: count }, (_, i) => ({
    Data: new Uint8Array(MiB / 2 - 10),
    PartitionKey: 'key',
    ExplicitHashKey: String(step * BigInt(i)),
  }));
  return (await kinesis.send(new PutRecordsCommand({ StreamName, Records }))).FailedRecordCount ?? 0;
}

it('an on-demand stream takes 4 MB/s at first, then double its peak, and forgets the peak after 30 days', async () => {
  const { clock } = test.cloud;
  const stream = await activeStream(kinesis, clock, onDemand);
  expect(await openShards(stream)).toHaveLength(4);
  expect(await write(stream, 8)).toBe(8);

  // 4 MB every second, until that was noticed.
  for (let second = 0; second < 60 && (await openShards(stream)).length === 4; second += 1) {
    await clock.advance(1000);
    await write(stream, 4);
  }
  const shards = await openShards(stream);
  expect(shards).toHaveLength(8);
  expect(new Set(shards.map(({ ParentShardId }) => ParentShardId)).size).toBe(4);
  await clock.advance(1000);
  expect(await write(stream, 8)).toBe(0);

  await clock.advance(29 * day);
  expect(await openShards(stream)).toHaveLength(8);
  await clock.advance(3 * day);
  expect(await openShards(stream)).toHaveLength(4);
});

it('a provisioned stream that becomes on-demand keeps its shards', async () => {
  const stream = await activeStream(kinesis, test.cloud.clock, { ShardCount: 6 });
  const StreamARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`;
  await kinesis.send(new UpdateStreamModeCommand({ StreamARN, ...onDemand }));
  await test.cloud.clock.advance(aWhile);
  await write(stream, 1);
  await test.cloud.clock.advance(day);
  expect(await openShards(stream)).toHaveLength(6);
});
