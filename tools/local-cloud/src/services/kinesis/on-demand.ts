import { reshardEvenly } from './reshard.ts';
import { writeRate } from './shard.ts';
import { isLargeRegion } from './shard-quota.ts';
import type { Stream } from './state.ts';

/** What a new on-demand stream takes: 4 MB/s. "On-demand Standard mode features", Kinesis Data Streams Developer Guide. */
export const onDemandShards = 4;
/** "Quotas and limits": 10 GB/s of writes in the large Regions, 200 MB/s elsewhere. */
const mostShards = { large: 10_240, other: 200 };
/** "Up to double the peak write throughput observed in the previous 30 days." */
const headroom = 2;
const dayMs = 24 * 3_600_000;
const rememberedMs = 30 * dayMs;
/** The throughput is the mean of so long; AWS names no time. */
const windowMs = 10_000;

/** What was written to an on-demand stream. Plain data. */
export interface Demand {
  /** When it became an on-demand stream, and when the current window began. Milliseconds since the epoch. */
  readonly began: number;
  windowBegan: number;
  bytes: number;
  records: number;
  /** The highest throughput of each day, in shards' worth. */
  readonly peaks: Map<number, number>;
}

export function noDemand(now: number): Demand {
  return { began: now, windowBegan: now, bytes: 0, records: 0, peaks: new Map() };
}

/** Counts records that the stream took. */
export function noteWrites(stream: Stream, bytes: number, records: number): void {
  if (!stream.demand) return;
  stream.demand.bytes += bytes;
  stream.demand.records += records;
}

/**
 * When a window is over: gives the stream shards for double its peak, each time twice as many as before so that every shard
 * is split. Only a stream that was quiet for 30 days gets fewer; one that was provisioned keeps what it came with until then.
 */
export function scaleOnDemand(stream: Stream, now: number): void {
  const { demand } = stream;
  if (!demand || stream.status !== 'ACTIVE' || now - demand.windowBegan < windowMs) return;
  const seconds = windowMs / 1000;
  const reached = Math.max(
    demand.bytes / seconds / writeRate.bytesPerSecond,
    demand.records / seconds / writeRate.recordsPerSecond,
  );
  const day = Math.floor(now / dayMs);
  demand.peaks.set(day, Math.max(reached, demand.peaks.get(day) ?? 0));
  for (const each of demand.peaks.keys()) if (each * dayMs <= now - rememberedMs - dayMs) demand.peaks.delete(each);
  Object.assign(demand, { windowBegan: now, bytes: 0, records: 0 });
  const wanted = shardsFor(headroom * Math.max(...demand.peaks.values()), stream.region);
  const mayShrink = now - demand.began >= rememberedMs;
  if (wanted > stream.open.length || (mayShrink && wanted < stream.open.length)) reshardEvenly(stream, wanted, now);
}

function shardsFor(throughput: number, region: string): number {
  const most = isLargeRegion(region) ? mostShards.large : mostShards.other;
  let count = onDemandShards;
  while (count < throughput && count < most) count *= 2;
  return Math.min(count, most);
}
