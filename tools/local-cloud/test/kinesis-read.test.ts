import {
  DecreaseStreamRetentionPeriodCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  IncreaseStreamRetentionPeriodCommand,
  KinesisClient,
  PutRecordCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCloud } from '../src/testing.ts';
import { activeStream, errorOf, iteratorOf, readAll, text, untilAllowed } from './kinesis-support.ts';

const MiB = 1024 * 1024;
const hour = 3_600_000;
let test: Awaited<ReturnType<typeof startTestCloud>>;
let kinesis: KinesisClient;

beforeAll(async () => {
  test = await startTestCloud();
  kinesis = test.client(KinesisClient);
});
afterAll(() => test.close());

const put = (StreamName: string, data: string) =>
  kinesis.send(new PutRecordCommand({ StreamName, Data: Buffer.from(data), PartitionKey: 'k' }));
const read = (ShardIterator: string | undefined, Limit?: number) =>
  kinesis.send(new GetRecordsCommand({ ShardIterator, Limit }));

describe('GetShardIterator', () => {
  it('starts at the horizon, at the tip, at or after a record, or at a time', async () => {
    const { clock } = test.cloud;
    const stream = await activeStream(kinesis, clock);
    await put(stream, 'one');
    await clock.advance(5000);
    const Timestamp = new Date(clock.now());
    const { SequenceNumber } = await put(stream, 'two');
    await put(stream, 'three');
    const from = async (options: Parameters<typeof iteratorOf>[2]) => {
      await clock.advance(1000);
      const iterator = await iteratorOf(kinesis, stream, options);
      await put(stream, 'late');
      return text((await read(iterator)).Records).filter((data) => data !== 'late');
    };
    expect(await from({ ShardIteratorType: 'TRIM_HORIZON' })).toEqual(['one', 'two', 'three']);
    expect(await from({ ShardIteratorType: 'LATEST' })).toEqual([]);
    const StartingSequenceNumber = SequenceNumber;
    expect(await from({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber })).toEqual(['two', 'three']);
    expect(await from({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber })).toEqual(['three']);
    expect(await from({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp })).toEqual(['two', 'three']);
  });

  it('LATEST gives what is put afterwards', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock);
    await put(stream, 'before');
    const iterator = await iteratorOf(kinesis, stream, { ShardIteratorType: 'LATEST' });
    await put(stream, 'after');
    expect(text((await read(iterator)).Records)).toEqual(['after']);
  });

  it('refuses parts that do not fit together', async () => {
    const { clock } = test.cloud;
    const stream = await activeStream(kinesis, clock, { ShardCount: 2 });
    const { SequenceNumber } = await put(stream, 'a');
    const attempt = (options: Parameters<typeof iteratorOf>[2]) => errorOf(iteratorOf(kinesis, stream, options));
    expect(await attempt({ ShardIteratorType: 'LATEST', StartingSequenceNumber: SequenceNumber })).toMatchObject({
      name: 'InvalidArgumentException',
      message: expect.stringContaining('Request specified LATEST and also a StartingSequenceNumber.'),
    });
    expect(await attempt({ ShardIteratorType: 'AT_SEQUENCE_NUMBER' })).toMatchObject({
      message: expect.stringContaining('Request specified AT_SEQUENCE_NUMBER and no StartingSequenceNumber.'),
    });
    expect(await attempt({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: '17' })).toMatchObject({
      message: `StartingSequenceNumber 17 used in GetShardIterator on shard shardId-000000000000 in stream ${stream} under account 000000000000 is invalid.`,
    });
    const other = { ShardId: 'shardId-000000000001', StartingSequenceNumber: SequenceNumber };
    const { ShardId } = await put(stream, 'b');
    const wrong = { ...other, ShardId: ShardId === other.ShardId ? 'shardId-000000000000' : other.ShardId };
    expect(await attempt({ ...wrong, ShardIteratorType: 'AT_SEQUENCE_NUMBER' })).toMatchObject({
      message: `Invalid StartingSequenceNumber. It encodes ${ShardId}, while it was used in a call to a shard with ${wrong.ShardId}`,
    });
    expect(await attempt({ ShardIteratorType: 'AT_TIMESTAMP' })).toMatchObject({
      message: expect.stringContaining('Must specify timestampInMillis parameter'),
    });
    const tomorrow = new Date(clock.now() + 24 * hour);
    expect(await attempt({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp: tomorrow })).toMatchObject({
      message: expect.stringContaining('cannot be greater than the currentTimestampInMillis'),
    });
    expect(await attempt({ ShardId: 'shardId-000000000009' })).toEqual({
      name: 'ResourceNotFoundException',
      message: `Shard shardId-000000000009 in stream ${stream} under account 000000000000 does not exist`,
    });
    const unknownType = new GetShardIteratorCommand({
      StreamName: stream,
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'SOMEWHERE' as 'LATEST',
    });
    expect(await errorOf(kinesis.send(unknownType))).toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('Member must satisfy enum value set: [AT_SEQUENCE_NUMBER'),
    });
  });

  it('is limited to five calls a second and shard', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock);
    const calls = Array.from({ length: 20 }, () => iteratorOf(kinesis, stream));
    const refused = (await Promise.allSettled(calls)).filter((one) => one.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.reason).toHaveProperty('name', 'ProvisionedThroughputExceededException');
    await test.cloud.clock.advance(1000);
    expect(await iteratorOf(kinesis, stream)).toEqual(expect.any(String));
  });
});

