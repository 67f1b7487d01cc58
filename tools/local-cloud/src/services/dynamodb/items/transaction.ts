import { sizeBetween } from '../../../constraints.ts';
import { validationError } from '../../../errors.ts';
import type { Item } from '../attribute-values.ts';
import { validate } from '../errors.ts';
import { idOf } from '../keys.ts';
import type { Table } from '../state.ts';

/** "Up to 100 distinct items … the aggregate size of the items in the transaction cannot exceed 4 MB." (TransactWriteItems) */
const mostActions = 100;
export const largestTransaction = 4 * 1024 * 1024;

/** Throws ValidationException for too many actions, or two on one item. */
export function checkTransaction(actions: readonly { readonly table: Table; readonly key: Item }[]): void {
  validate(sizeBetween('transactItems', actions.length, 1, mostActions));
  const ids = new Set(actions.map(({ table, key }) => `${table.arn} ${idOf(table, key)}`));
  if (ids.size < actions.length) {
    throw validationError('Transaction request cannot include multiple operations on one item');
  }
}

/** Groups what concerns several tables. */
export function byTable<T extends { readonly table: Table }>(actions: readonly T[]): [Table, T[]][] {
  return [...Map.groupBy(actions, ({ table }) => table)];
}
