import { BlockList, isIP } from 'node:net';
import { matches, substituted } from './pattern.ts';
import type { PolicyStatement } from './policy-document.ts';
import type { RequestContext } from './request-context.ts';

/** Whether one value of the request fits one value of the policy. */
type Comparison = (actual: string, expected: string, context: RequestContext) => boolean;

const sameText: Comparison = (actual, expected, context) => actual === substituted(expected, context);
const sameTextIgnoringCase: Comparison = (actual, expected, context) =>
  actual.toLowerCase() === substituted(expected, context)?.toLowerCase();
const likeText: Comparison = (actual, expected, context) => matches(expected, actual, context);

/** Positive operators of "IAM JSON policy elements: Condition operators". */
const comparisons: Readonly<Record<string, Comparison>> = {
  StringEquals: sameText,
  StringEqualsIgnoreCase: sameTextIgnoringCase,
  StringLike: likeText,
  ...ordered('Numeric', Number),
  ...ordered('Date', timeOf),
  Bool: sameTextIgnoringCase,
  BinaryEquals: sameText,
  IpAddress: (actual, expected) => inRange(actual, expected),
  ArnEquals: likeArn,
  ArnLike: likeArn,
};

/** Each negated operator and what it negates. */
const negations: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
};

interface Operator {
  readonly comparison: Comparison;
  readonly negated: boolean;
  readonly ifExists: boolean;
  readonly set: 'ForAllValues' | 'ForAnyValue' | undefined;
}

/** Whether IAM knows an operator, qualifiers included (`ForAnyValue:StringLikeIfExists`). */
export function isConditionOperator(name: string): boolean {
  return name === 'Null' || operatorNamed(name) !== undefined;
}

/** Whether all conditions of a statement hold. `undefined` when one of them has an operator IAM does not know. */
export function conditionsHold(condition: PolicyStatement['Condition'], context: RequestContext): boolean | undefined {
  for (const [name, keys] of Object.entries(condition ?? {})) {
    const operator = operatorNamed(name);
    if (!operator && name !== 'Null') return undefined;
    for (const [key, value] of Object.entries(keys)) {
      const actual = context.get(key.toLowerCase()) ?? [];
      const expected = (Array.isArray(value) ? value : [value]).map(String);
      const holds = operator ? compare(operator, actual, expected, context) : isNull(actual, expected);
      if (!holds) return false;
    }
  }
  return true;
}

function operatorNamed(name: string): Operator | undefined {
  const [, set, base = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const negated = Object.hasOwn(negations, base);
  const positive = negated ? (negations[base] as string) : base;
  if (!Object.hasOwn(comparisons, positive)) return undefined;
  return {
    comparison: comparisons[positive] as Comparison,
    negated,
    ifExists: ifExists !== undefined,
    set: set as Operator['set'],
  };
}

function isNull(actual: readonly string[], expected: readonly string[]): boolean {
  return expected.some((value) => (value.toLowerCase() === 'true') === (actual.length === 0));
}

function compare(
  { comparison, negated, ifExists, set }: Operator,
  actual: readonly string[],
  expected: readonly string[],
  context: RequestContext,
): boolean {
  if (actual.length === 0) {
    if (ifExists || set === 'ForAllValues') return true;
    return negated && set === undefined;
  }
  const fits = (value: string) => expected.some((candidate) => comparison(value, candidate, context)) !== negated;
  // A negated operator without a set qualifier must hold for all there is, a positive one for any.
  if (set === 'ForAllValues' || (set === undefined && negated)) return actual.every(fits);
  return actual.some(fits);
}

function ordered(prefix: string, read: (text: string) => number): Record<string, Comparison> {
  const by = (test: (actual: number, expected: number) => boolean): Comparison => {
    return (actual, expected) => test(read(actual), read(expected));
  };
  return {
    [`${prefix}Equals`]: by((actual, expected) => actual === expected),
    [`${prefix}LessThan`]: by((actual, expected) => actual < expected),
    [`${prefix}LessThanEquals`]: by((actual, expected) => actual <= expected),
    [`${prefix}GreaterThan`]: by((actual, expected) => actual > expected),
    [`${prefix}GreaterThanEquals`]: by((actual, expected) => actual >= expected),
  };
}

/** ISO 8601 or seconds since the epoch. */
function timeOf(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

function inRange(address: string, range: string): boolean {
  const [network = '', prefix] = range.split('/');
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(network) === 0 || isIP(address) !== isIP(network)) return false;
  const list = new BlockList();
  list.addSubnet(network, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family);
  return list.check(address, family);
}

/** "Each of the six colon-delimited components of the ARN is checked separately and each can include wildcards." */
function likeArn(actual: string, expected: string, context: RequestContext): boolean {
  const [left, right] = [arnParts(actual), arnParts(expected)];
  return left.length === right.length && right.every((part, i) => matches(part, left[i] as string, context));
}

function arnParts(arn: string): string[] {
  // Colons inside `${aws:username}` divide nothing.
  const parts = arn.split(/:(?![^{]*\})/);
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}
