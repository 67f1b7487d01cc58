import type { ItemCollectionMetrics, ReturnItemCollectionMetrics } from '@aws-sdk/client-dynamodb';
import type { Item } from '../attribute-values.ts';
import { hashName, pick, placeOfItem } from '../keys.ts';
import type { Table } from '../state.ts';

const gigabyte = 1024 ** 3;

/**
 * What a write tells of the item collection it touched: all items with its partition key, in the table and its local
 * indexes. Only tables with local indexes have collections ("ItemCollectionMetrics", API Reference).
 */
export function collectionMetrics(
  table: Table,
  key: Item,
  wanted: ReturnItemCollectionMetrics | undefined,
): ItemCollectionMetrics | undefined {
  const local = [...table.indexes.values()].filter(({ kind }) => kind === 'local');
  if (wanted !== 'SIZE' || local.length === 0) return undefined;
  // Local indexes have the table's partition key, so their partitions have the same names.
  const { partition } = placeOfItem(table.keySchema, key);
  const entries = [table, ...local].flatMap(({ items }) => items.partitions.get(partition) ?? []);
  const lower = Math.floor(entries.reduce((sum, { size }) => sum + size, 0) / gigabyte);
  return { ItemCollectionKey: pick(key, [hashName(table.keySchema)]), SizeEstimateRangeGB: [lower, lower + 1] };
}
