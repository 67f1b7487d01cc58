import { blockOf } from './cidr.ts';
import { InvalidPattern, isObject, type Json } from './json.ts';
import { wildcardOf } from './wildcard.ts';

/** Looks at the values of one field; none means that the field is not there. */
export type LeafMatcher = (values: readonly Json[]) => boolean;

/** What the object of a matching expression may be keyed by. */
export const operators: readonly string[] = [
  'anything-but',
  'cidr',
  'equals-ignore-case',
  'exists',
  'numeric',
  'prefix',
  'suffix',
  'wildcard',
];

type ValueMatcher = (value: Json) => boolean;

/** One entry of a field's array: a value to be equal to, or an object with one comparison operator. */
export function matcherOf(entry: Json): LeafMatcher {
  if (Array.isArray(entry)) {
    throw new InvalidPattern('Match value must be String, number, true, false, or null');
  }
  if (!isObject(entry)) return (values) => values.some((value) => value === entry);
  const [operator, operand] = single(entry);
  if (operator === 'exists') {
    if (typeof operand !== 'boolean') throw new InvalidPattern('exists match pattern must be either true or false.');
    return (values) => values.length > 0 === operand;
  }
  const matches = valueMatcher(operator, operand);
  return (values) => values.some(matches);
}

function valueMatcher(operator: string, operand: Json): ValueMatcher {
  switch (operator) {
    case 'prefix':
    case 'suffix':
      return affix(operator, operand);
    case 'equals-ignore-case': {
      const wanted = textOf(operator, operand).toLowerCase();
      return onText((text) => text.toLowerCase() === wanted);
    }
    case 'wildcard':
      return onText(wildcardOf(textOf(operator, operand)));
    case 'anything-but':
      return anythingBut(operand);
    case 'numeric':
      return numeric(operand);
    case 'cidr':
      // The compiler's own slip: it speaks of a prefix here.
      return onText(blockOf(textOf('prefix', operand)));
    default:
      throw new InvalidPattern(`Unrecognized match type ${operator}`);
  }
}

/** `{ "prefix": "us-" }` and `{ "prefix": { "equals-ignore-case": "EU-" } }`, likewise suffixes. */
function affix(operator: 'prefix' | 'suffix', operand: Json): ValueMatcher {
  const test = operator === 'prefix' ? 'startsWith' : 'endsWith';
  if (!isObject(operand)) {
    const wanted = textOf(operator, operand);
    return onText((text) => text[test](wanted));
  }
  const [inner, value] = single(operand);
  if (inner !== 'equals-ignore-case') throw new InvalidPattern(`Unsupported ${operator} pattern: ${inner}`);
  const wanted = textOf(inner, value).toLowerCase();
  return onText((text) => text.toLowerCase()[test](wanted));
}

const notAnythingBut = 'Value of anything-but must be an array or single string/number value.';

/** A value, a list of strings or numbers, or one of the operators on text with a string or a list of strings. */
function anythingBut(operand: Json): ValueMatcher {
  if (!isObject(operand)) {
    const excluded = listOf(operand);
    if (excluded.length === 0) throw new InvalidPattern('Empty arrays are not allowed');
    if (!Array.isArray(operand) && !isTextOrNumber(operand)) throw new InvalidPattern(notAnythingBut);
    if (!excluded.every(isTextOrNumber)) {
      throw new InvalidPattern('Inside anything but list, start|null|boolean is not supported.');
    }
    const others: readonly Json[] = excluded;
    return (value) => !others.includes(value);
  }
  const [operator, value] = single(operand);
  const matchers = listOf(value).map((one) => refinement(operator, one));
  return (given) => !matchers.some((matches) => matches(given));
}

/** One string of `{ "anything-but": { "prefix": … } }`. */
function refinement(operator: string, operand: Json): ValueMatcher {
  if (isObject(operand)) throw new InvalidPattern(notAnythingBut);
  const isText = typeof operand === 'string';
  switch (operator) {
    case 'prefix':
    case 'suffix':
      if (!isText) throw new InvalidPattern('prefix/suffix match pattern must be a string');
      if (operand === '') throw new InvalidPattern('Null prefix/suffix not allowed');
      return affix(operator, operand);
    case 'equals-ignore-case':
      if (isText) return valueMatcher(operator, operand);
      throw new InvalidPattern(
        'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
      );
    case 'wildcard':
      return valueMatcher(operator, operand);
    default:
      throw new InvalidPattern(`Unsupported anything-but pattern: ${operator}`);
  }
}

/** "Numeric matching": from -5.0e9 to +5.0e9. */
const largestNumber = 5e9;
type Comparison = (value: number, bound: number) => boolean;
const lower: Record<string, Comparison> = {
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};
const upper: Record<string, Comparison> = {
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
};
const equal: Record<string, Comparison> = { '=': (value, bound) => value === bound };

/** `[">", 10, "<=", 20]`: one comparison, or a lower and an upper bound. */
function numeric(operand: Json): ValueMatcher {
  if (!Array.isArray(operand)) throw new InvalidPattern('Value of numeric must be an array.');
  const [sign, bound, second, secondBound, ...more] = operand as readonly Json[];
  if (typeof sign !== 'string') throw new InvalidPattern('Invalid member in numeric match: must be a string operator');
  const first = comparison(sign, bound, { ...equal, ...lower, ...upper });
  if (second === undefined) return onNumber(first);
  if (!(sign in lower) || more.length > 0) throw new InvalidPattern('Too many elements in numeric expression');
  if (typeof second !== 'string') throw new InvalidPattern(`Bad value in numeric range: ${JSON.stringify(second)}`);
  const last = comparison(second, secondBound, upper);
  if (Number(secondBound) <= Number(bound)) throw new InvalidPattern('Bottom must be less than top');
  return onNumber((value) => first(value) && last(value));
}

function comparison(sign: string, bound: Json | undefined, known: Record<string, Comparison>) {
  const compare = Object.hasOwn(known, sign) ? known[sign] : undefined;
  if (!compare) {
    throw new InvalidPattern(
      sign in equal || sign in lower || sign in upper
        ? `Bad numeric range operator: ${sign}`
        : `Unrecognized numeric range operator: ${sign}`,
    );
  }
  if (typeof bound !== 'number') {
    throw new InvalidPattern(sign in equal ? 'Value of equals must be numeric' : `Value of ${sign} must be numeric`);
  }
  if (Math.abs(bound) > largestNumber) {
    throw new InvalidPattern(`Value must be between ${-largestNumber} and ${largestNumber}, inclusive`);
  }
  return (value: number) => compare(value, bound);
}

const onNumber =
  (passes: (value: number) => boolean): ValueMatcher =>
  (value) =>
    typeof value === 'number' && passes(value);

function onText(matches: (text: string) => boolean): ValueMatcher {
  return (value) => typeof value === 'string' && matches(value);
}

function textOf(operator: string, operand: Json): string {
  if (typeof operand === 'string') return operand;
  throw new InvalidPattern(`${operator} match pattern must be a string`);
}

function single(expression: Readonly<Record<string, Json>>): [operator: string, operand: Json] {
  const [entry, ...more] = Object.entries(expression);
  if (!entry) throw new InvalidPattern('Match expression name not found');
  if (more.length > 0) throw new InvalidPattern('Only one key allowed in match expression');
  return entry;
}

const isTextOrNumber = (value: Json): value is string | number =>
  typeof value === 'string' || typeof value === 'number';
const listOf = (value: Json): readonly Json[] => (Array.isArray(value) ? value : [value]);
