import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  ListShardsCommand,
  type ListShardsCommandInput,
  MergeShardsCommand,
  PutRecordCommand,
  type Shard,
  SplitShardCommand,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCloud } from '../src/testing.ts';
import { activeStream, aWhile, errorOf } from './kinesis-support.ts';

const middle = String(2n ** 127n);
const hour = 3_600_000;
let test: Awaited<ReturnType<typeof startTestCloud>>;
let kinesis: KinesisClient;

beforeAll(async () => {
  test = await startTestCloud();
  kinesis = test.client(KinesisClient);
});
afterAll(() => test.close());

async function settled(call: Promise<unknown>): Promise<void> {
  await call;
  await test.cloud.clock.advance(aWhile);
}
const split = (StreamName: string, shard = 0, NewStartingHashKey = middle) =>
  settled(kinesis.send(new SplitShardCommand({ StreamName, ShardToSplit: id(shard), NewStartingHashKey })));
const merge = (StreamName: string, one: number, other: number) =>
  settled(kinesis.send(new MergeShardsCommand({ StreamName, ShardToMerge: id(one), AdjacentShardToMerge: id(other) })));
const scale = (StreamName: string, TargetShardCount: number) =>
  settled(kinesis.send(new UpdateShardCountCommand({ StreamName, TargetShardCount, ScalingType: 'UNIFORM_SCALING' })));
const id = (shard: number) => `shardId-${String(shard).padStart(12, '0')}`;
const shardsOf = async (StreamName: string, more: ListShardsCommandInput = {}) =>
  (await kinesis.send(new ListShardsCommand({ StreamName, ...more }))).Shards ?? [];
const isOpen = (shard: Shard) => shard.SequenceNumberRange?.EndingSequenceNumber === undefined;
const ids = (shards: readonly Shard[]) => shards.map((shard) => Number(shard.ShardId?.slice(8)));

describe('SplitShard', () => {
  it('closes the shard and opens two children over its hash keys', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock);
    await split(stream, 0, '1000');
    const [parent, low, high] = await shardsOf(stream);
    expect(parent?.SequenceNumberRange?.EndingSequenceNumber).toMatch(/^49\d{54}$/);
    expect(low).toMatchObject({ ParentShardId: id(0), HashKeyRange: { StartingHashKey: '0', EndingHashKey: '999' } });
    expect(high).toMatchObject({
      ParentShardId: id(0),
      HashKeyRange: { StartingHashKey: '1000', EndingHashKey: String(2n ** 128n - 1n) },
    });
  });

  it('makes the stream UPDATING, in which it takes records but no further reshard', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock);
    await kinesis.send(new SplitShardCommand({ StreamName: stream, ShardToSplit: id(0), NewStartingHashKey: middle }));
    const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: stream }));
    expect(StreamDescriptionSummary).toMatchObject({ StreamStatus: 'UPDATING', OpenShardCount: 2 });
    await kinesis.send(new PutRecordCommand({ StreamName: stream, Data: Buffer.from('a'), PartitionKey: 'k' }));
    expect(await errorOf(merge(stream, 1, 2))).toEqual({
      name: 'ResourceInUseException',
      message: `Stream ${stream} under account 000000000000 not ACTIVE, instead in state UPDATING`,
    });
  });

  it('refuses hash keys at the edges, closed shards and unknown ones', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock);
    expect(await errorOf(split(stream, 0, '1'))).toEqual({
      name: 'InvalidArgumentException',
      message:
        `NewStartingHashKey 1 used in SplitShard() on shard ${id(0)} in stream ${stream} under account 000000000000 is not ` +
        `both greater than one plus the shard's StartingHashKey 0 and less than the shard's EndingHashKey ${2n ** 128n - 1n}.`,
    });
    expect(await errorOf(split(stream, 7))).toEqual({
      name: 'ResourceNotFoundException',
      message: `Could not find shard ${id(7)} in stream ${stream} under account 000000000000.`,
    });
    await split(stream);
    expect(await errorOf(split(stream))).toMatchObject({
      name: 'InvalidArgumentException',
      message: expect.stringContaining('has already been merged or split'),
    });
  });
});

describe('MergeShards', () => {
  it('closes two adjacent shards and opens one, in whichever order they are named', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock, { ShardCount: 3 });
    await merge(stream, 1, 0);
    expect(await shardsOf(stream, { ShardFilter: { Type: 'AT_LATEST' } })).toMatchObject([
      { ShardId: id(2) },
      { ShardId: id(3), ParentShardId: id(0), AdjacentParentShardId: id(1), HashKeyRange: { StartingHashKey: '0' } },
    ]);
  });

  it('refuses shards that are not adjacent', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock, { ShardCount: 3 });
    expect(await errorOf(merge(stream, 0, 2))).toEqual({
      name: 'InvalidArgumentException',
      message: `Shards ${id(0)} and ${id(2)} in stream ${stream} under account 000000000000 are not an adjacent pair of shards eligible for merging`,
    });
  });
});

