import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { attributeTypes, sortable, typeOf } from '../attribute-values.ts';
import type { Reader } from './reader.ts';
import { type Operand, showPath } from './syntax.ts';

interface Call {
  readonly name: string;
  readonly operands: readonly Operand[];
}

/** Functions of conditions and how many operands each takes. */
const operandCounts: Readonly<Record<string, number>> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
  size: 1,
};

const updateFunctions = ['if_not_exists', 'list_append'];

/** Types that `<`, `BETWEEN` and the like order. */
const ordered = ['S', 'N', 'B'];

/** What can be said of a function's operands before there is an item. Problems are noted with the reader. */
export function checkCall(reader: Reader, { name, operands }: Call): void {
  if (!Object.hasOwn(operandCounts, name)) {
    const isKnown = updateFunctions.includes(name);
    const problem = isKnown ? 'The function is not allowed in a condition expression' : 'Invalid function name';
    reader.note('function', `${problem}; function: ${name}`);
    return;
  }
  if (!hasOperands(reader, name, operands, operandCounts[name] as number)) return;
  checkDistinct(reader, name, operands);
  const [first, second] = operands as [Operand, Operand];
  if (name.startsWith('attribute_')) requirePath(reader, name, first);
  if (name === 'attribute_type') checkTypeName(reader, second);
  if (name === 'begins_with')
    for (const operand of operands) refuseTypes(reader, name, operand, (type) => !['S', 'B'].includes(type));
  if (name === 'size') refuseTypes(reader, name, first, (type) => ['N', 'BOOL', 'NULL'].includes(type));
}

/** Notes a wrong number of operands. */
export function hasOperands(reader: Reader, name: string, operands: readonly Operand[], count: number): boolean {
  if (operands.length === count) return true;
  reader.note(
    'operand',
    `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
  );
  return false;
}

/** Notes an operand that is no path. */
export function requirePath(reader: Reader, name: string, operand: Operand): void {
  if (operand.kind === 'path') return;
  reader.note('operand', `Operator or function requires a document path; operator or function: ${name}`);
}

/** Notes a literal operand whose type is refused. */
export function refuseTypes(reader: Reader, name: string, operand: Operand, refused: (type: string) => boolean): void {
  const type = literalType(operand);
  if (type && refused(type)) noteType(reader, name, type);
}

function noteType(reader: Reader, name: string, type: string): void {
  reader.note(
    'operand',
    `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`,
  );
}

function literalType(operand: Operand): string | undefined {
  if (operand.kind === 'value') return typeOf(operand.value);
  return operand.kind === 'call' && operand.name === 'size' ? 'N' : undefined;
}

function checkTypeName(reader: Reader, operand: Operand): void {
  if (operand.kind !== 'value' || operand.value.S === undefined) {
    noteType(reader, 'attribute_type', literalType(operand) ?? '{NS,SS,L,BS,N,M,B,BOOL,NULL,S}');
    return;
  }
  if ((attributeTypes as readonly string[]).includes(operand.value.S)) return;
  reader.note(
    'operand',
    `Invalid attribute type name found; type: ${operand.value.S}, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}`,
  );
}

/** The same for comparators. */
export function checkCompared(reader: Reader, comparator: string, operands: readonly [Operand, Operand]): void {
  checkDistinct(reader, comparator, operands);
  if (comparator === '=' || comparator === '<>') return;
  for (const operand of operands) refuseTypes(reader, comparator, operand, (type) => !ordered.includes(type));
}

function checkDistinct(reader: Reader, name: string, operands: readonly Operand[]): void {
  const [first, second] = operands;
  if (first?.kind !== 'path' || second?.kind !== 'path' || showPath(first.path) !== showPath(second.path)) return;
  reader.note(
    'operand',
    `The first operand must be distinct from the remaining operands for this operator or function; operator: ${name}, first operand: ${showPath(first.path)}`,
  );
}

/** Notes operands of types without an order, bounds of two types, and a lower bound above the upper one. */
export function checkBetween(reader: Reader, [value, low, high]: readonly [Operand, Operand, Operand]): void {
  for (const operand of [value, low, high]) {
    refuseTypes(reader, 'BETWEEN', operand, (type) => !ordered.includes(type));
  }
  if (low.kind !== 'value' || high.kind !== 'value') return;
  const bounds = `lower bound operand: AttributeValue: ${show(low.value)}, upper bound operand: AttributeValue: ${show(high.value)}`;
  if (typeOf(low.value) !== typeOf(high.value)) {
    reader.note('operand', `The BETWEEN operator requires same data type for lower and upper bounds; ${bounds}`);
    return;
  }
  if ((sortable(low.value) ?? '') <= (sortable(high.value) ?? '')) return;
  reader.note(
    'operand',
    `The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${bounds}`,
  );
}

function show(value: AttributeValue): string {
  const type = typeOf(value);
  const text = value.B ? Buffer.from(value.B).toString('base64') : String(value[type as keyof AttributeValue]);
  return `{${type}:${text}}`;
}
