import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import { compileEventPattern } from '../../event-patterns/compile.ts';
import { InvalidPattern, isObject, type Json } from '../../event-patterns/json.ts';
import { checkConditions } from './filter-conditions.ts';

export type Scope = 'MessageAttributes' | 'MessageBody';

/** "Filter policy constraints", Developer Guide. */
const mostKeys = 5;
const mostCombinations = 150;
const largestPolicy = 256 * 1024;

/** Checks a filter policy. Throws {@link InvalidPattern} in SNS's words, without `FilterPolicy: ` in front. */
export function checkFilterPolicy(text: string, scope: Scope): void {
  if (Buffer.byteLength(text) > largestPolicy) throw new InvalidPattern('Filter policy is larger than 256 KB');
  const policy = parse(text);
  const keys = valueKeys(policy);
  if (keys > mostKeys) throw new InvalidPattern('Filter policy can not have more than 5 keys');
  if (combinations(policy, 1, scope) > mostCombinations) throw new InvalidPattern('Filter policy is too complex');
  if (Object.keys(policy).length > 0) compileEventPattern(policy);
}

function parse(text: string): Record<string, Json> {
  let policy: Json;
  try {
    policy = JSON.parse(text);
  } catch (error) {
    throw new InvalidPattern(`failed to parse JSON. ${(error as Error).message}`);
  }
  if (!isObject(policy)) throw new InvalidPattern('Filter is not an object');
  return policy;
}

/** Keys with values of their own; those that only hold further keys are not counted. */
function valueKeys(policy: Readonly<Record<string, Json>>): number {
  const counts = Object.entries(policy).map(([key, value]) => {
    if (isOr(key, value)) return Math.max(...value.map((one) => (isObject(one) ? valueKeys(one) : 1)));
    return isObject(value) ? valueKeys(value) : 1;
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * How many combinations of values there are: the numbers of values multiply, each times the depth of its key; alternatives
 * of `$or` add up. Looks at each condition on the way.
 */
function combinations(policy: Readonly<Record<string, Json>>, depth: number, scope: Scope): number {
  if (depth > 1 && scope === 'MessageAttributes') throw new NestedPolicy();
  return Object.entries(policy).reduce((product, [key, value]) => {
    if (isOr(key, value)) {
      const alternatives = value.map((one) => (isObject(one) ? combinations(one, depth, scope) : 1));
      return product * alternatives.reduce((sum, count) => sum + count, 0);
    }
    if (isObject(value)) return product * combinations(value, depth + 1, scope);
    if (!Array.isArray(value)) throw new InvalidPattern(`"${key}" must be an object or an array`);
    if (value.length === 0) throw new InvalidPattern('Empty arrays are not allowed');
    checkConditions(value);
    return product * value.length * depth;
  }, 1);
}

const isOr = (key: string, value: Json): value is readonly Json[] =>
  key === '$or' && Array.isArray(value) && value.length > 1 && value.every((one) => isObject(one));

/** Its text stands without `FilterPolicy: `. */
export class NestedPolicy extends InvalidPattern {
  constructor() {
    super('Filter policy scope MessageAttributes does not support nested filter policy');
  }
}

export type FilterResult =
  | 'accepted'
  | 'NoMessageAttributes'
  | 'InvalidAttributes'
  | 'MessageAttributes'
  | FilteredByBody;
type FilteredByBody = 'InvalidMessageBody' | 'MessageBody';

/** Whether a subscription takes a message; why not, as the metrics tell ("Amazon SNS metrics", Developer Guide). */
export function filter(
  policy: string | undefined,
  scope: Scope,
  message: { body: string; attributes: Readonly<Record<string, MessageAttributeValue>> },
): FilterResult {
  if (!policy || policy === '{}') return 'accepted';
  const matches = compileEventPattern(policy);
  if (scope === 'MessageBody') {
    const body = jsonObject(message.body);
    if (!body) return 'InvalidMessageBody';
    return matches(body) ? 'accepted' : 'MessageBody';
  }
  const { values, invalid } = attributeValues(message.attributes);
  if (matches(values)) return 'accepted';
  if (Object.keys(message.attributes).length === 0) return 'NoMessageAttributes';
  return invalid ? 'InvalidAttributes' : 'MessageAttributes';
}

/** Attributes as an event: numbers as numbers, String.Array as an array; binary ones are not looked at. */
function attributeValues(attributes: Readonly<Record<string, MessageAttributeValue>>): {
  values: Record<string, Json>;
  invalid: boolean;
} {
  const values: Record<string, Json> = {};
  let invalid = false;
  for (const [name, { DataType = '', StringValue = '' }] of Object.entries(attributes)) {
    if (DataType === 'String.Array') {
      const list = jsonArray(StringValue);
      if (list) values[name] = list;
      else invalid = true;
    } else if (DataType.startsWith('Number')) values[name] = Number(StringValue);
    else if (DataType.startsWith('String')) values[name] = StringValue;
  }
  return { values, invalid };
}

function jsonObject(text: string): Json | undefined {
  const value = jsonOf(text);
  return isObject(value) ? value : undefined;
}

function jsonArray(text: string): readonly Json[] | undefined {
  const value = jsonOf(text);
  return Array.isArray(value) ? value : undefined;
}

function jsonOf(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