it('sequence numbers grow from a shard to its child, even within one second', async () => {
  const StreamName = 'young';
  await test.cloud.clock.advance(1000 - (test.cloud.clock.now() % 1000));
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 16 }));
  await test.cloud.clock.advance(500);
  const ExplicitHashKey = String(2n ** 128n - 1n);
  const put = async () =>
    BigInt(
      (
        await kinesis.send(
          new PutRecordCommand({ StreamName, Data: Buffer.from('a'), PartitionKey: 'k', ExplicitHashKey }),
        )
      ).SequenceNumber ?? 0,
    );
  const before = await put();
  const shards = { ShardToMerge: id(14), AdjacentShardToMerge: id(15) };
  await kinesis.send(new MergeShardsCommand({ StreamName, ...shards }));
  expect(await put()).toBeGreaterThan(before);
});

describe('UpdateShardCount', () => {
  it.each([
    [2, 4],
    [2, 3],
    [4, 2],
    [5, 3],
  ])('scales from %d to %d equal shards', async (from, to) => {
    const stream = await activeStream(kinesis, test.cloud.clock, { ShardCount: from });
    await scale(stream, to);
    const open = (await shardsOf(stream)).filter(isOpen);
    const starts = open
      .map((shard) => BigInt(shard.HashKeyRange?.StartingHashKey ?? ''))
      .sort((a, b) => (a < b ? -1 : 1));
    expect(starts).toEqual(Array.from({ length: to }, (_, i) => (2n ** 128n / BigInt(to)) * BigInt(i)));
  });

  it('scales to at most double and at least half, ten times a day', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock, { ShardCount: 4 });
    expect(await errorOf(scale(stream, 9))).toEqual({
      name: 'LimitExceededException',
      message:
        'UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: 4, Target shard count: 9',
    });
    expect(await errorOf(scale(stream, 1))).toEqual({
      name: 'LimitExceededException',
      message:
        'UpdateShardCount cannot scale down below half your current open shard count. Current open shard count: 4, Target shard count: 1',
    });
    for (let i = 0; i < 10; i += 1) await scale(stream, 4 + (i % 2));
    expect(await errorOf(scale(stream, 5))).toMatchObject({ name: 'LimitExceededException' });
    await test.cloud.clock.advance(24 * hour);
    await scale(stream, 5);
  });

  it('leaves the shards of an on-demand stream to Kinesis', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock, { StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    expect(await errorOf(scale(stream, 8))).toEqual({
      name: 'ValidationException',
      message: `Request is invalid. Stream ${stream} under account 000000000000 is in On-Demand mode.`,
    });
  });
});

describe('ListShards', () => {
  it('pages by token, which expires after 300 seconds', async () => {
    const { clock } = test.cloud;
    const stream = await activeStream(kinesis, clock, { ShardCount: 3 });
    const first = await kinesis.send(new ListShardsCommand({ StreamName: stream, MaxResults: 2 }));
    const next = () => kinesis.send(new ListShardsCommand({ NextToken: first.NextToken }));
    expect(ids(first.Shards ?? [])).toEqual([0, 1]);
    expect(ids((await next()).Shards ?? [])).toEqual([2]);
    expect((await next()).NextToken).toBeUndefined();
    const both = new ListShardsCommand({ NextToken: first.NextToken, StreamName: stream });
    expect(await errorOf(kinesis.send(both))).toMatchObject({ name: 'InvalidArgumentException' });
    await clock.advance(301_000);
    expect(await errorOf(next())).toMatchObject({ name: 'ExpiredNextTokenException' });
  });

  it('filters by shard and by time', async () => {
    const { clock } = test.cloud;
    const stream = await activeStream(kinesis, clock);
    await clock.advance(hour);
    const before = new Date(clock.now());
    await clock.advance(hour);
    await split(stream);
    const filtered = async (Type: string, more: object = {}) =>
      ids(await shardsOf(stream, { ShardFilter: { Type, ...more } } as ListShardsCommandInput));
    expect(await filtered('FROM_TRIM_HORIZON')).toEqual([0, 1, 2]);
    expect(await filtered('AT_TRIM_HORIZON')).toEqual([0]);
    expect(await filtered('AT_LATEST')).toEqual([1, 2]);
    expect(await filtered('AFTER_SHARD_ID', { ShardId: id(1) })).toEqual([2]);
    expect(await filtered('AT_TIMESTAMP', { Timestamp: before })).toEqual([0]);
    expect(await filtered('FROM_TIMESTAMP', { Timestamp: before })).toEqual([0, 1, 2]);
    expect(await errorOf(filtered('AT_TIMESTAMP'))).toMatchObject({ name: 'InvalidArgumentException' });
  });

  it('forgets a closed shard when its last record has expired', async () => {
    const { clock } = test.cloud;
    const stream = await activeStream(kinesis, clock);
    await split(stream);
    await clock.advance(25 * hour);
    expect(ids(await shardsOf(stream))).toEqual([1, 2]);
  });
});
