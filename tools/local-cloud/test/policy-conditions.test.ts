import { describe, expect, test } from 'vitest';
import { conditionsHold } from '../src/iam/conditions.ts';

type Condition = Record<string, Record<string, string | number | boolean | string[]>>;

function holds(condition: Condition, context: Record<string, string | string[]> = {}): boolean | undefined {
  return conditionsHold(
    condition,
    new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), [value].flat()])),
  );
}

describe('one value of the request', () => {
  test.each<[string, string, string | number | boolean | string[], boolean]>([
    ['StringEquals', 'a', ['b', 'a'], true],
    ['StringEquals', 'A', 'a', false],
    ['StringEquals', 'a*', 'a*', true],
    ['StringEquals', 'ab', 'a*', false],
    ['StringNotEquals', 'a', ['b', 'a'], false],
    ['StringNotEquals', 'a', 'b', true],
    ['StringEqualsIgnoreCase', 'A', 'a', true],
    ['StringNotEqualsIgnoreCase', 'A', 'a', false],
    ['StringLike', 'dev/a', 'dev/*', true],
    ['StringNotLike', 'dev/a', ['test/*', 'dev/*'], false],
    ['NumericEquals', '5', 5, true],
    ['NumericNotEquals', '5', '5.0', false],
    ['NumericLessThan', '5', '5', false],
    ['NumericLessThanEquals', '5', '5', true],
    ['NumericGreaterThan', '10', '9', true],
    ['NumericGreaterThanEquals', 'x', '9', false],
    ['DateEquals', '2026-01-01T00:00:00Z', '1767225600', true],
    ['DateNotEquals', '2026-01-01T00:00:00Z', '1767225600', false],
    ['DateLessThan', '2026-01-01T00:00:00Z', '2026-01-02', true],
    ['DateGreaterThan', '2026-01-01T00:00:00Z', '2026-01-02', false],
    ['DateLessThanEquals', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', true],
    ['DateGreaterThanEquals', '2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z', false],
    ['Bool', 'true', true, true],
    ['Bool', 'false', 'true', false],
    ['BinaryEquals', 'QmluYXJ5', 'QmluYXJ5', true],
    ['IpAddress', '203.0.113.7', '203.0.113.0/24', true],
    ['IpAddress', '203.0.114.7', ['203.0.113.0/24', '203.0.114.7'], true],
    ['IpAddress', '2001:db8::1', '2001:db8::/32', true],
    ['IpAddress', '2001:db8::1', '203.0.113.0/24', false],
    ['NotIpAddress', '203.0.113.7', '203.0.113.0/24', false],
    ['ArnEquals', 'arn:aws:sns:us-east-1:1:t', 'arn:aws:sns:*:1:t', true],
    ['ArnLike', 'arn:aws:lambda:us-east-1:1:function:a:live', 'arn:aws:lambda:*:*:function:a:*', true],
    ['ArnLike', 'arn:aws:sns:us-east-1:1:t', 'arn:aws:*:t', false],
    ['ArnNotEquals', 'arn:aws:sns:us-east-1:1:t', 'arn:aws:sns:us-east-1:1:t', false],
    ['ArnNotLike', 'arn:aws:sns:us-east-1:1:t', 'arn:aws:sqs:*:*:*', true],
  ])('%s of %s and %j is %s', (operator, actual, expected, result) => {
    expect(holds({ [operator]: { 'aws:Key': expected } }, { 'AWS:key': actual })).toBe(result);
  });
});

describe('a key the request does not have', () => {
  test.each([
    ['StringEquals', false],
    ['StringNotEquals', true],
    ['ArnNotLike', true],
    ['NotIpAddress', true],
    ['StringEqualsIfExists', true],
    ['BoolIfExists', true],
    ['ForAllValues:StringEquals', true],
    ['ForAnyValue:StringEquals', false],
    ['ForAnyValue:StringNotEquals', false],
  ])('makes %s %s', (operator, result) => {
    expect(holds({ [operator]: { 'aws:Key': 'x' } })).toBe(result);
  });

  test('is what Null asks for', () => {
    expect(holds({ Null: { 'aws:Key': 'true' } })).toBe(true);
    expect(holds({ Null: { 'aws:Key': 'false' } })).toBe(false);
    expect(holds({ Null: { 'aws:Key': false } }, { 'aws:Key': 'x' })).toBe(true);
  });
});

describe('a key with several values', () => {
  const context = { 'aws:TagKeys': ['owner', 'stage'] };
  test.each([
    ['ForAllValues:StringEquals', ['owner', 'stage', 'cost'], true],
    ['ForAllValues:StringEquals', ['owner'], false],
    ['ForAnyValue:StringEquals', ['owner'], true],
    ['ForAnyValue:StringEquals', ['cost'], false],
    ['ForAllValues:StringNotEquals', ['cost'], true],
    ['ForAllValues:StringNotEquals', ['owner'], false],
    ['ForAnyValue:StringNotEquals', ['owner'], true],
    ['ForAnyValue:StringLike', ['own*'], true],
  ])('%s %j is %s', (operator, expected, result) => {
    expect(holds({ [operator]: { 'aws:TagKeys': expected } }, context)).toBe(result);
  });
});

test('all keys and operators must hold', () => {
  const condition = { StringEquals: { 'a:x': '1', 'a:y': '2' }, Bool: { 'a:z': 'true' } };
  expect(holds(condition, { 'a:x': '1', 'a:y': '2', 'a:z': 'true' })).toBe(true);
  expect(holds(condition, { 'a:x': '1', 'a:y': '3', 'a:z': 'true' })).toBe(false);
  expect(holds(condition, { 'a:x': '1', 'a:y': '2', 'a:z': 'false' })).toBe(false);
});

test('values may hold policy variables', () => {
  const condition = { StringEquals: { 's3:prefix': `home/\${aws:username}` } };
  expect(holds(condition, { 's3:prefix': 'home/ana', 'aws:username': 'ana' })).toBe(true);
  expect(holds(condition, { 's3:prefix': 'home/' })).toBe(false);
});

test('an operator IAM does not know is neither true nor false', () => {
  expect(holds({ StringResembles: { 'a:x': '1' } }, { 'a:x': '1' })).toBeUndefined();
});
