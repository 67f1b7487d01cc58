import { setTimeout as sleep } from 'node:timers/promises';
import { type KinesisClient, ListShardsCommand } from '@aws-sdk/client-kinesis';
import { createPartJoiner, decode, identityOf, type LogRecord } from '@stackyard/log-records';
import { createShardReader, type ShardReader } from './shard-reader.ts';

export interface Tail {
  readonly streamName: string;
  readonly since: Date;
  /** Whether to go on with what arrives. Otherwise the tail ends with what the stream holds. */
  readonly follow: boolean;
  /** Ends the tail. */
  readonly signal?: AbortSignal;
}

/** Each shard takes five reads a second, from all its readers (Kinesis Data Streams quotas). */
const pauseMs = { behind: 250, idle: 1000 };

/**
 * The records of a log stream, some at a time, which are in the order of their times; copies of a record once,
 * and those that came in parts whole. Shards that come with resharding are read too.
 */
export async function* tail(kinesis: KinesisClient, { streamName, since, follow, signal }: Tail) {
  const isNew = createMemory();
  const parts = createPartJoiner();
  const shards = new Map<string, ShardReader>();
  for (const id of await shardIds(kinesis, streamName)) {
    const start = { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: since } as const;
    shards.set(id, createShardReader(kinesis, streamName, id, start));
  }
  const open = new Set(shards.keys());

  while (open.size > 0 && !signal?.aborted) {
    const round = await Promise.all([...open].map(async (id) => ({ id, answer: await shards.get(id)?.next() })));
    const records: LogRecord[] = [];
    let behind = false;
    for (const { id, answer } of round) {
      if (!answer?.NextShardIterator) open.delete(id);
      for (const { ShardId = '' } of answer?.ChildShards ?? []) {
        if (shards.has(ShardId)) continue;
        shards.set(ShardId, createShardReader(kinesis, streamName, ShardId, { ShardIteratorType: 'TRIM_HORIZON' }));
        open.add(ShardId);
        behind = true;
      }
      if (answer?.MillisBehindLatest) behind = true;
      for (const { Data, ApproximateArrivalTimestamp } of answer?.Records ?? []) {
        records.push(...decode(Data ?? new Uint8Array(), ApproximateArrivalTimestamp));
      }
    }
    const ended = open.size === 0 || (!behind && !follow);
    const fresh = records.filter(isNew).flatMap((record) => parts.take(record));
    if (ended) fresh.push(...parts.rest());
    if (fresh.length > 0) yield fresh.sort(byTime);
    if (ended) return;
    await sleep(behind ? pauseMs.behind : pauseMs.idle, undefined, { signal }).catch(() => undefined);
  }
}

async function shardIds(kinesis: KinesisClient, StreamName: string): Promise<string[]> {
  const ids: string[] = [];
  let token: string | undefined;
  do {
    // A page after the first is asked for by its token alone.
    const page = await kinesis.send(new ListShardsCommand(token ? { NextToken: token } : { StreamName }));
    ids.push(...(page.Shards ?? []).map(({ ShardId = '' }) => ShardId));
    token = page.NextToken;
  } while (token);
  return ids;
}

/** By time; of one time, an environment's in their own order. Times differ in how many digits they have. */
function byTime(a: LogRecord, b: LogRecord): number {
  return (
    compare(a.time.slice(0, -1), b.time.slice(0, -1)) ||
    compare(a.environment ?? '', b.environment ?? '') ||
    (a.sequence ?? 0) - (b.sequence ?? 0)
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Copies come soon after one another: of older records nothing need be known. */
const remembered = 100_000;

function createMemory(): (record: LogRecord) => boolean {
  const seen = new Set<string>();
  return (record) => {
    const identity = identityOf(record);
    if (identity === undefined) return true;
    if (seen.has(identity)) return false;
    seen.add(identity);
    for (const oldest of seen) {
      if (seen.size <= remembered) break;
      seen.delete(oldest);
    }
    return true;
  };
}
