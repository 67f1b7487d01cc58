import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { validationError } from '../../errors.ts';
import { invalidParameters } from './errors.ts';
import { normalNumber, significantDigits, sortableNumber } from './numbers.ts';

export type Item = Readonly<Record<string, AttributeValue>>;
export const attributeTypes = ['S', 'N', 'B', 'SS', 'NS', 'BS', 'M', 'L', 'NULL', 'BOOL'] as const;
export type AttributeType = (typeof attributeTypes)[number];

/** "Nested attributes: up to 32 levels deep" ("Quotas in Amazon DynamoDB", Developer Guide). */
const deepestNesting = 32;

/** The one member a value has: `S`, `N`, `B`, … */
export function typeOf(value: AttributeValue): AttributeType {
  return Object.keys(value)[0] as AttributeType;
}

/** An attribute of an item; names from outside may be those of Object's own members. */
export function attributeOf(item: Item, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

/**
 * A value as it is stored: numbers in normal form, members of sets in order. Throws ValidationException for what is no
 * value: none or several types, empty sets and sets with duplicates, numbers out of range.
 */
export function normalValue(value: AttributeValue, depth = 0): AttributeValue {
  if (depth > deepestNesting) throw validationError('Nesting Levels have exceeded supported limits');
  const types = attributeTypes.filter((type) => value[type as keyof AttributeValue] !== undefined);
  if (types.length === 0) {
    throw validationError('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
  if (types.length > 1) {
    throw validationError(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  return normalOfType(types[0] as AttributeType, value as AttributeValue.$UnknownMember & AttributeValue, depth);
}

function normalOfType(type: AttributeType, value: AttributeValue, depth: number): AttributeValue {
  switch (type) {
    case 'N':
      return { N: normalNumber(value.N as string) };
    case 'SS':
      return { SS: normalSet('An string set  may not be empty', value.SS as string[], value.SS as string[], bytesOf) };
    case 'NS': {
      const numbers = (value.NS as string[]).map(normalNumber);
      return { NS: normalSet('An number set  may not be empty', numbers, value.NS as string[], sortableNumber) };
    }
    case 'BS': {
      const shown = (value.BS as Uint8Array[]).map((bytes) => Buffer.from(bytes).toString('base64'));
      const sortable = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
      return { BS: normalSet('Binary sets should not be empty', value.BS as Uint8Array[], shown, sortable) };
    }
    case 'M':
      return { M: normalItem(value.M as Item, depth + 1) };
    case 'L':
      return { L: (value.L as AttributeValue[]).map((element) => normalValue(element, depth + 1)) };
    case 'NULL':
      if (value.NULL !== true) throw invalidParameters('Null attribute value types must have the value of true');
      return { NULL: true };
    default:
      return { [type]: value[type as keyof AttributeValue] } as unknown as AttributeValue;
  }
}

/** The same for each attribute of an item or map. */
export function normalItem(item: Item, depth = 0): Item {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, normalValue(value, depth)]));
}

function normalSet<T>(empty: string, members: T[], shown: readonly string[], sortable: (member: T) => string): T[] {
  if (members.length === 0) throw invalidParameters(empty);
  const bySortable = new Map(members.map((member) => [sortable(member), member]));
  if (bySortable.size < members.length) {
    throw invalidParameters(`Input collection [${shown.join(', ')}] contains duplicates.`);
  }
  return [...bySortable].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, member]) => member);
}

/** UTF-8 bytes as text of one character each, which sorts as DynamoDB sorts strings. */
function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** Text that sorts as values of one scalar type do; `undefined` for types without order. */
export function sortable(value: AttributeValue): string | undefined {
  if (value.S !== undefined) return bytesOf(value.S);
  if (value.N !== undefined) return sortableNumber(value.N);
  if (value.B !== undefined) return Buffer.from(value.B).toString('latin1');
  return undefined;
}

/** Whether two stored values are the same: sets without order, numbers by value. */
export function equal(left: AttributeValue, right: AttributeValue): boolean {
  const type = typeOf(left);
  if (type !== typeOf(right)) return false;
  switch (type) {
    case 'B':
      return Buffer.compare(left.B as Uint8Array, right.B as Uint8Array) === 0;
    case 'BS':
      return sameList(left.BS as Uint8Array[], right.BS as Uint8Array[], (a, b) => Buffer.compare(a, b) === 0);
    case 'SS':
    case 'NS':
      return sameList(membersOf(left), membersOf(right), (a, b) => a === b);
    case 'L':
      return sameList(left.L as AttributeValue[], right.L as AttributeValue[], equal);
    case 'M':
      return sameItem(left.M as Item, right.M as Item);
    default:
      return left[type as keyof AttributeValue] === right[type as keyof AttributeValue];
  }
}

/** Equal as DynamoDB compares: numbers by value, sets without order. */
export function sameItem(left: Item, right: Item): boolean {
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => Object.hasOwn(right, name) && equal(at(left, name), at(right, name)));
}

function at(item: Item, name: string): AttributeValue {
  return item[name] as AttributeValue;
}

function sameList<T>(left: readonly T[], right: readonly T[], same: (a: T, b: T) => boolean): boolean {
  return left.length === right.length && left.every((element, i) => same(element, right[i] as T));
}

/** The members of a set as values of their own. */
export function elementsOf(value: AttributeValue): AttributeValue[] {
  if (value.BS !== undefined) return value.BS.map((B) => ({ B }));
  if (value.NS !== undefined) return value.NS.map((N) => ({ N }));
  return (value.SS ?? []).map((S) => ({ S }));
}

function membersOf(value: AttributeValue): string[] {
  return (value.SS ?? value.NS ?? []) as string[];
}

/** Bytes a value takes ("DynamoDB item sizes and formats", Developer Guide). */
export function sizeOf(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return Math.ceil(significantDigits(value.N) / 2) + (value.N.startsWith('-') ? 2 : 1);
  if (value.B !== undefined) return value.B.byteLength;
  if (value.M !== undefined) return 3 + Object.keys(value.M).length + itemSize(value.M);
  if (value.L !== undefined) return 3 + value.L.length + sum(value.L);
  if (value.NULL !== undefined || value.BOOL !== undefined) return 1;
  return sum(elementsOf(value));
}

/** Bytes, names included ("DynamoDB item sizes and formats"). */
export function itemSize(item: Item): number {
  let size = 0;
  for (const [name, value] of Object.entries(item)) size += Buffer.byteLength(name) + sizeOf(value);
  return size;
}

function sum(values: readonly AttributeValue[]): number {
  return values.reduce((size, value) => size + sizeOf(value), 0);
}
