import { BlockList, isIP, isIPv6 } from 'node:net';
import { InvalidPattern, isObject, type Json } from './json.ts';
import { wildcardOf } from './wildcard.ts';

/** Looks at the values of one field; none means that the field is not there. */
export type LeafMatcher = (values: readonly Json[]) => boolean;

type ValueMatcher = (value: Json) => boolean;

/** One entry of a field's array: a value to be equal to, or an object with one comparison operator. */
export function matcherOf(entry: Json, field: string): LeafMatcher {
  if (Array.isArray(entry)) throw new InvalidPattern(`"${field}": an array can't contain arrays`);
  if (!isObject(entry)) return (values) => values.some((value) => value === entry);
  const [operator, operand] = single(entry, field);
  if (operator === 'exists') {
    if (typeof operand !== 'boolean') throw invalid(operator, field, 'true or false');
    return (values) => values.length > 0 === operand;
  }
  const matches = valueMatcher(operator, operand, field);
  return (values) => values.some(matches);
}

function valueMatcher(operator: string, operand: Json, field: string): ValueMatcher {
  switch (operator) {
    case 'prefix':
    case 'suffix':
      return affix(operator, operand, field);
    case 'equals-ignore-case':
      return onText((text) => text.toLowerCase() === textOf(operator, operand, field).toLowerCase());
    case 'wildcard':
      return onText(wildcardOf(textOf(operator, operand, field), field));
    case 'anything-but':
      return anythingBut(operand, field);
    case 'numeric':
      return numeric(operand, field);
    case 'cidr':
      return cidr(operand, field);
    default:
      throw new InvalidPattern(
        `"${field}": unrecognized match type ${operator}; there are prefix, suffix, equals-ignore-case, wildcard, anything-but, numeric, cidr and exists`,
      );
  }
}

/** `{ "prefix": "us-" }` and `{ "prefix": { "equals-ignore-case": "EU-" } }`, likewise suffixes. */
function affix(operator: 'prefix' | 'suffix', operand: Json, field: string): ValueMatcher {
  const test = operator === 'prefix' ? 'startsWith' : 'endsWith';
  if (!isObject(operand)) {
    const wanted = textOf(operator, operand, field);
    return onText((text) => text[test](wanted));
  }
  const [inner, value] = single(operand, field);
  if (inner !== 'equals-ignore-case') throw invalid(operator, field, 'a string or { "equals-ignore-case": string }');
  const wanted = textOf(inner, value, field).toLowerCase();
  return onText((text) => text.toLowerCase()[test](wanted));
}

const refinable = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'];

/** A value, a list of strings or numbers, or one of the operators on text with a string or a list of strings. */
function anythingBut(operand: Json, field: string): ValueMatcher {
  if (!isObject(operand)) {
    const excluded = listOf(operand);
    if (excluded.length === 0) throw invalid('anything-but', field, 'a value or a list of values');
    return (value) => !excluded.includes(value);
  }
  const [operator, value] = single(operand, field);
  if (!refinable.includes(operator)) throw invalid('anything-but', field, `values or one of ${refinable.join(', ')}`);
  const matchers = listOf(value).map((one) => valueMatcher(operator, one, field));
  return (given) => typeof given === 'string' && !matchers.some((matches) => matches(given));
}

/** "Numeric matching": from -5.0e9 to +5.0e9. */
const largestNumber = 5e9;
const comparisons: Record<string, (value: number, bound: number) => boolean> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** `[">", 10, "<=", 20]`: one comparison, or a lower and an upper bound. */
function numeric(operand: Json, field: string): ValueMatcher {
  const wanted = 'pairs of =, <, <=, > or >= and a number between -5.0e9 and 5.0e9, one or two of them';
  if (!Array.isArray(operand) || ![2, 4].includes(operand.length)) throw invalid('numeric', field, wanted);
  const tests = Array.from({ length: operand.length / 2 }, (_, i) => {
    const [sign, bound] = [operand[2 * i], operand[2 * i + 1]];
    const compare = typeof sign === 'string' ? comparisons[sign] : undefined;
    if (!compare || typeof bound !== 'number' || Math.abs(bound) > largestNumber)
      throw invalid('numeric', field, wanted);
    return (value: number) => compare(value, bound);
  });
  return (value) => typeof value === 'number' && tests.every((passes) => passes(value));
}

function cidr(operand: Json, field: string): ValueMatcher {
  const [network = '', bits = ''] = textOf('cidr', operand, field).split('/');
  const family = isIPv6(network) ? 'ipv6' : 'ipv4';
  const block = new BlockList();
  if (isIP(network) === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 'ipv6' ? 128 : 32)) {
    throw invalid('cidr', field, 'a block such as 10.0.0.0/24');
  }
  block.addSubnet(network, Number(bits), family);
  return onText((text) => isIP(text) !== 0 && block.check(text, isIPv6(text) ? 'ipv6' : 'ipv4'));
}

function onText(matches: (text: string) => boolean): ValueMatcher {
  return (value) => typeof value === 'string' && matches(value);
}

function textOf(operator: string, operand: Json, field: string): string {
  if (typeof operand === 'string') return operand;
  throw invalid(operator, field, 'a string');
}

function single(expression: Readonly<Record<string, Json>>, field: string): [operator: string, operand: Json] {
  const [entry, ...more] = Object.entries(expression);
  if (!entry || more.length > 0) throw new InvalidPattern(`"${field}": only one key allowed in match expression`);
  return entry;
}

const listOf = (value: Json): readonly Json[] => (Array.isArray(value) ? value : [value]);

const invalid = (operator: string, field: string, wanted: string) =>
  new InvalidPattern(`"${field}": ${operator} takes ${wanted}`);
