import {
  DescribeStreamSummaryCommand,
  KinesisClient,
  PutRecordCommand,
  PutRecordsCommand,
  SplitShardCommand,
  StartStreamEncryptionCommand,
  UpdateMaxRecordSizeCommand,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCloud } from '../src/testing.ts';
import { activeStream, aWhile, errorOf, readAll, text } from './kinesis-support.ts';

const MiB = 1024 * 1024;
let test: Awaited<ReturnType<typeof startTestCloud>>;
let kinesis: KinesisClient;

beforeAll(async () => {
  test = await startTestCloud();
  kinesis = test.client(KinesisClient);
});
afterAll(() => test.close());

const put = (StreamName: string, Data: Uint8Array, PartitionKey = 'k') =>
  kinesis.send(new PutRecordCommand({ StreamName, Data, PartitionKey }));
const entries = (count: number, bytes = 1, key = 'k') =>
  Array.from({ length: count }, () => ({ Data: Buffer.alloc(bytes), PartitionKey: key }));
const putAll = (StreamName: string, Records: { Data: Uint8Array; PartitionKey: string }[]) =>
  kinesis.send(new PutRecordsCommand({ StreamName, Records }));

describe('PutRecord', () => {
  it('answers shard and a 56-digit sequence number that grows', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock);
    const first = await put(stream, Buffer.from('a'));
    const second = await put(stream, Buffer.from('b'));
    expect(first).toMatchObject({ ShardId: 'shardId-000000000000', EncryptionType: 'NONE' });
    expect(first.SequenceNumber).toMatch(/^49\d{54}$/);
    expect(BigInt(second.SequenceNumber as string)).toBeGreaterThan(BigInt(first.SequenceNumber as string));
  });

  it('places a record by MD5 of its partition key, or by the explicit hash key', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock, { ShardCount: 2 });
    // MD5 of 'a' is 0cc1…, of 'b' 92eb….
    expect(await put(stream, Buffer.from('1'), 'a')).toMatchObject({ ShardId: 'shardId-000000000000' });
    expect(await put(stream, Buffer.from('2'), 'b')).toMatchObject({ ShardId: 'shardId-000000000001' });
    const explicit = { StreamName: stream, Data: Buffer.from('3'), PartitionKey: 'a' };
    const highest = String(2n ** 128n - 1n);
    expect(await kinesis.send(new PutRecordCommand({ ...explicit, ExplicitHashKey: highest }))).toMatchObject({
      ShardId: 'shardId-000000000001',
    });
    const tooHigh = new PutRecordCommand({ ...explicit, ExplicitHashKey: String(2n ** 128n) });
    expect(await errorOf(kinesis.send(tooHigh))).toEqual({
      name: 'InvalidArgumentException',
      message: `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${2n ** 128n}`,
    });
  });

  it('counts data and partition key against 1 MiB', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock);
    await put(stream, Buffer.alloc(MiB - 1));
    expect(await errorOf(put(stream, Buffer.alloc(MiB)))).toEqual({
      name: 'ValidationException',
      message:
        "1 validation error detected: Value at 'data' failed to satisfy constraint: Member must have length less than or equal to 1048576",
    });
  });

  it('takes records of up to 10 MiB once the stream allows them, in a burst that is paid back at 1 MiB a second', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock);
    const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: stream }));
    const StreamARN = StreamDescriptionSummary?.StreamARN;
    const update = (MaxRecordSizeInKiB: number) =>
      kinesis.send(new UpdateMaxRecordSizeCommand({ StreamARN, MaxRecordSizeInKiB }));
    expect(await errorOf(update(10_241))).toMatchObject({ name: 'ValidationException' });
    await update(10_240);
    await test.cloud.clock.advance(aWhile);
    await put(stream, Buffer.alloc(10 * MiB - 1));
    expect(await errorOf(put(stream, Buffer.alloc(MiB - 1)))).toMatchObject({
      name: 'ProvisionedThroughputExceededException',
    });
    await test.cloud.clock.advance(1000);
    await put(stream, Buffer.alloc(MiB - 1));
  });

  it.each([
    ['', 'Member must have length greater than or equal to 1'],
    ['x'.repeat(257), 'Member must have length less than or equal to 256'],
  ])('refuses a partition key of 0 or 257 characters', async (key, constraint) => {
    const stream = await activeStream(kinesis, test.cloud.clock);
    expect(await errorOf(put(stream, Buffer.from('a'), key))).toEqual({
      name: 'ValidationException',
      message: `1 validation error detected: Value '${key}' at 'partitionKey' failed to satisfy constraint: ${constraint}`,
    });
  });

  it('takes a partition key of 256 characters outside the basic plane', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock);
    expect(await put(stream, Buffer.from('a'), '😀'.repeat(256))).toHaveProperty('SequenceNumber');
  });

  it('follows a sequence number of the stream and refuses anything else', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock);
    const ordered = (SequenceNumberForOrdering: string) =>
      kinesis.send(
        new PutRecordCommand({
          StreamName: stream,
          Data: Buffer.from('a'),
          PartitionKey: 'k',
          SequenceNumberForOrdering,
        }),
      );
    const { SequenceNumber } = await put(stream, Buffer.from('a'));
    const second = await ordered(SequenceNumber as string);
    expect(BigInt(second.SequenceNumber as string)).toBeGreaterThan(BigInt(SequenceNumber as string));
    expect(await errorOf(ordered('12'))).toEqual({
      name: 'InvalidArgumentException',
      message: `ExclusiveMinimumSequenceNumber 12 used in PutRecord on stream ${stream} under account 000000000000 is invalid.`,
    });
  });

  it('does not know a stream that is not there', async () => {
    expect(await errorOf(put('nowhere', Buffer.from('a')))).toEqual({
      name: 'ResourceNotFoundException',
      message: 'Stream nowhere under account 000000000000 not found.',
    });
  });

  it('only checks a dry run', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock);
    const dry = { StreamName: stream, Data: Buffer.from('a'), PartitionKey: 'k', DryRun: true };
    expect(await errorOf(kinesis.send(new PutRecordCommand(dry)))).toMatchObject({ name: 'DryRunOperationException' });
    expect(await readAll(kinesis, test.cloud.clock, stream)).toEqual([]);
  });

  it('marks records of an encrypted stream', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock);
    await put(stream, Buffer.from('plain'));
    const encryption = { StreamName: stream, EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } as const;
    await kinesis.send(new StartStreamEncryptionCommand(encryption));
    expect(await put(stream, Buffer.from('secret'))).toMatchObject({ EncryptionType: 'KMS' });
    const records = await readAll(kinesis, test.cloud.clock, stream);
    expect(records.map((record) => record.EncryptionType)).toEqual([undefined, 'KMS']);
  });
});

