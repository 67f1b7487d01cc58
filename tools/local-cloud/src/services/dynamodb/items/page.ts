import { validationError } from '../../../errors.ts';
import { emitDynamodbMetric } from '../../../metrics/dynamodb-metrics.ts';
import type { Call } from '../../../service.ts';
import { type AttributeType, type Item, normalItem, typeOf } from '../attribute-values.ts';
import { type Consumption, consumedCapacity, partitionUse, readUnits } from '../capacity.ts';
import type { Entry } from '../collection.ts';
import { holds } from '../expressions/evaluate.ts';
import { project } from '../expressions/paths.ts';
import { definedType, idOf, keyNames, pick, placeOfItem } from '../keys.ts';
import type { Table } from '../state.ts';
import { meter } from '../throughput.ts';
import type { Read, ReadInput, Subject } from './read.ts';
import { entryOf } from './store.ts';

/** "A single Query operation can retrieve a maximum of 1 MB of data", before the filter (Query and Scan alike). */
const largestPage = 1024 * 1024;

/** Where a page starts: after this key. */
export interface StartKey {
  readonly partition: string;
  readonly sort: string;
  readonly id: string;
  readonly key: Item;
}

/** The ExclusiveStartKey of an input. Throws ValidationException unless it is a key of what is read. */
export function startKeyOf(table: Table, subject: Subject, input: ReadInput): StartKey | undefined {
  if (input.ExclusiveStartKey === undefined) return undefined;
  const key = normalItem(input.ExclusiveStartKey);
  const names = new Set([...keyNames(table.keySchema), ...subject.keyNames]);
  const fits = [...names].every(
    (name) => key[name] && typeOf(key[name]) === (definedType(table, name) as AttributeType),
  );
  if (!fits || names.size !== Object.keys(key).length) throw validationError('The provided starting key is invalid');
  const { partition, sort } = placeOfItem(subject.index?.keySchema ?? table.keySchema, key);
  return { partition, sort, id: idOf(table, key), key };
}

/** Reads entries until the page is full, and answers as Query and Scan do. */
export function readPage(
  { table, subject, input, read }: { table: Table; subject: Subject; input: ReadInput; read: Read },
  entries: Iterable<Entry>,
  operation: string,
  call: Call,
) {
  const limit = input.Limit ?? Number.POSITIVE_INFINITY;
  const found: Item[] = [];
  let [scanned, bytes, count] = [0, 0, 0];
  let last: Entry | undefined;
  let isCut = false;
  for (const entry of entries) {
    if (scanned > 0 && bytes + entry.size > largestPage) {
      isCut = true;
      break;
    }
    const item = subject.isFetching ? ((entryOf(table, entry.item)?.item ?? entry.item) as Item) : entry.item;
    scanned += 1;
    bytes += entry.size;
    last = entry;
    if (!read.filter || holds(read.filter, item)) {
      count += 1;
      if (read.select !== 'COUNT') found.push(read.paths ? project(item, read.paths) : item);
    }
    if (scanned >= limit) {
      isCut = true;
      break;
    }
  }
  const mode = input.ConsistentRead ? 'consistent' : 'eventual';
  const units = readUnits(scanned === 0 ? 0 : bytes, mode);
  const partition = operation === 'Query' && last ? partitionRead(table, subject, last) : undefined;
  const consumption = consumedByRead(subject, units, partition);
  meter(call.cloud, table, consumption, operation);
  emitDynamodbMetric(call.cloud, table, 'ReturnedItemCount', count, { Operation: operation });
  const keys = [...new Set([...keyNames(table.keySchema), ...subject.keyNames])];
  return {
    Items: read.select === 'COUNT' ? undefined : found,
    Count: count,
    ScannedCount: scanned,
    LastEvaluatedKey: isCut && last ? pick(last.item, keys) : undefined,
    ConsumedCapacity: consumedCapacity(table, consumption, input.ReturnConsumedCapacity),
  };
}

/** A query reads one partition; a scan goes through all of them, whose shares are not counted. */
function partitionRead(table: Table, { index }: Subject, { item }: Entry): string {
  return placeOfItem(index?.kind === 'global' ? index.keySchema : table.keySchema, item).partition;
}

function consumedByRead({ index }: Subject, units: number, partition: string | undefined): Consumption {
  const partitions = new Map(partition === undefined ? [] : [partitionUse(index, partition, units)]);
  if (!index) return { kind: 'read', table: units, indexes: new Map(), partitions };
  return { kind: 'read', table: 0, indexes: new Map([[index.name, units]]), partitions };
}
