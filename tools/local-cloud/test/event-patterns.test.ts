import { describe, expect, test } from 'vitest';
import { compileEventPattern, InvalidPattern } from '../src/event-patterns/compile.ts';
import type { Json } from '../src/event-patterns/json.ts';

const matches = (pattern: Json, event: Json) => compileEventPattern(pattern)(event);

/** "Amazon EventBridge event patterns" and "Comparison operators for use in event patterns", EventBridge User Guide. */
const instance: Json = {
  version: '0',
  'detail-type': 'EC2 Instance State-change Notification',
  source: 'aws.ec2',
  time: '2017-12-22T18:43:48Z',
  region: 'us-west-1',
  resources: ['arn:aws:ec2:us-west-1:123456789012:instance/i-1234567890abcdef0'],
  detail: { 'instance-id': 'i-1234567890abcdef0', state: 'terminated' },
};

test('a pattern matches the events that have its fields, whatever else they have', () => {
  expect(matches({ source: ['aws.ec2'], detail: { state: ['terminated'] } }, instance)).toBe(true);
  expect(matches({ source: ['aws.ec2'], detail: { state: ['running', 'terminated'] } }, instance)).toBe(true);
  expect(matches({ source: ['aws.ec2'], detail: { state: ['running'] } }, instance)).toBe(false);
  expect(matches({ source: ['aws.ec2'], detail: { missing: ['x'] } }, instance)).toBe(false);
});

describe('the documented operators', () => {
  test.each<[name: string, pattern: Json, yes: Json, no: Json]>([
    ['anything-but', [{ 'anything-but': 'initializing' }], 'running', 'initializing'],
    ['anything-but a list', [{ 'anything-but': ['stopped', 'overloaded'] }], 'running', 'overloaded'],
    ['anything-but numbers', [{ 'anything-but': [100, 200, 300] }], 400, 200],
    ['anything-but with a prefix', [{ 'anything-but': { prefix: 'init' } }], 'running', 'initializing'],
    ['anything-but with prefixes', [{ 'anything-but': { prefix: ['init', 'error'] } }], 'running', 'error-1'],
    ['anything-but with a suffix', [{ 'anything-but': { suffix: '.png' } }], 'a.txt', 'a.png'],
    ['anything-but in any case', [{ 'anything-but': { 'equals-ignore-case': 'initializing' } }], 'x', 'INITIALIZING'],
    ['anything-but with a wildcard', [{ 'anything-but': { wildcard: '*/lib/*' } }], '/usr/bin/x', '/usr/lib/x'],
    ['prefix', [{ prefix: 'us-' }], 'us-west-1', 'eu-west-1'],
    ['prefix in any case', [{ prefix: { 'equals-ignore-case': 'EventB' } }], 'eventbridge', 'bridge'],
    ['suffix', [{ suffix: '.png' }], 'picture.png', 'picture.gif'],
    ['suffix in any case', [{ suffix: { 'equals-ignore-case': 'tbridge' } }], 'EvenTBRIDGE', 'eventbus'],
    ['empty', [''], '', 'x'],
    ['equals', ['Alice'], 'Alice', 'alice'],
    ['equals in any case', [{ 'equals-ignore-case': 'alice' }], 'ALICE', 'Bob'],
    ['null', [null], null, ''],
    ['a number', [{ numeric: ['=', 100] }], 100, 101],
    ['a range', [{ numeric: ['>', 10, '<=', 20] }], 20, 10],
    ['numbers are no text', [{ numeric: ['>', 0] }], 5, '5'],
    ['or', ['Credit', 'Debit'], 'Debit', 'Cash'],
    ['wildcard', [{ wildcard: 'dir/*.png' }], 'dir/a/b.png', 'other/a.png'],
    ['wildcard, escaped', [{ wildcard: 'a\\*b*' }], 'a*bc', 'axbc'],
    ['wildcards overlapping', [{ wildcard: 'ab*ba' }], 'abba', 'aba'],
    ['an address', [{ cidr: '10.0.0.0/24' }], '10.0.0.255', '10.0.1.0'],
    ['an address of IPv6', [{ cidr: '2001:db8::/32' }], '2001:db8:1::1', '2001:db9::1'],
  ])('%s', (_, rule, yes, no) => {
    expect(matches({ field: rule }, { field: yes })).toBe(true);
    expect(matches({ field: rule }, { field: no })).toBe(false);
  });

  test('exists looks at fields that hold values', () => {
    const named = { detail: { 'c-count': [{ exists: true }] } };
    expect(matches(named, { detail: { 'c-count': 5 } })).toBe(true);
    expect(matches(named, { detail: {} })).toBe(false);
    const absent = { detail: { 'c-count': [{ exists: false }] } };
    expect(matches(absent, { detail: {} })).toBe(true);
    expect(matches(absent, {})).toBe(true);
    expect(matches(absent, { detail: { 'c-count': 5 } })).toBe(false);
  });

  test('$or joins conditions on different fields, and stands beside others', () => {
    const pattern: Json = { source: ['shop'], $or: [{ location: ['New York'] }, { day: ['Monday'] }] };
    expect(matches(pattern, { source: 'shop', location: 'Rome', day: 'Monday' })).toBe(true);
    expect(matches(pattern, { source: 'shop', location: 'New York', day: 'Friday' })).toBe(true);
    expect(matches(pattern, { source: 'shop', location: 'Rome', day: 'Friday' })).toBe(false);
    expect(matches(pattern, { source: 'other', location: 'New York' })).toBe(false);
  });
});