describe('PutRecords', () => {
  it('takes 500 records and refuses 501', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock);
    expect(await putAll(stream, entries(500))).toMatchObject({ FailedRecordCount: 0 });
    expect(await errorOf(putAll(stream, entries(501)))).toEqual({
      name: 'ValidationException',
      message:
        "1 validation error detected: Value at 'records' failed to satisfy constraint: Member must have length less than or equal to 500",
    });
    expect(await errorOf(putAll(stream, []))).toMatchObject({ name: 'ValidationException' });
  });

  it('takes 10 MiB with the partition keys and refuses one byte more', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock, { ShardCount: 1 });
    const full = entries(10, MiB - 1);
    expect(await putAll(stream, full)).toHaveProperty('Records.length', 10);
    const over = [...full.slice(1), ...entries(1, MiB - 2), { Data: Buffer.alloc(1), PartitionKey: 'k' }];
    expect(await errorOf(putAll(stream, over))).toEqual({
      name: 'InvalidArgumentException',
      message: 'Records size exceeds 10 MB limit',
    });
  });

  it('names every record that breaks a rule, and stores none', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock);
    const bad = [
      { Data: Buffer.from('ok'), PartitionKey: 'k' },
      { Data: Buffer.alloc(MiB), PartitionKey: 'k' },
      { Data: Buffer.from('a'), PartitionKey: '' },
    ];
    expect(await errorOf(putAll(stream, bad))).toEqual({
      name: 'ValidationException',
      message:
        "2 validation errors detected: Value at 'records.2.member.data' failed to satisfy constraint: Member must have length less than or equal to 1048576; " +
        "Value '' at 'records.3.member.partitionKey' failed to satisfy constraint: Member must have length greater than or equal to 1",
    });
    expect(await readAll(kinesis, test.cloud.clock, stream)).toEqual([]);
  });

  it('needs a partition key in every record', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock);
    const call = new PutRecordsCommand({
      StreamName: stream,
      Records: [{ Data: Buffer.from('a'), PartitionKey: undefined }],
    });
    expect(await errorOf(kinesis.send(call))).toMatchObject({
      message:
        "1 validation error detected: Value null at 'records.1.member.partitionKey' failed to satisfy constraint: Member must not be null",
    });
  });

  it('keeps the order of one partition key', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock, { ShardCount: 4 });
    const numbered = Array.from({ length: 400 }, (_, i) => ({ Data: Buffer.from(`${i}`), PartitionKey: `k${i % 7}` }));
    await putAll(stream, numbered);
    const records = await readAll(kinesis, test.cloud.clock, stream);
    const ofOneKey = records.filter((record) => record.PartitionKey === 'k3');
    expect(text(ofOneKey)).toEqual(numbered.filter((_, i) => i % 7 === 3).map((one) => one.Data.toString()));
  });

  it('fails single records above 1,000 a second and shard, and takes them a second later', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock);
    const results = [];
    for (let i = 0; i < 6; i += 1) results.push(await putAll(stream, entries(500)));
    const last = results.at(-1);
    expect(last?.FailedRecordCount).toBeGreaterThan(0);
    expect(last?.Records?.filter((one) => one.ErrorCode)).toHaveLength(last?.FailedRecordCount ?? 0);
    expect(last?.Records?.find((one) => one.ErrorCode)).toEqual({
      ErrorCode: 'ProvisionedThroughputExceededException',
      ErrorMessage: `Rate exceeded for shard shardId-000000000000 in stream ${stream} under account 000000000000.`,
    });
    await test.cloud.clock.advance(1000);
    expect(await putAll(stream, entries(500))).toMatchObject({ FailedRecordCount: 0 });
  });

  it('fails what exceeds 1 MiB a second in its shard alone', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock, { ShardCount: 2 });
    const { FailedRecordCount, Records } = await putAll(stream, [
      ...entries(1, MiB - 1, 'a'),
      ...entries(1, MiB / 2, 'a'),
      ...entries(1, MiB / 2, 'b'),
    ]);
    expect(FailedRecordCount).toBe(1);
    expect(Records?.map((one) => one.ErrorCode)).toEqual([
      undefined,
      'ProvisionedThroughputExceededException',
      undefined,
    ]);
    await test.cloud.clock.advance(1000);
    expect(await putAll(stream, entries(1, MiB - 1, 'a'))).toMatchObject({ FailedRecordCount: 0 });
  });

  it('gives a split shard the throughput of two', async () => {
    const stream = await activeStream(kinesis, test.cloud.clock);
    const both = () => putAll(stream, [...entries(1, MiB - 1, 'a'), ...entries(1, MiB - 1, 'b')]);
    expect(await both()).toMatchObject({ FailedRecordCount: 1 });
    await kinesis.send(
      new SplitShardCommand({
        StreamName: stream,
        ShardToSplit: 'shardId-000000000000',
        NewStartingHashKey: String(2n ** 127n),
      }),
    );
    expect(await both()).toMatchObject({ FailedRecordCount: 0 });
  });
});
