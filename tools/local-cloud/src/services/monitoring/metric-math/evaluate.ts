import { type Context, functions } from './functions.ts';
import type { Expression, Operator } from './parse.ts';
import { isList, isSeries, type Series, seriesOf, type Value } from './series.ts';

/** Ids, functions and words of an expression stand for these. */
export interface Names extends Context {
  /** What the query of this id came to. Throws when there is none. */
  valueOf(id: string): Value;
}

/** Words that FILL takes. */
const fillings = ['REPEAT', 'LINEAR'];

/** The functions an expression calls that there are none of here. */
export function unknownFunctions(expression: Expression): string[] {
  const own = expression.type === 'call' && !Object.hasOwn(functions, expression.name) ? [expression.name] : [];
  return [...own, ...partsOf(expression).flatMap(unknownFunctions)];
}

/** The ids of queries that an expression uses. */
export function idsOf(expression: Expression): string[] {
  if (expression.type === 'id') return fillings.includes(expression.name) ? [] : [expression.name];
  return partsOf(expression).flatMap(idsOf);
}

function partsOf(expression: Expression): readonly Expression[] {
  if (expression.type === 'list') return expression.items;
  if (expression.type === 'call') return expression.args;
  if (expression.type === 'negative') return [expression.operand];
  return expression.type === 'binary' ? [expression.left, expression.right] : [];
}

/** What an expression comes to. Throws an Error where its parts do not fit together. */
export function evaluateExpression(expression: Expression, names: Names): Value {
  const evaluate = (part: Expression): Value => evaluateExpression(part, names);
  switch (expression.type) {
    case 'number':
    case 'text':
      return expression.value;
    case 'id':
      return fillings.includes(expression.name) ? expression.name : names.valueOf(expression.name);
    case 'list':
      return expression.items.flatMap((item) => {
        const value = evaluate(item);
        if (isList(value)) return value;
        if (isSeries(value)) return [value];
        throw new Error('an array is made of time series');
      });
    case 'call':
      return call(expression.name, expression.args.map(evaluate), names);
    case 'negative':
      return operate('*', -1, evaluate(expression.operand));
    case 'binary':
      return operate(expression.operator, evaluate(expression.left), evaluate(expression.right));
  }
}

function call(name: string, args: readonly Value[], names: Names): Value {
  const run = functions[name];
  if (!run) throw new Error(`unknown function ${name}`);
  return run(args, names);
}

const truth = (is: boolean) => (is ? 1 : 0);
const operators: Readonly<Record<Operator, (a: number, b: number) => number>> = {
  OR: (a, b) => truth(a !== 0 || b !== 0),
  AND: (a, b) => truth(a !== 0 && b !== 0),
  '==': (a, b) => truth(a === b),
  '!=': (a, b) => truth(a !== b),
  '<': (a, b) => truth(a < b),
  '<=': (a, b) => truth(a <= b),
  '>': (a, b) => truth(a > b),
  '>=': (a, b) => truth(a >= b),
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
};

function operate(operator: Operator, left: Value, right: Value): Value {
  if (typeof left === 'string' || typeof right === 'string') throw new Error(`${operator} takes no text`);
  if (isList(left)) {
    if (isList(right)) throw new Error(`${operator} does not take two arrays of time series`);
    return left.map((series) => operate(operator, series, right)) as Series[];
  }
  if (isList(right)) return right.map((series) => operate(operator, left, series)) as Series[];
  const compute = operators[operator];
  if (typeof left === 'number') {
    if (typeof right === 'number') return compute(left, right);
    return mapped(right, (value) => compute(left, value));
  }
  if (typeof right === 'number') return mapped(left, (value) => compute(value, right));
  // "Only the time stamps that have data in both series": where one is missing, so is the result.
  return mapped(left, (value, time) => {
    const other = right.points.get(time);
    return other === undefined ? undefined : compute(value, other);
  });
}

function mapped({ label, points }: Series, compute: (value: number, time: number) => number | undefined): Series {
  return seriesOf(
    label,
    [...points].map(([time, value]) => [time, compute(value, time)]),
  );
}
