import { createHash } from 'node:crypto';
import type { Item } from './attribute-values.ts';

/** One item where a table or index keeps it. */
export interface Entry {
  /** The sort key as sortable text; empty where there is none. */
  readonly sort: string;
  /** The primary key as text. In an index it tells items with the same index key apart. */
  readonly id: string;
  readonly item: Item;
  /** Bytes of the item, for limits and capacity. */
  readonly size: number;
}

/** Items by partition, sorted within each. Plain data. */
export interface Collection {
  /** By {@link partitionOf}. */
  readonly partitions: Map<string, Entry[]>;
  /** The partitions' keys, sorted: the order of a scan, which is that of the hashes. */
  readonly order: string[];
}

export function emptyCollection(): Collection {
  return { partitions: new Map(), order: [] };
}

/** The key of the partition that holds a hash key, given as sortable text: starts with 32 bits of its hash. */
export function partitionOf(hashKey: string): string {
  return createHash('md5').update(hashKey, 'latin1').digest('hex').slice(0, 8) + hashKey;
}

/** Which of `total` segments of a parallel scan a partition is in. */
export function segmentOf(partition: string, total: number): number {
  return Math.floor((Number.parseInt(partition.slice(0, 8), 16) / 2 ** 32) * total);
}

/** Where an entry is or would be: the first position not before (sort, id). */
export function positionOf(entries: readonly Entry[], sort: string, id: string): number {
  return firstNotBefore(entries, (entry) => entry.sort < sort || (entry.sort === sort && entry.id < id));
}

/** The first position whose entry does not come `before`; entries must be sorted by that. */
export function firstNotBefore<T>(entries: readonly T[], before: (entry: T) => boolean): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (before(entries[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The entry at a place, where two items may have the same sort key: `id` tells them apart. */
export function find(collection: Collection, partition: string, sort: string, id: string): Entry | undefined {
  const entries = collection.partitions.get(partition);
  const entry = entries?.[positionOf(entries, sort, id)];
  return entry?.id === id && entry.sort === sort ? entry : undefined;
}

/** Puts an entry in, over the one with the same key if there is one. */
export function insert(collection: Collection, partition: string, entry: Entry): void {
  let entries = collection.partitions.get(partition);
  if (!entries) {
    entries = [];
    collection.partitions.set(partition, entries);
    collection.order.splice(placeOf(collection, partition), 0, partition);
  }
  const position = positionOf(entries, entry.sort, entry.id);
  const present = entries[position];
  const isSame = present?.sort === entry.sort && present.id === entry.id;
  entries.splice(position, isSame ? 1 : 0, entry);
}

/** Takes an entry away, and its partition when it was the last; nothing happens where there is none. */
export function remove(collection: Collection, partition: string, sort: string, id: string): void {
  const entries = collection.partitions.get(partition);
  if (!entries || !find(collection, partition, sort, id)) return;
  entries.splice(positionOf(entries, sort, id), 1);
  if (entries.length > 0) return;
  collection.partitions.delete(partition);
  collection.order.splice(placeOf(collection, partition), 1);
}

/** The first place in scan order that does not come before a partition. */
export function placeOf(collection: Collection, partition: string): number {
  return firstNotBefore(collection.order, (key) => key < partition);
}
