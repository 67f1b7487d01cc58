import { checkBetween, checkCall, checkCompared } from './check-operands.ts';
import type { Placeholders } from './placeholders.ts';
import { type Reader, readerOf } from './reader.ts';
import type { Comparator, Condition, Operand } from './syntax.ts';

/** A condition, or an operand that is to become part of one: which of the two shows only after a parenthesis is closed. */
type Term = { readonly isGrouped: boolean } & (
  | { readonly condition: Condition; readonly operand?: undefined }
  | { readonly operand: Operand; readonly condition?: undefined }
);

const comparators: readonly string[] = ['=', '<>', '<', '<=', '>', '>='];

/** "IN: up to 100 values" ("Condition and filter expressions, operators, and functions", Developer Guide). */
const mostInOperands = 100;

/**
 * Reads a condition, filter or key condition expression. Throws ValidationException in DynamoDB's words, starting with
 * "Invalid <parameter>:".
 */
export function parseCondition(parameter: string, expression: string, placeholders: Placeholders): Condition {
  const reader = readerOf(parameter, expression, placeholders);
  const term = readOr(reader);
  const condition = asCondition(reader, term);
  reader.finish();
  return condition;
}

function readOr(reader: Reader): Term {
  let left = readAnd(reader);
  while (reader.takeIf('OR')) left = joined('or', reader, left, readAnd(reader));
  return left;
}

function readAnd(reader: Reader): Term {
  let left = readNot(reader);
  while (reader.takeIf('AND')) left = joined('and', reader, left, readNot(reader));
  return left;
}

function joined(kind: 'and' | 'or', reader: Reader, left: Term, right: Term): Term {
  reader.countOperator();
  return { isGrouped: false, condition: { kind, conditions: [asCondition(reader, left), asCondition(reader, right)] } };
}

function readNot(reader: Reader): Term {
  if (!reader.takeIf('NOT')) return readComparison(reader);
  reader.countOperator();
  return { isGrouped: false, condition: { kind: 'not', condition: asCondition(reader, readNot(reader)) } };
}

function readComparison(reader: Reader): Term {
  const first = readPrimary(reader);
  const { kind, text } = reader.peek();
  if (kind === 'symbol' && comparators.includes(text)) {
    reader.take();
    reader.countOperator();
    const operands = [asOperand(reader, first), readOperand(reader)] as const;
    checkCompared(reader, text, operands);
    return { isGrouped: false, condition: { kind: 'compare', comparator: text as Comparator, operands } };
  }
  if (reader.takeIf('BETWEEN')) return readBetween(reader, asOperand(reader, first));
  if (reader.takeIf('IN')) return readIn(reader, asOperand(reader, first));
  return first;
}

function readBetween(reader: Reader, value: Operand): Term {
  reader.countOperator();
  const low = readOperand(reader);
  reader.expect('AND');
  const operands = [value, low, readOperand(reader)] as const;
  checkBetween(reader, operands);
  return { isGrouped: false, condition: { kind: 'between', operands } };
}

function readIn(reader: Reader, value: Operand): Term {
  reader.countOperator();
  reader.expect('(');
  const operands = [value, ...readList(reader)];
  if (operands.length - 1 > mostInOperands) {
    reader.note(
      'operand',
      `The IN operator is provided with too many operands; number of operands: ${operands.length - 1}`,
    );
  }
  return { isGrouped: false, condition: { kind: 'in', operands } };
}

/** Operands between commas up to the closing parenthesis. */
function readList(reader: Reader): Operand[] {
  const operands = [readOperand(reader)];
  while (reader.takeIf(',')) operands.push(readOperand(reader));
  reader.expect(')');
  return operands;
}

function readOperand(reader: Reader): Operand {
  return asOperand(reader, readPrimary(reader));
}

function readPrimary(reader: Reader): Term {
  const token = reader.peek();
  if (reader.takeIf('(')) {
    const inner = reader.nested(() => readOr(reader));
    if (inner.isGrouped) reader.note('parentheses', 'The expression has redundant parentheses;');
    return { ...inner, isGrouped: true };
  }
  if (token.kind === 'value') return { isGrouped: false, operand: { kind: 'value', value: reader.readValue() } };
  if (token.kind === 'word' && reader.peek(1).text === '(') return readCall(reader);
  return { isGrouped: false, operand: { kind: 'path', path: reader.readPath() } };
}

function readCall(reader: Reader): Term {
  const name = reader.take().text;
  reader.countOperator();
  reader.expect('(');
  const call = { kind: 'call', name, operands: readList(reader) } as const;
  checkCall(reader, call);
  return name === 'size' ? { isGrouped: false, operand: call } : { isGrouped: false, condition: call };
}

const misused = 'The function is not allowed to be used this way in an expression; function:';

function asCondition(reader: Reader, { condition, operand }: Term): Condition {
  if (condition) return condition;
  if (operand.kind !== 'call') throw reader.syntaxError();
  reader.note('misuse', `${misused} ${operand.name}`);
  return operand;
}

function asOperand(reader: Reader, { condition, operand }: Term): Operand {
  if (operand) return operand;
  if (condition.kind !== 'call') throw reader.syntaxError();
  reader.note('misuse', `${misused} ${condition.name}`);
  return condition;
}
