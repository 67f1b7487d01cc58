import { fullBucket, holds, type TokenBucket } from '../../token-bucket.ts';
import type { Consumption } from './capacity.ts';
import type { Table } from './state.ts';

/**
 * "Each partition … is designed to deliver a maximum capacity of 3,000 read units per second and 1,000 write units per
 * second" ("Best practices for designing and using partition keys effectively"). Here a partition is what has one partition
 * key, the finest DynamoDB splits a table into where sort keys don't let it; nothing is saved for bursts.
 */
const perSecond = { read: 3000, write: 1000 } as const;

interface Meters {
  readonly buckets: Map<string, TokenBucket>;
  /** Above so many those that are full again are forgotten. */
  most: number;
}

const fewestRemembered = 10_000;
const meters = new WeakMap<Table, Meters>();

function metersOf(table: Table): Meters {
  const present = meters.get(table) ?? { buckets: new Map<string, TokenBucket>(), most: fewestRemembered };
  meters.set(table, present);
  return present;
}

/** The index (none: the table itself) of which a partition that is to be used has nothing left. */
export function exhaustedPartition(
  table: Table,
  { kind, partitions }: Consumption,
  now: number,
): { index: string | undefined } | undefined {
  const rate = { perSecond: perSecond[kind], capacity: perSecond[kind] };
  for (const partition of partitions.values()) {
    const bucket = metersOf(table).buckets.get(`${kind} ${partition.id}`);
    if (bucket && !holds(bucket, Number.MIN_VALUE, rate, now)) return { index: partition.index };
  }
  return undefined;
}

/** Takes what a request consumed, also more than there is: it is paid back before the next one. */
export function chargePartitions(table: Table, { kind, partitions }: Consumption, now: number): void {
  const own = metersOf(table);
  const { buckets } = own;
  const rate = { perSecond: perSecond[kind], capacity: perSecond[kind] };
  for (const { id, units } of partitions.values()) {
    const bucket = buckets.get(`${kind} ${id}`) ?? fullBucket(rate.capacity, now);
    holds(bucket, 0, rate, now);
    bucket.tokens -= units;
    buckets.set(`${kind} ${id}`, bucket);
  }
  if (buckets.size <= own.most) return;
  for (const [id, bucket] of buckets) if (now - bucket.at > 1000 && bucket.tokens >= 0) buckets.delete(id);
  own.most = Math.max(fewestRemembered, 2 * buckets.size);
}
