import { type Item, itemSize } from '../attribute-values.ts';
import { type Entry, find, insert, remove } from '../collection.ts';
import { idOf, placeInIndex, placeOfItem, projectToIndex } from '../keys.ts';
import type { Index, Table } from '../state.ts';

/** The entry of a primary key. */
export function entryOf(table: Table, key: Item): Entry | undefined {
  const { partition, sort } = placeOfItem(table.keySchema, key);
  return find(table.items, partition, sort, idOf(table, key));
}

/**
 * Replaces what a primary key holds, in the table and its indexes. `after` absent: the item goes. Everything was checked
 * before: nothing here fails.
 */
export function replace(table: Table, before: Item | undefined, after: Item | undefined): void {
  const { partition, sort } = placeOfItem(table.keySchema, (after ?? before) as Item);
  const id = idOf(table, (after ?? before) as Item);
  if (after) insert(table.items, partition, { sort, id, item: after, size: itemSize(after) });
  else remove(table.items, partition, sort, id);
  for (const index of table.indexes.values()) {
    if (before) removeFromIndex(table, index, before, id);
    if (after) putIntoIndex(table, index, after, id);
  }
}

function removeFromIndex(table: Table, index: Index, item: Item, id: string): void {
  const place = placeInIndex(table, index, item);
  if (place) remove(index.items, place.partition, place.sort, id);
}

/** Writes an item’s projection; items without all keys of the index are left out. */
export function putIntoIndex(table: Table, index: Index, item: Item, id: string): void {
  const place = placeInIndex(table, index, item);
  if (!place) return;
  const projected = projectToIndex(table, index, item);
  insert(index.items, place.partition, { sort: place.sort, id, item: projected, size: itemSize(projected) });
}

/** All entries of a table, in the order of a scan. */
export function* entriesOf(table: Table): Generator<Entry> {
  for (const partition of table.items.order) yield* table.items.partitions.get(partition) ?? [];
}
