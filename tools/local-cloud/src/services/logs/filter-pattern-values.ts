import { invalidParameter } from './errors.ts';

export function invalidPattern(): Error {
  return invalidParameter('Invalid filter pattern');
}

const number = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

export type Comparison = '=' | '!=' | '<' | '>' | '<=' | '>=';

/** A value of a pattern as it is written: quoted text, `%regular expression%` or a bare word. */
export interface PatternValue {
  readonly text: string;
  readonly kind: 'quoted' | 'regex' | 'bare';
}

/**
 * Compiles a comparison with a field. A bare number compares as a number, anything else as text with `*` at its ends for
 * any text ("Ev*ent will only match the actual string Ev*ent"). Order needs a number.
 */
export function compileComparison(operator: Comparison, value: PatternValue): (field: string | number) => boolean {
  const isNumber = value.kind === 'bare' && number.test(value.text);
  if (operator !== '=' && operator !== '!=' && !isNumber) throw invalidPattern();
  if (isNumber) return compareNumbers(operator, Number(value.text));
  const isEqual = value.kind === 'regex' ? regexMatcher(value.text) : textMatcher(value.text);
  return operator === '!=' ? (field) => !isEqual(String(field)) : (field) => isEqual(String(field));
}

function compareNumbers(operator: Comparison, wanted: number): (field: string | number) => boolean {
  const compare = {
    '=': (field: number) => field === wanted,
    '!=': (field: number) => field !== wanted,
    '<': (field: number) => field < wanted,
    '>': (field: number) => field > wanted,
    '<=': (field: number) => field <= wanted,
    '>=': (field: number) => field >= wanted,
  }[operator];
  return (field) => {
    if (typeof field === 'string' && !number.test(field)) return operator === '!=';
    return compare(Number(field));
  };
}

function textMatcher(wanted: string): (field: string) => boolean {
  const isOpenStart = wanted.startsWith('*');
  const isOpenEnd = wanted.endsWith('*') && wanted.length > 1;
  const text = wanted.slice(isOpenStart ? 1 : 0, isOpenEnd ? -1 : undefined);
  if (isOpenStart && isOpenEnd) return (field) => field.includes(text);
  if (isOpenStart) return (field) => field.endsWith(text);
  if (isOpenEnd) return (field) => field.startsWith(text);
  return (field) => field === text;
}

/** Regular expressions have only these characters and operators: no parentheses, no multi-byte characters. */
const allowedInRegex = /^[A-Za-z0-9:_#=@/;,\-^$?[\]{}|\\*+.\s]*$/;

export function regexMatcher(expression: string): (text: string) => boolean {
  if (!allowedInRegex.test(expression)) throw invalidParameter(`Invalid character(s) in term '${expression}'`);
  try {
    const regex = new RegExp(expression);
    return (text) => regex.test(text);
  } catch {
    throw invalidPattern();
  }
}
