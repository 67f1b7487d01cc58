import { evenStarts, hashKeys } from './hash-key.ts';
import { createShard, type ShardRange } from './shard.ts';
import type { Shard, Stream } from './state.ts';

/** Gives a new stream its shards: equal parts of the hash keys. */
export function createShards(stream: Stream, count: number, now: number): void {
  const starts = evenStarts(count);
  stream.open = starts.map((startingHashKey, i) => {
    const endingHashKey = (starts[i + 1] ?? hashKeys) - 1n;
    return addShard(stream, { startingHashKey, endingHashKey }, [], now);
  });
}

/** Closes the shard and opens two children, the second of which begins at `at`. */
export function split(stream: Stream, shard: Shard, at: bigint, now: number): void {
  const { startingHashKey, endingHashKey } = shard;
  const children = [
    addShard(stream, { startingHashKey, endingHashKey: at - 1n }, [shard], now),
    addShard(stream, { startingHashKey: at, endingHashKey }, [shard], now),
  ];
  replace(stream, [shard], children, now);
}

/** Closes two adjacent shards, lower hash keys first, and opens one child over both their ranges. */
export function merge(stream: Stream, lower: Shard, upper: Shard, now: number): void {
  const range = { startingHashKey: lower.startingHashKey, endingHashKey: upper.endingHashKey };
  replace(stream, [lower, upper], [addShard(stream, range, [lower, upper], now)], now);
}

/** Splits and merges until the stream has `count` equal shards; like AWS's, this may leave short-lived closed ones. */
export function reshardEvenly(stream: Stream, count: number, now: number): void {
  const starts = evenStarts(count);
  for (const start of starts) {
    const shard = shardOf(stream, start);
    if (shard.startingHashKey !== start) split(stream, shard, start, now);
  }
  for (const [i, start] of starts.entries()) {
    const end = (starts[i + 1] ?? hashKeys) - 1n;
    for (let lower = shardOf(stream, start); lower.endingHashKey < end; lower = shardOf(stream, start)) {
      merge(stream, lower, shardOf(stream, lower.endingHashKey + 1n), now);
    }
  }
}

/** The open shard that a hash key belongs to. */
export function shardOf(stream: Stream, hashKey: bigint): Shard {
  let low = 0;
  let high = stream.open.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((stream.open[middle] as Shard).endingHashKey < hashKey) low = middle + 1;
    else high = middle;
  }
  return stream.open[low] as Shard;
}

function addShard(stream: Stream, range: ShardRange, parents: readonly Shard[], now: number): Shard {
  const shard = createShard(stream.shardsCreated++, range, parents, now);
  stream.shards.push(shard);
  return shard;
}

function replace(stream: Stream, closed: readonly Shard[], opened: readonly Shard[], now: number): void {
  for (const shard of closed) shard.closedAt = now;
  stream.open.splice(stream.open.indexOf(closed[0] as Shard), closed.length, ...opened);
}
