import type { GetRecordsCommandInput, GetRecordsCommandOutput } from '@aws-sdk/client-kinesis';
import { lengthBetween } from '../../constraints.ts';
import { emitKinesisMetric } from '../../metrics/kinesis-metrics.ts';
import { operation } from '../../service.ts';
import { demand } from './demands.ts';
import { invalidArgument, rateExceeded, validate } from './errors.ts';
import { iteratorAt, readableShard } from './get-shard-iterator.ts';
import { countRead, nextPosition, sequenceNumberAt, sizeOf, takeRead } from './shard.ts';
import { checkAge, parseShardIterator } from './shard-iterator.ts';
import { readyStreamOf, type Shard, type StoredRecord, type Stream } from './state.ts';
import { checkPage, locateArn, stopDryRun } from './stream-reference.ts';

/** GetRecords, Kinesis API Reference: at most 10,000 records and 10 MiB a call. */
const mostRecords = 10_000;
const mostBytes = 10 * 1024 * 1024;

export const getRecords = operation<GetRecordsCommandInput, GetRecordsCommandOutput>({
  demands(input, call) {
    const { streamArn } = parseShardIterator(input.ShardIterator ?? '');
    return [demand('GetRecords', locateArn('shardIterator', streamArn), call)];
  },
  run(input, call) {
    validate(checkPage('limit', input.Limit), lengthBetween('shardIterator', input.ShardIterator, 1, 512));
    const now = call.cloud.clock.now();
    const iterator = parseShardIterator(input.ShardIterator as string);
    if (input.StreamARN !== undefined && input.StreamARN !== iterator.streamArn) {
      throw invalidArgument(`StreamARN ${input.StreamARN} is not the stream of the ShardIterator.`);
    }
    checkAge(iterator, now);
    const stream = readyStreamOf({ StreamARN: iterator.streamArn }, call);
    if (stream.createdAt.getTime() !== iterator.streamCreated) throw invalidArgument('Invalid ShardIterator.');
    const shard = readableShard(stream, iterator.shardId, now);
    const isTaken = takeRead(shard, now);
    emitKinesisMetric(call.cloud, stream, 'ReadProvisionedThroughputExceeded', isTaken ? 0 : 1);
    if (!isTaken) throw rateExceeded(shard.id, stream.name, stream.account);
    stopDryRun(input);

    const from = Math.max(iterator.position, shard.firstPosition);
    const records = read(shard, from, input.Limit ?? mostRecords);
    countRead(
      shard,
      records.reduce((sum, record) => sum + sizeOf(record), 0),
      now,
    );
    const next = from + records.length;
    const behind = millisBehindLatest(shard, next, now);
    emitKinesisMetric(call.cloud, stream, 'GetRecords.IteratorAgeMilliseconds', behind);
    return {
      Records: records.map((record, i) => recordOutput(shard, record, from + i)),
      MillisBehindLatest: behind,
      ...whatFollows(stream, shard, next, now),
    };
  },
});

export function recordOutput(shard: Shard, record: StoredRecord, position: number) {
  return {
    SequenceNumber: sequenceNumberAt(shard, BigInt(position), record.arrived),
    ApproximateArrivalTimestamp: new Date(record.arrived),
    Data: record.data,
    PartitionKey: record.partitionKey,
    ...(record.encryptionType === 'KMS' && { EncryptionType: record.encryptionType }),
  };
}

/** At most `limit` records from a position on, and no more than `most` bytes, but one. */
export function read(shard: Shard, from: number, limit: number, most = mostBytes): StoredRecord[] {
  const start = from - shard.firstPosition;
  const records: StoredRecord[] = [];
  let bytes = 0;
  for (let i = start; i < shard.records.length && records.length < limit; i += 1) {
    const record = shard.records[i] as StoredRecord;
    bytes += sizeOf(record);
    if (bytes > most && records.length > 0) break;
    records.push(record);
  }
  return records;
}

/** 0 when nothing is left to read, otherwise the age of the oldest record that is. */
export function millisBehindLatest(shard: Shard, next: number, now: number): number {
  const waiting = shard.records[next - shard.firstPosition];
  return waiting ? Math.max(0, now - waiting.arrived) : 0;
}

/** The next iterator, or at the end of a closed shard its children. */
export function whatFollows(stream: Stream, shard: Shard, next: number, now: number): Partial<GetRecordsCommandOutput> {
  const isOver = shard.closedAt !== undefined && next >= nextPosition(shard);
  if (!isOver) return { NextShardIterator: iteratorAt(stream, shard, next, now) };
  const children = stream.shards.filter((one) => one.parentId === shard.id || one.adjacentParentId === shard.id);
  return {
    ChildShards: children.map((child) => ({
      ShardId: child.id,
      ParentShards: [child.parentId, child.adjacentParentId].filter((id) => id !== undefined),
      HashKeyRange: { StartingHashKey: String(child.startingHashKey), EndingHashKey: String(child.endingHashKey) },
    })),
  };
}