describe('GetRecords', () => {
  it('gives back data, key, sequence number and time of arrival', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock);
    const { SequenceNumber } = await put(stream, 'data');
    const before = test.cloud.clock.now();
    const { Records } = await read(await iteratorOf(kinesis, stream));
    expect(Records).toEqual([
      {
        Data: new Uint8Array(Buffer.from('data')),
        PartitionKey: 'k',
        SequenceNumber,
        ApproximateArrivalTimestamp: expect.any(Date),
      },
    ]);
    expect(before - (Records?.[0]?.ApproximateArrivalTimestamp?.getTime() ?? 0)).toBeLessThan(5000);
  });

  it('says how far behind the tip the reader is', async () => {
    const { clock } = test.cloud;
    const stream = await activeStream(kinesis, clock);
    await put(stream, 'a');
    await put(stream, 'b');
    await clock.advance(60_000);
    const first = await read(await iteratorOf(kinesis, stream), 1);
    expect(first.MillisBehindLatest).toBeGreaterThanOrEqual(60_000);
    const second = await read(first.NextShardIterator);
    expect(second).toMatchObject({ MillisBehindLatest: 0, Records: [{ PartitionKey: 'k' }] });
  });

  it('gives at most 10 MiB a call and then nothing for five seconds', async () => {
    const { clock } = test.cloud;
    const stream = await activeStream(kinesis, clock, { ShardCount: 1, MaxRecordSizeInKiB: 10_240 });
    const Records = Array.from({ length: 10 }, () => ({ Data: Buffer.alloc(MiB - 1), PartitionKey: 'k' }));
    expect(await kinesis.send(new PutRecordsCommand({ StreamName: stream, Records }))).toMatchObject({
      FailedRecordCount: 0,
    });
    await clock.advance(10_000);
    await put(stream, 'eleventh');
    const first = await read(await iteratorOf(kinesis, stream));
    expect(first.Records).toHaveLength(10);
    expect(await errorOf(read(first.NextShardIterator))).toEqual({
      name: 'ProvisionedThroughputExceededException',
      message: `Rate exceeded for shard shardId-000000000000 in stream ${stream} under account 000000000000.`,
    });
    await clock.advance(5000);
    expect(text((await read(first.NextShardIterator)).Records)).toEqual(['eleventh']);
  });

  it('is limited to five calls a second and shard', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock);
    const iterator = await iteratorOf(kinesis, stream);
    const calls = await Promise.allSettled(Array.from({ length: 20 }, () => read(iterator)));
    expect(calls.filter((one) => one.status === 'rejected').length).toBeGreaterThan(0);
    await test.cloud.clock.advance(1000);
    expect(await read(iterator)).toMatchObject({ Records: [] });
  });

  it('refuses limits outside 1 to 10,000', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock);
    const iterator = await iteratorOf(kinesis, stream);
    expect(await errorOf(read(iterator, 10_001))).toEqual({
      name: 'ValidationException',
      message:
        "1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000",
    });
    expect(await errorOf(read(iterator, 0))).toMatchObject({ name: 'ValidationException' });
  });

  it('refuses an iterator after five minutes, and one that is none', async () => {
    const { clock } = test.cloud;
    const stream = await activeStream(kinesis, clock);
    const iterator = await iteratorOf(kinesis, stream);
    await clock.advance(299_000);
    expect(await read(iterator)).toMatchObject({ Records: [] });
    await clock.advance(2000);
    expect(await errorOf(read(iterator))).toMatchObject({
      name: 'ExpiredIteratorException',
      message: expect.stringMatching(
        /^Iterator expired\. The iterator was created at time \w{3} \w{3} \d\d [\d:]{8} UTC \d{4} while right now/,
      ),
    });
    expect(await errorOf(read('nonsense'))).toEqual({
      name: 'InvalidArgumentException',
      message: 'Invalid ShardIterator.',
    });
  });

  it('ends a closed shard with its children instead of an iterator', async () => {
    const { clock } = test.cloud;
    const stream = await activeStream(kinesis, clock);
    await put(stream, 'a');
    const split = { StreamName: stream, ShardToSplit: 'shardId-000000000000', NewStartingHashKey: String(2n ** 127n) };
    await kinesis.send(new SplitShardCommand(split));
    const last = await read(await iteratorOf(kinesis, stream));
    expect(text(last.Records)).toEqual(['a']);
    expect(last.NextShardIterator).toBeUndefined();
    expect(last.ChildShards?.map((child) => [child.ShardId, child.ParentShards])).toEqual([
      ['shardId-000000000001', ['shardId-000000000000']],
      ['shardId-000000000002', ['shardId-000000000000']],
    ]);
  });
});