test('$or is a field of that name when it does not hold two conditions on fields', () => {
  const prefixes: Json = { $or: [{ prefix: 'a' }, { suffix: 'z' }] };
  expect(matches(prefixes, { $or: 'abc' })).toBe(true);
  expect(matches(prefixes, { $or: 'bcd' })).toBe(false);
  expect(matches({ $or: { type: ['x'] } }, { $or: { type: 'x' } })).toBe(true);
});

test('an array in the event matches when one of its elements does', () => {
  const pattern = { resources: ['arn:1', 'arn:2'] };
  expect(matches(pattern, { resources: ['arn:0', 'arn:2'] })).toBe(true);
  expect(matches(pattern, { resources: ['arn:0'] })).toBe(false);
  expect(matches(pattern, { resources: [] })).toBe(false);
});

test('fields of objects in an array have to match within one object', () => {
  const pattern = { items: { type: ['book'], price: [{ numeric: ['>', 10] }] } };
  expect(matches(pattern, { items: [{ type: 'book', price: 20 }] })).toBe(true);
  expect(
    matches(pattern, {
      items: [
        { type: 'book', price: 5 },
        { type: 'pen', price: 20 },
      ],
    }),
  ).toBe(false);
});

test('a name with dots finds nested fields', () => {
  expect(matches({ detail: { 'state.status': ['running'] } }, { detail: { state: { status: 'running' } } })).toBe(true);
  expect(matches({ detail: { 'state.status': ['running'] } }, { detail: { state: { status: 'ended' } } })).toBe(false);
});

test('anything-but looks at values of every type, and at fields that are there', () => {
  const rule = { field: [{ 'anything-but': { prefix: 'init' } }] };
  expect(matches(rule, { field: null })).toBe(true);
  expect(matches(rule, { field: 7 })).toBe(true);
  expect(matches(rule, {})).toBe(false);
});

/** The words are those of AWS's compiler, as TestEventPattern answers them after "Event pattern is not valid. Reason: ". */
test.each<[pattern: Json | string, message: string]>([
  ['{"a":', 'JSON'],
  ['[]', 'Filter is not an object'],
  ['{}', 'Empty objects are not allowed'],
  [{ a: { b: 'x' } }, '"b" must be an object or an array'],
  [{ int: 42 }, '"int" must be an object or an array'],
  [{ a: [] }, 'Empty arrays are not allowed'],
  [{ a: [['x']] }, 'Match value must be String, number, true, false, or null'],
  [{ a: [{ EXISTS: true }] }, 'Unrecognized match type EXISTS'],
  [{ a: [{ prefix: 'x', suffix: 'y' }] }, 'Only one key allowed in match expression'],
  [{ a: [{ prefix: ['x'] }] }, 'prefix match pattern must be a string'],
  [{ a: [{ suffix: 123 }] }, 'suffix match pattern must be a string'],
  [{ a: [{ wildcard: 123 }] }, 'wildcard match pattern must be a string'],
  [{ a: [{ 'equals-ignore-case': ['x'] }] }, 'equals-ignore-case match pattern must be a string'],
  [{ a: [{ 'anything-but': { prefix: 123 } }] }, 'prefix/suffix match pattern must be a string'],
  [{ a: [{ 'anything-but': { suffix: '' } }] }, 'Null prefix/suffix not allowed'],
  [{ a: [{ 'anything-but': null }] }, 'Value of anything-but must be an array or single string/number value.'],
  [
    { a: [{ 'anything-but': { prefix: { 'equals-ignore-case': 'x' } } }] },
    'Value of anything-but must be an array or single string/number value.',
  ],
  [
    { a: [{ 'anything-but': { 'equals-ignore-case': [123] } }] },
    'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
  ],
  [{ a: [{ numeric: ['>', 0, '<'] }] }, 'Value of < must be numeric'],
  [{ a: [{ numeric: ['>', 0, '>', 0] }] }, 'Bad numeric range operator: >'],
  [{ a: [{ cidr: '10.0.0.0' }] }, "Malformed CIDR, one '/' required"],
  [{ a: [{ cidr: '10.0.0.0/x' }] }, 'Malformed CIDR, mask bits must be an integer'],
  [{ a: [{ cidr: 'xx.11.xx/8' }] }, 'Nonstandard IP address: xx.11.xx'],
  [{ a: [{ cidr: ['10.0.0.0/8'] }] }, 'prefix match pattern must be a string'],
  [{ a: [{ wildcard: 'arn:**:x' }] }, 'Consecutive wildcard characters at pos 5'],
  [{ a: [{ exists: 'yes' }] }, 'exists match pattern must be either true or false.'],
])('refuses %j', (pattern, message) => {
  expect(() => compileEventPattern(pattern)).toThrow(InvalidPattern);
  expect(() => compileEventPattern(pattern)).toThrow(message);
});
