import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { validationError } from '../../../errors.ts';
import { sortable, typeOf } from '../attribute-values.ts';
import type { Entry } from '../collection.ts';
import { invalidParameters } from '../errors.ts';
import type { Condition, Operand } from '../expressions/syntax.ts';

/** The part of a partition that a query reads, by sort keys as sortable text. */
export interface SortRange {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Whether `from` and `to` themselves are in. */
  readonly includesFrom: boolean;
  readonly includesTo: boolean;
  readonly prefix?: string | undefined;
}

export interface KeyCondition {
  readonly hash: AttributeValue;
  readonly range: SortRange;
}

export interface KeyNames {
  readonly hash: string;
  readonly range?: string | undefined;
  readonly typeOf: (name: string) => string;
}

type Part = Exclude<Condition, { kind: 'and' | 'or' | 'not' | 'in' }>;

/**
 * Turns a KeyConditionExpression into what it reads. Throws ValidationException unless it has one equality on the
 * partition key and at most one condition on the sort key.
 */
export function keyConditionOf(condition: Condition, names: KeyNames): KeyCondition {
  let hash: AttributeValue | undefined;
  let range: SortRange | undefined;
  for (const part of partsOf(condition)) {
    const { name, values } = subjectOf(part);
    if (name !== names.hash && name !== names.range) continue;
    if ((name === names.hash ? hash : range) !== undefined) {
      throw validationError('KeyConditionExpressions must only contain one condition per key');
    }
    if (values.some((value) => typeOf(value) !== names.typeOf(name))) {
      throw invalidParameters('Condition parameter type does not match schema type');
    }
    if (name === names.hash) {
      if (part.kind !== 'compare' || part.comparator !== '=')
        throw validationError('Query key condition not supported');
      hash = values[0];
    } else range = rangeOf(part, values);
  }
  const missing = !hash ? names.hash : partsOf(condition).length > 1 && !range ? (names.range ?? '') : undefined;
  if (missing === '') throw validationError('Query key condition not supported');
  if (!hash || missing) throw validationError(`Query condition missed key schema element: ${missing}`);
  return { hash, range: range ?? { includesFrom: true, includesTo: true } };
}

/** Is this entry’s sort key one that the condition asks for? */
export function isInRange(range: SortRange, { sort }: Pick<Entry, 'sort'>): boolean {
  if (range.prefix !== undefined && !sort.startsWith(range.prefix)) return false;
  if (range.from !== undefined && (sort < range.from || (sort === range.from && !range.includesFrom))) return false;
  return range.to === undefined || sort < range.to || (sort === range.to && range.includesTo);
}

function partsOf(condition: Condition): Part[] {
  if (condition.kind === 'and') return condition.conditions.flatMap(partsOf);
  if (condition.kind === 'or' || condition.kind === 'not' || condition.kind === 'in') {
    throw unsupported(condition.kind.toUpperCase());
  }
  if (condition.kind === 'compare' && condition.comparator === '<>') throw unsupported('<>');
  if (condition.kind === 'call' && condition.name !== 'begins_with') throw unsupported(condition.name);
  return [condition];
}

function unsupported(operator: string) {
  return validationError(`Invalid operator used in KeyConditionExpression: ${operator}`);
}

/** The key attribute a part is about, and the values it is compared with. */
function subjectOf(part: Part): { name: string; values: AttributeValue[] } {
  const operands: readonly Operand[] = part.operands;
  const subjects = operands.filter(({ kind }) => kind !== 'value');
  const [subject] = subjects;
  if (subject?.kind === 'call') throw unsupported(subject.name);
  if (subject?.kind !== 'path' || subjects.length > 1) {
    throw validationError(
      'Invalid KeyConditionExpression: Invalid operand in KeyConditionExpression; a condition compares one key attribute with values',
    );
  }
  if (subject.path.length > 1) {
    throw validationError('KeyConditionExpressions cannot have conditions on nested attributes');
  }
  return {
    name: subject.path[0],
    values: operands.flatMap((operand) => (operand.kind === 'value' ? [operand.value] : [])),
  };
}

function rangeOf(part: Part, values: readonly AttributeValue[]): SortRange {
  const [first, second] = values.map((value) => sortable(value) as string);
  const range = { includesFrom: true, includesTo: true };
  if (part.kind === 'between') {
    if (part.operands[0].kind !== 'path') throw validationError('Query key condition not supported');
    return { ...range, from: first, to: second };
  }
  if (part.kind === 'call') return { ...range, from: first, prefix: first };
  const isMirrored = part.operands[0].kind === 'value';
  const comparator = isMirrored ? mirrored[part.comparator] : part.comparator;
  if (comparator === '=') return { ...range, from: first, to: first };
  if (comparator?.startsWith('>')) return { ...range, from: first, includesFrom: comparator === '>=' };
  return { ...range, to: first, includesTo: comparator === '<=' };
}

/** `:value < key` says `key > :value`. */
const mirrored: Readonly<Record<string, string>> = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };
