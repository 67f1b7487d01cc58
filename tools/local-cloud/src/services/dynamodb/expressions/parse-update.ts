import { type AttributeType, typeOf } from '../attribute-values.ts';
import { hasOperands, refuseTypes, requirePath } from './check-operands.ts';
import { checkOverlap } from './paths.ts';
import type { Placeholders } from './placeholders.ts';
import { type Reader, readerOf } from './reader.ts';
import type { Assigned, Operand, UpdateAction } from './syntax.ts';

const conditionFunctions = [
  'attribute_exists',
  'attribute_not_exists',
  'attribute_type',
  'begins_with',
  'contains',
  'size',
];

/** How messages about ADD and DELETE name the types. */
const typeNames: Readonly<Record<AttributeType, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  SS: 'STRING_SET',
  NS: 'NUMBER_SET',
  BS: 'BINARY_SET',
  M: 'MAP',
  L: 'LIST',
  NULL: 'NULL',
  BOOL: 'BOOLEAN',
};
const addable: readonly AttributeType[] = ['N', 'SS', 'NS', 'BS'];
const deletable: readonly AttributeType[] = ['SS', 'NS', 'BS'];

/** Reads an UpdateExpression. Throws ValidationException in DynamoDB's words. */
export function parseUpdate(expression: string, placeholders: Placeholders): UpdateAction[] {
  const reader = readerOf('UpdateExpression', expression, placeholders);
  const actions: UpdateAction[] = [];
  const seen = new Set<string>();
  do {
    const section = reader.peek().text.toUpperCase();
    if (!Object.hasOwn(readers, section)) throw reader.syntaxError();
    reader.take();
    if (seen.has(section)) {
      reader.note('section', `The "${section}" section can only be used once in an update expression;`);
    }
    seen.add(section);
    const read = readers[section as UpdateAction['kind']];
    do {
      reader.countOperator();
      actions.push(read(reader));
    } while (reader.takeIf(','));
  } while (reader.peek().kind !== 'end');
  const overlap = checkOverlap(actions.map(({ path }) => path));
  if (overlap) reader.note('overlap', overlap);
  reader.finish();
  return actions;
}

const readers: Readonly<Record<UpdateAction['kind'], (reader: Reader) => UpdateAction>> = {
  SET(reader) {
    const path = reader.readPath();
    reader.expect('=');
    return { kind: 'SET', path, value: readAssigned(reader) };
  },
  REMOVE: (reader) => ({ kind: 'REMOVE', path: reader.readPath() }),
  ADD: (reader) => readSetChange(reader, 'ADD', addable),
  DELETE: (reader) => readSetChange(reader, 'DELETE', deletable),
};

function readSetChange(reader: Reader, kind: 'ADD' | 'DELETE', types: readonly AttributeType[]): UpdateAction {
  const path = reader.readPath();
  if (reader.peek().kind !== 'value') throw reader.syntaxError();
  const value = reader.readValue();
  if (!types.includes(typeOf(value))) {
    reader.note(
      'operand',
      `Incorrect operand type for operator or function; operator: ${kind}, operand type: ${typeNames[typeOf(value)]}, typeSet: ALLOWED_FOR_${kind}_OPERAND`,
    );
  }
  return { kind, path, value };
}

function readAssigned(reader: Reader): Assigned {
  if (reader.takeIf('(')) {
    const inner = reader.nested(() => readAssigned(reader));
    return inner.kind === '+' || inner.kind === '-' ? inner : readArithmetic(reader, inner);
  }
  return readArithmetic(reader, readOperand(reader));
}

function readArithmetic(reader: Reader, left: Operand): Assigned {
  const { text } = reader.peek();
  if (text !== '+' && text !== '-') return left;
  reader.take();
  reader.countOperator();
  const operands = [left, readOperand(reader)] as const;
  for (const operand of operands) refuseTypes(reader, text, operand, (type) => type !== 'N');
  return { kind: text, operands };
}

function readOperand(reader: Reader): Operand {
  const token = reader.peek();
  if (reader.takeIf('(')) return reader.nested(() => readOperand(reader));
  if (token.kind === 'value') return { kind: 'value', value: reader.readValue() };
  if (token.kind === 'word' && reader.peek(1).text === '(') return readCall(reader);
  return { kind: 'path', path: reader.readPath() };
}

function readCall(reader: Reader): Operand {
  const name = reader.take().text;
  reader.countOperator();
  reader.expect('(');
  const operands = [readOperand(reader)];
  while (reader.takeIf(',')) operands.push(readOperand(reader));
  reader.expect(')');
  checkFunction(reader, name, operands);
  return { kind: 'call', name, operands };
}

function checkFunction(reader: Reader, name: string, operands: readonly Operand[]): void {
  if (name !== 'if_not_exists' && name !== 'list_append') {
    const isKnown = conditionFunctions.includes(name);
    const problem = isKnown ? 'The function is not allowed in an update expression' : 'Invalid function name';
    reader.note('function', `${problem}; function: ${name}`);
    return;
  }
  if (!hasOperands(reader, name, operands, 2)) return;
  if (name === 'if_not_exists') requirePath(reader, name, operands[0] as Operand);
  else for (const operand of operands) refuseTypes(reader, name, operand, (type) => type !== 'L');
}
