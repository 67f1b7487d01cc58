import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { elementsOf, equal, type Item, sortable, typeOf } from '../attribute-values.ts';
import { valueAt } from './paths.ts';
import type { Comparator, Condition, Operand } from './syntax.ts';

/** Whether a condition holds for an item; one that is not there is empty. */
export function holds(condition: Condition, item: Item): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.conditions.every((part) => holds(part, item));
    case 'or':
      return condition.conditions.some((part) => holds(part, item));
    case 'not':
      return !holds(condition.condition, item);
    case 'compare': {
      const [left, right] = condition.operands.map((operand) => resolve(operand, item));
      return compare(condition.comparator, left, right);
    }
    case 'between': {
      const [value, low, high] = condition.operands.map((operand) => resolve(operand, item));
      return compare('>=', value, low) && compare('<=', value, high);
    }
    case 'in': {
      const [value, ...options] = condition.operands.map((operand) => resolve(operand, item));
      return options.some((option) => compare('=', value, option));
    }
    case 'call':
      return call(condition.name, condition.operands, item);
  }
}

function resolve(operand: Operand, item: Item): AttributeValue | undefined {
  switch (operand.kind) {
    case 'value':
      return operand.value;
    case 'path':
      return valueAt(item, operand.path);
    case 'call': {
      const value = resolve(operand.operands[0] as Operand, item);
      const length = value && lengthOf(value);
      return length === undefined ? undefined : { N: String(length) };
    }
  }
}

/** "size (path)", Developer Guide: of texts and binaries their length, of sets, lists and maps the number of members. */
function lengthOf(value: AttributeValue): number | undefined {
  if (value.M) return Object.keys(value.M).length;
  return (value.S ?? value.B ?? value.SS ?? value.NS ?? value.BS ?? value.L)?.length;
}

/** What is not there equals nothing and differs from everything; different types have no order. */
function compare(comparator: Comparator, left?: AttributeValue, right?: AttributeValue): boolean {
  if (!left || !right) return comparator === '<>' && left !== right;
  if (comparator === '=') return equal(left, right);
  if (comparator === '<>') return !equal(left, right);
  const [a, b] = [sortable(left), sortable(right)];
  if (typeOf(left) !== typeOf(right) || a === undefined || b === undefined) return false;
  if (comparator === '<') return a < b;
  if (comparator === '<=') return a <= b;
  return comparator === '>' ? a > b : a >= b;
}

function call(name: string, operands: readonly Operand[], item: Item): boolean {
  const [subject, argument] = operands.map((operand) => resolve(operand, item));
  if (name === 'attribute_exists') return subject !== undefined;
  if (name === 'attribute_not_exists') return subject === undefined;
  if (!subject || !argument) return false;
  if (name === 'attribute_type') return typeOf(subject) === argument.S;
  return name === 'begins_with' ? beginsWith(subject, argument) : contains(subject, argument);
}

function beginsWith(subject: AttributeValue, argument: AttributeValue): boolean {
  if (subject.S !== undefined) return argument.S !== undefined && subject.S.startsWith(argument.S);
  if (!subject.B || !argument.B) return false;
  return Buffer.from(subject.B).subarray(0, argument.B.length).equals(argument.B);
}

function contains(subject: AttributeValue, argument: AttributeValue): boolean {
  if (subject.S !== undefined) return argument.S !== undefined && subject.S.includes(argument.S);
  if (subject.B !== undefined)
    return argument.B !== undefined && Buffer.from(subject.B).includes(Buffer.from(argument.B));
  return (subject.L ?? elementsOf(subject)).some((element) => equal(element, argument));
}
