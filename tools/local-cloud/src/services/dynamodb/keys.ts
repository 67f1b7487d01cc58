import type { AttributeValue, KeySchemaElement } from '@aws-sdk/client-dynamodb';
import { validationError } from '../../errors.ts';
import { attributeOf, type Item, normalValue, sortable, typeOf } from './attribute-values.ts';
import { partitionOf } from './collection.ts';
import { invalidParameters } from './errors.ts';
import type { Index, Table } from './state.ts';

/** "Partition key values: 1 to 2048 bytes", "Sort key values: 1 to 1024 bytes" ("Quotas in Amazon DynamoDB"). */
const longestHashKey = 2048;
const longestRangeKey = 1024;

/** Where an item is in a table or index: its partition, and its sort key as sortable text. */
export interface Place {
  readonly partition: string;
  readonly sort: string;
}

/** The partition key’s name, then the sort key’s where there is one. */
export function keyNames(schema: readonly KeySchemaElement[]): string[] {
  return schema.map(({ AttributeName }) => AttributeName as string);
}

export function hashName(schema: readonly KeySchemaElement[]): string {
  return keyNames(schema)[0] as string;
}

/** The type that AttributeDefinitions give a key. */
export function definedType(table: Table, name: string): 'S' | 'N' | 'B' {
  const definition = table.attributes.find(({ AttributeName }) => AttributeName === name);
  return definition?.AttributeType as 'S' | 'N' | 'B';
}

/** The key attributes of an item, as tables and indexes give them back. */
export function pick(item: Item, names: readonly string[]): Item {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = attributeOf(item, name);
      return value ? [[name, value]] : [];
    }),
  );
}

/** Where an item stands in its table or index; its keys are checked already. */
export function placeOfItem(schema: readonly KeySchemaElement[], item: Item): Place {
  const [hash, range] = keyNames(schema).map((name) => sortable(item[name] as AttributeValue) as string);
  return { partition: partitionOf(hash as string), sort: range ?? '' };
}

/** The primary key as text, the same for the same key. */
export function idOf(table: Table, item: Item): string {
  const { partition, sort } = placeOfItem(table.keySchema, item);
  return `${partition.length}:${partition}${sort}`;
}

/**
 * The place an item has in an index; `undefined` when it lacks one of its keys ("sparse indexes"), or has one that cannot
 * be a key: items from before the index may ("Detecting and correcting index key violations").
 */
export function placeInIndex(table: Table, index: Index, item: Item): Place | undefined {
  const fits = keyNames(index.keySchema).every(
    (name) => hasType(table, item, name) && keySize(item[name] as AttributeValue) > 0,
  );
  return fits ? placeOfItem(index.keySchema, item) : undefined;
}

/** A Key parameter in normal form. Throws ValidationException unless it is exactly the table's primary key. */
export function keyOf(table: Table, given: Item): Item {
  const key = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, normalValue(value)]));
  const names = keyNames(table.keySchema);
  const fits = names.length === Object.keys(key).length && names.every((name) => hasType(table, key, name));
  if (!fits) throw validationError('The provided key element does not match the schema');
  checkKeyValues(table, key);
  return key;
}

function hasType(table: Table, item: Item, name: string): boolean {
  const value = attributeOf(item, name);
  return value !== undefined && typeOf(value) === definedType(table, name);
}

/** Throws ValidationException unless an item has the table's keys, and none of an index's with another type. */
export function checkItemKeys(table: Table, item: Item): void {
  for (const name of keyNames(table.keySchema)) {
    const value = attributeOf(item, name);
    if (!value) throw invalidParameters(`Missing the key ${name} in the item`);
    if (!hasType(table, item, name)) {
      throw invalidParameters(
        `Type mismatch for key ${name} expected: ${definedType(table, name)} actual: ${typeOf(value)}`,
      );
    }
  }
  checkKeyValues(table, item);
  for (const index of table.indexes.values()) checkIndexKeys(table, index, item);
}

function checkKeyValues(table: Table, item: Item): void {
  for (const [i, name] of keyNames(table.keySchema).entries()) {
    const size = keySize(item[name] as AttributeValue);
    const kind = item[name]?.B ? 'binary' : 'string';
    if (size === 0) {
      throw validationError(
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${kind} value. Key: ${name}`,
      );
    }
    checkKeySize(i === 0, size);
  }
}

/** Throws ValidationException for an attribute that cannot be the key of the index. */
export function checkIndexKeys(table: Table, index: Index, item: Item, by: 'put' | 'update' = 'put'): void {
  for (const [i, name] of keyNames(index.keySchema).entries()) {
    const value = attributeOf(item, name);
    if (!value) continue;
    if (!hasType(table, item, name)) {
      throw invalidParameters(
        `Type mismatch for Index Key ${name} Expected: ${definedType(table, name)} Actual: ${typeOf(value)} IndexName: ${index.name}`,
      );
    }
    const size = keySize(value);
    if (size === 0) {
      const kind = value.B ? 'binary' : 'string';
      throw validationError(
        `One or more parameter values are not valid. ${unsupportedIndexKey[by]} The AttributeValue for a key attribute cannot contain an empty ${kind} value. IndexName: ${index.name}, IndexKey: ${name}`,
      );
    }
    checkKeySize(i === 0, size);
  }
}

const unsupportedIndexKey = {
  put: 'A value specified for a secondary index key is not supported.',
  update: 'The update expression attempted to update a secondary index key to a value that is not supported.',
} as const;

function keySize(value: AttributeValue): number {
  if (value.N !== undefined) return 1;
  return value.S === undefined ? (value.B?.byteLength ?? 0) : Buffer.byteLength(value.S);
}

function checkKeySize(isHash: boolean, size: number): void {
  if (isHash && size > longestHashKey) {
    throw invalidParameters(`Size of hashkey has exceeded the maximum size limit of${longestHashKey} bytes`);
  }
  if (!isHash && size > longestRangeKey) {
    throw invalidParameters(
      `Aggregated size of all range keys has exceeded the size limit of ${longestRangeKey} bytes`,
    );
  }
}

/** An item as an index keeps it: with the attributes it projects. */
export function projectToIndex(table: Table, index: Index, item: Item): Item {
  const { ProjectionType, NonKeyAttributes = [] } = index.projection;
  if (ProjectionType === 'ALL') return item;
  const extra = ProjectionType === 'INCLUDE' ? NonKeyAttributes : [];
  return pick(item, [...new Set([...keyNames(table.keySchema), ...keyNames(index.keySchema), ...extra])]);
}