describe('retention', () => {
  it('drops records after 24 hours', async () => {
    const { clock } = test.cloud;
    const stream = await activeStream(kinesis, clock);
    await put(stream, 'old');
    await clock.advance(23 * hour);
    const { SequenceNumber } = await put(stream, 'new');
    await clock.advance(hour + 1000);
    expect(await readAll(kinesis, clock, stream)).toMatchObject([{ SequenceNumber }]);
    const ShardIteratorType = 'AFTER_SEQUENCE_NUMBER' as const;
    const after = await iteratorOf(kinesis, stream, { ShardIteratorType, StartingSequenceNumber: SequenceNumber });
    await put(stream, 'newest');
    expect(text((await read(after)).Records)).toEqual(['newest']);
  });

  it('keeps them longer when asked to, without bringing back what has expired', async () => {
    const { clock } = test.cloud;
    const stream = await activeStream(kinesis, clock);
    const increase = (RetentionPeriodHours: number) =>
      kinesis.send(new IncreaseStreamRetentionPeriodCommand({ StreamName: stream, RetentionPeriodHours }));
    await put(stream, 'expired');
    await clock.advance(25 * hour);
    await put(stream, 'kept');
    await increase(48);
    await clock.advance(47 * hour);
    expect(text(await readAll(kinesis, clock, stream))).toEqual(['kept']);
  });

  it('loses what is older than a shorter period', async () => {
    const { clock } = test.cloud;
    const stream = await activeStream(kinesis, clock);
    await kinesis.send(new IncreaseStreamRetentionPeriodCommand({ StreamName: stream, RetentionPeriodHours: 48 }));
    await put(stream, 'a');
    await clock.advance(30 * hour);
    expect(text(await readAll(kinesis, clock, stream))).toEqual(['a']);
    await kinesis.send(new DecreaseStreamRetentionPeriodCommand({ StreamName: stream, RetentionPeriodHours: 24 }));
    expect(await untilAllowed(clock, () => readAll(kinesis, clock, stream))).toEqual([]);
  });

  it.each([
    [23, 'Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.'],
    [8761, 'Maximum allowed retention period is 8760 hours. Requested retention period (8761 hours) is too long.'],
  ])('refuses %d hours', async (RetentionPeriodHours, message) => {
    const stream = await activeStream(kinesis, test.cloud.clock);
    const call = new IncreaseStreamRetentionPeriodCommand({ StreamName: stream, RetentionPeriodHours });
    expect(await errorOf(kinesis.send(call))).toEqual({ name: 'InvalidArgumentException', message });
  });
});
