import { expect, test } from 'vitest';
import { ideal, jain, quantile, tooManyAtOnce, violations } from '../src/egress/partner.ts';

test('a call is one too many when the window that ends with it has more than the limit', () => {
  expect(violations([0, 400, 999], 2, 1_000)).toBe(1);
  expect(violations([0, 400, 1_000], 2, 1_000)).toBe(0);
  expect(violations([900, 950, 1_050, 1_100], 2, 1_000)).toBe(2);
});

test('the ideal limiter makes each call as soon as the window allows, in order, and drops who would wait too long', () => {
  expect(ideal([0, 0, 0, 0, 0], [{ count: 2, ms: 1_000 }], 1_500, 10_000)).toEqual([0, 0, 1_000, 1_000]);
  expect(ideal([0, 100, 200], [{ count: 2, ms: 1_000 }], 5_000, 10_000)).toEqual([0, 100, 1_000]);
  expect(ideal([0, 0, 0], [{ count: 1, ms: 1_000 }], 5_000, 1_500)).toEqual([0, 1_000]);
});

test('of calls under way together, those are too many that come when as many as allowed are there', () => {
  const calls = [
    { from: 0, to: 100 },
    { from: 10, to: 50 },
    { from: 20, to: 30 },
    { from: 50, to: 60 },
  ];
  expect(tooManyAtOnce(calls, 2)).toBe(1);
  expect(tooManyAtOnce(calls, 3)).toBe(0);
});

test('fairness is 1 when all have the same, and less the fewer have it', () => {
  expect(jain([3, 3, 3])).toBe(1);
  expect(jain([1, 0, 0, 0])).toBe(0.25);
});

test('a quantile of nothing is nothing', () => {
  expect(quantile([], 0.5)).toBe(0);
  expect(quantile([3, 1, 2], 0.5)).toBe(2);
});
