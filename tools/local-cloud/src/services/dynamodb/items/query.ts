import type { QueryCommandInput, QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import { validationError } from '../../../errors.ts';
import { operation } from '../../../service.ts';
import { sortable } from '../attribute-values.ts';
import { type Collection, type Entry, firstNotBefore, partitionOf, positionOf } from '../collection.ts';
import { accessContext, demand } from '../demands.ts';
import { attributesIn } from '../expressions/attributes-in.ts';
import type { Condition } from '../expressions/syntax.ts';
import { definedType } from '../keys.ts';
import { readyTableAt, tablesOf } from '../state.ts';
import { locate } from '../table-reference.ts';
import { isInRange, keyConditionOf, type SortRange } from './key-condition.ts';
import { readPage, type StartKey, startKeyOf } from './page.ts';
import { checkFilter, hashValueIn, readExpressions, subjectOf } from './read.ts';

export const query = operation<QueryCommandInput, QueryCommandOutput>({
  demands(input, call) {
    const { keyCondition, filter, paths, select } = readExpressions(input, 'query');
    const location = locate(input.TableName, call);
    const table = tablesOf(call.cloud, location.account, location.region).get(location.name);
    const context = accessContext({
      leadingKeys: table && keyCondition ? hashValueIn(keyCondition, table, input.IndexName) : [],
      attributes: [...attributesIn({ condition: keyCondition, paths }), ...attributesIn({ condition: filter })],
      select,
      returnConsumedCapacity: input.ReturnConsumedCapacity,
    });
    return [demand('Query', location, call, { index: input.IndexName, context })];
  },
  run(input, call) {
    const read = readExpressions(input, 'query');
    const table = readyTableAt(locate(input.TableName, call), call);
    const subject = subjectOf(table, input, read);
    const [hash, range] = subject.keyNames as [string, string | undefined];
    const names = { hash, range, typeOf: (name: string) => definedType(table, name) };
    const condition = keyConditionOf(read.keyCondition as Condition, names);
    checkFilter(read.filter, subject);
    const partition = partitionOf(sortable(condition.hash) as string);
    const start = startKeyOf(table, subject, input);
    if (start && (start.partition !== partition || !isInRange(condition.range, start))) {
      throw validationError('The provided starting key is outside query boundaries based on provided conditions');
    }
    const isForward = input.ScanIndexForward ?? true;
    const entries = entriesIn(subject.items, partition, condition.range, start, isForward);
    return readPage({ table, subject, input, read }, entries, 'Query', call);
  },
});

/** The entries of one partition in a range, after the start key, in either direction. */
function* entriesIn(
  collection: Collection,
  partition: string,
  range: SortRange,
  start: StartKey | undefined,
  isForward: boolean,
): Generator<Entry> {
  const all = collection.partitions.get(partition) ?? [];
  if (isForward) {
    let at = range.from === undefined ? 0 : firstNotBefore(all, ({ sort }) => sort < (range.from as string));
    if (start) at = positionAfter(all, start);
    for (; at < all.length; at += 1) {
      const entry = all[at] as Entry;
      if (isInRange(range, entry)) yield entry;
      else if (isBeyond(range, entry)) return;
    }
    return;
  }
  let at = range.to === undefined ? all.length : firstNotBefore(all, ({ sort }) => sort <= (range.to as string));
  if (start) at = positionOf(all, start.sort, start.id);
  for (at -= 1; at >= 0; at -= 1) {
    const entry = all[at] as Entry;
    if (isInRange(range, entry)) yield entry;
    else if (range.from !== undefined && entry.sort < range.from) return;
  }
}

function isBeyond({ to, prefix, from }: SortRange, { sort }: Entry): boolean {
  if (to !== undefined) return sort > to;
  return prefix !== undefined && from !== undefined && sort > from && !sort.startsWith(prefix);
}

/** The first position after a key, whether an entry has that key or not. */
export function positionAfter(entries: readonly Entry[], { sort, id }: StartKey): number {
  const at = positionOf(entries, sort, id);
  return entries[at]?.sort === sort && entries[at]?.id === id ? at + 1 : at;
}
