import type { ConsumedCapacity, ReturnConsumedCapacity } from '@aws-sdk/client-dynamodb';
import { type Item, itemSize, sameItem } from './attribute-values.ts';
import { placeInIndex, placeOfItem, projectToIndex } from './keys.ts';
import type { Index, Table } from './state.ts';

/** "Read and write operations", DynamoDB Developer Guide: a read unit is 4 KB, a write unit 1 KB, each rounded up. */
const readUnit = 4096;
const writeUnit = 1024;

/** What one operation took from one table and its indexes, in capacity units. */
export interface Consumption {
  readonly kind: 'read' | 'write';
  table: number;
  /** By index name. */
  readonly indexes: Map<string, number>;
  /** What of it fell on which partitions of the table and its global indexes, by their ids. */
  readonly partitions: Map<string, PartitionUse>;
}

/** Units that one partition had to give. */
export interface PartitionUse {
  readonly id: string;
  /** None for the table's own. */
  readonly index: string | undefined;
  units: number;
}

/** The use of one partition; local indexes lie in their table's. */
export function partitionUse(
  index: Index | undefined,
  partition: string,
  units: number,
): readonly [id: string, use: PartitionUse] {
  const name = index?.kind === 'global' ? index.name : undefined;
  const id = `${name ?? ''}/${partition}`;
  return [id, { id, index: name, units }];
}

/** Units of reading so many bytes at once: half of them when eventually consistent, twice as many in a transaction. */
export function readUnits(bytes: number, mode: 'eventual' | 'consistent' | 'transaction'): number {
  const units = Math.max(1, Math.ceil(bytes / readUnit));
  return mode === 'eventual' ? units / 2 : mode === 'consistent' ? units : units * 2;
}

function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / writeUnit));
}

/** Units of a change: the larger of the item before and after, and what each index has to write for it. */
export function consumedByWrite(
  table: Table,
  before: Item | undefined,
  after: Item | undefined,
  isTransaction = false,
): Consumption {
  const factor = isTransaction ? 2 : 1;
  const larger = Math.max(before ? itemSize(before) : 0, after ? itemSize(after) : 0);
  const total: Consumption = { kind: 'write', table: 0, indexes: new Map(), partitions: new Map() };
  const item = after ?? before;
  const ownUnits = writeUnits(larger) * factor;
  const own = item && placeOfItem(table.keySchema, item).partition;
  add(total, { table: ownUnits, partitions: own === undefined ? [] : [partitionUse(undefined, own, ownUnits)] });
  for (const index of table.indexes.values()) {
    const units = indexUnits(table, index, before, after) * factor;
    const place = item && placeInIndex(table, index, item);
    const partitions = place
      ? [partitionUse(index, index.kind === 'global' ? place.partition : (own as string), units)]
      : [];
    if (units > 0) add(total, { table: 0, indexes: [[index.name, units]], partitions });
  }
  return total;
}

/** An entry that moves is deleted and put; one that stays as it is costs nothing. */
function indexUnits(table: Table, index: Index, before: Item | undefined, after: Item | undefined): number {
  const [old, fresh] = [before, after].map((item) => {
    const place = item && placeInIndex(table, index, item);
    return place && { ...place, item: projectToIndex(table, index, item) };
  });
  if (!old) return fresh ? writeUnits(itemSize(fresh.item)) : 0;
  if (!fresh) return writeUnits(itemSize(old.item));
  if (old.partition === fresh.partition && old.sort === fresh.sort) {
    if (sameItem(old.item, fresh.item)) return 0;
    return writeUnits(Math.max(itemSize(old.item), itemSize(fresh.item)));
  }
  return writeUnits(itemSize(old.item)) + writeUnits(itemSize(fresh.item));
}

/** Adds what several operations on one table consumed. */
export function sumOf(consumptions: readonly Consumption[]): Consumption {
  const kind = consumptions[0]?.kind ?? 'read';
  const total: Consumption = { kind, table: 0, indexes: new Map(), partitions: new Map() };
  for (const consumption of consumptions) add(total, consumption);
  return total;
}

function add(
  total: Consumption,
  more: {
    readonly table: number;
    readonly indexes?: Iterable<readonly [string, number]>;
    readonly partitions: Iterable<readonly [string, PartitionUse]>;
  },
): void {
  total.table += more.table;
  for (const [name, units] of more.indexes ?? []) total.indexes.set(name, (total.indexes.get(name) ?? 0) + units);
  for (const [id, use] of more.partitions) {
    total.partitions.set(id, { ...use, units: use.units + (total.partitions.get(id)?.units ?? 0) });
  }
}

/** ConsumedCapacity as the request asks for it: nothing, the sum, or with each index. */
export function consumedCapacity(
  table: Table,
  { kind, table: units, indexes }: Consumption,
  wanted: ReturnConsumedCapacity | undefined,
  isTransaction = false,
): ConsumedCapacity | undefined {
  if (wanted !== 'TOTAL' && wanted !== 'INDEXES') return undefined;
  const detail = (CapacityUnits: number) => ({ CapacityUnits, ...(isTransaction ? byKind(kind, CapacityUnits) : {}) });
  const total = [...indexes.values()].reduce((sum, each) => sum + each, units);
  const summary = { TableName: table.name, ...detail(total) };
  if (wanted === 'TOTAL') return summary;
  const ofKind = (indexKind: Index['kind']) => {
    const found = [...indexes].filter(([name]) => table.indexes.get(name)?.kind === indexKind);
    return found.length === 0 ? undefined : Object.fromEntries(found.map(([name, each]) => [name, detail(each)]));
  };
  return {
    ...summary,
    Table: detail(units),
    LocalSecondaryIndexes: ofKind('local'),
    GlobalSecondaryIndexes: ofKind('global'),
  };
}

function byKind(kind: 'read' | 'write', units: number) {
  return kind === 'read' ? { ReadCapacityUnits: units } : { WriteCapacityUnits: units };
}
