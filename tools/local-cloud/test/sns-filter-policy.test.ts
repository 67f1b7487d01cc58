import { describe, expect, test } from 'vitest';
import { checkFilterPolicy, filter } from '../src/services/sns/filter-policy.ts';

const check = (policy: unknown, scope: 'MessageAttributes' | 'MessageBody' = 'MessageBody') =>
  checkFilterPolicy(JSON.stringify(policy), scope);

describe('a filter policy is refused', () => {
  test.each([
    [{ key: [['value']] }, 'Match value must be String, number, true, false, or null'],
    [{ key: [{ 'wrong-operator': true }] }, 'Unrecognized match type wrong-operator'],
    [{ key: [{ suffix: 'a', prefix: 'b' }] }, 'Only one key allowed in match expression'],
    [{ key: [{ suffix: 100 }] }, 'suffix match pattern must be a string'],
    [{ key: { suffix: 'value' } }, '"suffix" must be an object or an array'],
    [{ key: [] }, 'Empty arrays are not allowed'],
    [{ key: [{ exists: 'no' }] }, 'exists match pattern must be either true or false.'],
    [{ key: [{ 'anything-but': { suffix: 'test' } }] }, 'Unsupported anything-but pattern: suffix'],
    [{ key: [{ 'anything-but': { prefix: false } }] }, 'prefix match pattern must be a string'],
    [{ key: [{ numeric: [] }] }, 'Invalid member in numeric match: ]'],
    [{ key: [{ numeric: ['operator'] }] }, 'Unrecognized numeric range operator: operator'],
    [{ key: [{ numeric: [1, '<='] }] }, 'Invalid member in numeric match: 1'],
    [{ key: [{ numeric: ['=', '000'] }] }, 'Value of equals must be numeric'],
    [{ key: [{ numeric: ['>='] }] }, 'Value of >= must be numeric'],
    [{ key: [{ numeric: ['<', 100, '>', 10] }] }, 'Too many elements in numeric expression'],
    [{ key: [{ numeric: ['>=', 1, '>', 2] }] }, 'Bad numeric range operator: >'],
    [{ key: [{ numeric: ['>', 3, '<', 1] }] }, 'Bottom must be less than top'],
    [{ key: [{ numeric: ['>', 20, '<='] }] }, 'Value of <= must be numeric'],
    [{ key: [{ numeric: ['>', 20, 30] }] }, 'Bad value in numeric range: 30'],
    [{ key: [{ numeric: ['>', 20, '<', 30, '<', 50] }] }, 'Too many terms in numeric range expression'],
    [{ key: [{ cidr: '10.0.0.0' }] }, "Malformed CIDR, one '/' required"],
    [{ key: [{ cidr: 'ten/8' }] }, 'Nonstandard IP address: ten'],
    [{ a: [1], b: [1], c: [1], d: [1], e: [1], f: [1] }, 'Filter policy can not have more than 5 keys'],
    [{ a: Array(151).fill('x') }, 'Filter policy is too complex'],
    [{ a: { b: Array(76).fill('x') } }, 'Filter policy is too complex'],
    [{ $or: [{ a: Array(76).fill('x') }, { b: Array(75).fill('x') }] }, 'Filter policy is too complex'],
  ])('%j: %s', (policy, message) => {
    expect(() => check(policy)).toThrow(message);
  });

  test('when it nests keys and looks at attributes', () => {
    const nested = { order: { kind: ['new'] } };
    expect(() => check(nested, 'MessageAttributes')).toThrow('does not support nested filter policy');
    expect(() => check(nested, 'MessageBody')).not.toThrow();
  });
});

test('150 combinations are the most, keys multiplied and weighed by their depth', () => {
  const values = (n: number) => Array.from({ length: n }, (_, i) => `v${i}`);
  // "Filter policy constraints": 4 values three levels deep and 3 two levels deep are 4 x 3 x 3 x 2 = 72.
  expect(() => check({ a: { b: { c: values(4) } }, d: { e: values(3) } })).not.toThrow();
  expect(() => check({ a: values(10), b: values(5), c: values(3) })).not.toThrow();
  expect(() => check({ a: values(10), b: values(5), c: values(4) })).toThrow('Filter policy is too complex');
});

describe('attributes are matched', () => {
  const attribute = (DataType: string, StringValue: string) => ({ key: { DataType, StringValue } });
  const by = (conditions: readonly unknown[], attributes: Parameters<typeof filter>[2]['attributes']) =>
    filter(JSON.stringify({ key: conditions }), 'MessageAttributes', { body: '', attributes });

  test.each([
    [['rugby'], 'String.Array', '["baseball", "rugby"]', 'accepted'],
    [[{ 'anything-but': ['rugby'] }], 'String.Array', '["rugby", "baseball"]', 'accepted'],
    [[{ 'anything-but': ['rugby'] }], 'String', 'rugby', 'MessageAttributes'],
    [[{ 'anything-but': { prefix: 'order-' } }], 'String', 'order-7', 'MessageAttributes'],
    [[{ 'equals-ignore-case': 'TENNIS' }], 'String', 'tennis', 'accepted'],
    [[{ suffix: 'ball' }], 'String', 'baseball', 'accepted'],
    [[{ cidr: '10.0.0.0/24' }], 'String', '10.0.0.255', 'accepted'],
    [[{ cidr: '10.0.0.0/24' }], 'String', '10.1.1.0', 'MessageAttributes'],
    [[301.5], 'Number', '3.015e2', 'accepted'],
    [['301.5'], 'Number', '301.5', 'MessageAttributes'],
    [[{ exists: true }], 'Number.int', '1', 'accepted'],
    [[{ exists: true }], 'Binary', '', 'MessageAttributes'],
    [['a'], 'String.Array', 'no list', 'InvalidAttributes'],
  ])('%j against %s %s: %s', (conditions, type, value, result) => {
    expect(by(conditions, attribute(type, value))).toBe(result);
  });

  test('a missing one is what exists: false asks for', () => {
    expect(by([{ exists: false }], {})).toBe('accepted');
    expect(by(['x'], {})).toBe('NoMessageAttributes');
  });
});

test('$or takes a message that fits one of its alternatives', () => {
  const policy = JSON.stringify({ source: ['shop'], $or: [{ kind: ['order'] }, { total: [{ numeric: ['>', 9] }] }] });
  const result = (body: object) => filter(policy, 'MessageBody', { body: JSON.stringify(body), attributes: {} });
  expect(result({ source: 'shop', kind: 'order' })).toBe('accepted');
  expect(result({ source: 'shop', total: 10 })).toBe('accepted');
  expect(result({ source: 'shop', total: 9 })).toBe('MessageBody');
  expect(result({ kind: 'order' })).toBe('MessageBody');
});
