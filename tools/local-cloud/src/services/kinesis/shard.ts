import { fullBucket, holds } from '../../token-bucket.ts';
import { formatSequenceNumber, lastPosition } from './sequence-number.ts';
import type { Shard, StoredRecord } from './state.ts';

const MiB = 1024 * 1024;

/**
 * What one shard takes and gives, in both capacity modes ("Quotas and limits", Amazon Kinesis Data Streams Developer
 * Guide): writes of 1 MiB and 1,000 records a second; 5 GetRecords and 2 MiB a second; 5 GetShardIterator a second.
 */
export const writeRate = { bytesPerSecond: MiB, recordsPerSecond: 1000 };
const rates = {
  writtenBytes: { perSecond: writeRate.bytesPerSecond, capacity: writeRate.bytesPerSecond },
  writtenRecords: { perSecond: writeRate.recordsPerSecond, capacity: writeRate.recordsPerSecond },
  readCalls: { perSecond: 5, capacity: 5 },
  readBytes: { perSecond: 2 * MiB, capacity: 2 * MiB },
  iteratorCalls: { perSecond: 5, capacity: 5 },
};

/** What MaxRecordSizeInKiB can be raised to. */
export const largestRecordKiB = 10_240;

export interface ShardRange {
  readonly startingHashKey: bigint;
  readonly endingHashKey: bigint;
}

/** A new, empty, open shard. `parents`: the one that was split or the two that were merged. */
export function createShard(index: number, range: ShardRange, parents: readonly Shard[], now: number): Shard {
  const [parent, adjacentParent] = parents;
  return {
    id: shardIdOf(index),
    index,
    ...(parent && { parentId: parent.id }),
    ...(adjacentParent && { adjacentParentId: adjacentParent.id }),
    startingHashKey: range.startingHashKey,
    endingHashKey: range.endingHashKey,
    createdAt: now,
    createdSecond: Math.max(Math.floor(now / 1000), ...parents.map((one) => one.createdSecond + 1)),
    firstPosition: 1,
    records: [],
    // Full whatever the stream's largest record is: the first write cuts it down to that.
    writtenBytes: fullBucket(largestRecordKiB * 1024, now),
    writtenRecords: fullBucket(rates.writtenRecords.capacity, now),
    readCalls: fullBucket(rates.readCalls.capacity, now),
    readBytes: fullBucket(rates.readBytes.capacity, now),
    isReadOverdrawn: false,
    iteratorCalls: fullBucket(rates.iteratorCalls.capacity, now),
  };
}

function shardIdOf(index: number): string {
  return `shardId-${String(index).padStart(12, '0')}`;
}

/** Position that the next record of the shard gets. */
export function nextPosition(shard: Shard): number {
  return shard.firstPosition + shard.records.length;
}

/** Bytes of a record as the limits count them: data and partition key. */
export function sizeOf(record: { data: Uint8Array; partitionKey: string }): number {
  return record.data.byteLength + Buffer.byteLength(record.partitionKey);
}

/**
 * Takes a record of this size out of the shard's write limits, or says that they are exceeded.
 *
 * Where the stream allows records above 1 MiB, the shard bursts up to one of them and then recovers at 1 MiB a second
 * ("Handle large records", Amazon Kinesis Data Streams Developer Guide).
 */
export function takeWrite(shard: Shard, bytes: number, maxRecordSizeInKiB: number, now: number): boolean {
  const byteRate = { ...rates.writtenBytes, capacity: maxRecordSizeInKiB * 1024 };
  const isFree =
    holds(shard.writtenBytes, bytes, byteRate, now) && holds(shard.writtenRecords, 1, rates.writtenRecords, now);
  if (!isFree) return false;
  shard.writtenBytes.tokens -= bytes;
  shard.writtenRecords.tokens -= 1;
  return true;
}

/** Takes one GetRecords call out of the shard's read limits, or says that they are exceeded. */
export function takeRead(shard: Shard, now: number): boolean {
  const { capacity } = rates.readBytes;
  const isOverdrawn = shard.isReadOverdrawn && !holds(shard.readBytes, capacity, rates.readBytes, now);
  if (isOverdrawn || !holds(shard.readCalls, 1, rates.readCalls, now)) return false;
  shard.isReadOverdrawn = false;
  shard.readCalls.tokens -= 1;
  return true;
}

/**
 * Counts what a GetRecords call returned. More than is left closes the shard for reading until the rate has caught up:
 * "If a call to GetRecords returns 10 MB, subsequent calls made within the next 5 seconds throw an exception."
 */
export function countRead(shard: Shard, bytes: number, now: number): void {
  holds(shard.readBytes, bytes, rates.readBytes, now);
  shard.readBytes.tokens -= bytes;
  shard.isReadOverdrawn = shard.readBytes.tokens < 0;
}

export function takeIterator(shard: Shard, now: number): boolean {
  if (!holds(shard.iteratorCalls, 1, rates.iteratorCalls, now)) return false;
  shard.iteratorCalls.tokens -= 1;
  return true;
}

/** Adds a record at the shard's end. Answers its sequence number. */
export function append(shard: Shard, record: Omit<StoredRecord, 'arrived'>, now: number): string {
  const position = nextPosition(shard);
  // The machine's clock may be set back; arrival times within a shard are not, so that they can be searched.
  const arrived = Math.max(now, shard.records.at(-1)?.arrived ?? 0);
  shard.records.push({ ...record, arrived });
  return sequenceNumberAt(shard, BigInt(position), arrived);
}

export function sequenceNumberAt(shard: Shard, position: bigint, arrivedMs: number): string {
  const arrived = Math.floor(arrivedMs / 1000);
  return formatSequenceNumber({ shardCreated: shard.createdSecond, shardIndex: shard.index, position, arrived });
}

export function startingSequenceNumber(shard: Shard): string {
  return sequenceNumberAt(shard, 0n, shard.createdSecond * 1000);
}

export function endingSequenceNumber(shard: Shard): string | undefined {
  return shard.closedAt === undefined ? undefined : sequenceNumberAt(shard, lastPosition, shard.closedAt);
}

/** Drops the records that arrived before the horizon (milliseconds since the epoch). */
export function trim(shard: Shard, horizon: number): void {
  if ((shard.records[0]?.arrived ?? horizon) >= horizon) return;
  const expired = countBefore(shard, horizon);
  shard.records.splice(0, expired);
  shard.firstPosition += expired;
}

/** Position of the first record that arrived at `time` (milliseconds since the epoch) or later. */
export function positionAt(shard: Shard, time: number): number {
  return shard.firstPosition + countBefore(shard, time);
}

function countBefore(shard: Shard, time: number): number {
  let low = 0;
  let high = shard.records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((shard.records[middle] as StoredRecord).arrived < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
