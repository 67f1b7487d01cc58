import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyStatistic } from '../src/metrics/statistic-names.ts';
import { statisticValue } from '../src/metrics/statistic-value.ts';
import { merged, setOf } from '../src/metrics/statistics.ts';

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

/** "CloudWatch statistics definitions", CloudWatch User Guide: what each of them means. */
describe('an extended statistic of 1 to 100', () => {
  test.each([
    ['p50', 50],
    ['p99', 99],
    ['p99.9', 100],
    ['p100', 100],
    ['tm90', 45.5],
    ['tc90', 90],
    ['ts90', 4095],
    ['TM(10%:90%)', 50.5],
    ['IQM', 50.5],
    ['TM(50:)', 75.5],
    ['TC(0:10)', 10],
    ['TS(:10)', 55],
    // The lower bound is outside, the upper one inside.
    ['PR(10:20)', 10],
    ['PR(:30)', 30],
    // The highest two count as the value at the 98th percentile.
    ['wm98', (upTo(98).reduce((a, b) => a + b) + 2 * 98) / 100],
    [
      'WM(10:90)',
      (10 * 10 +
        upTo(90)
          .slice(10)
          .reduce((a, b) => a + b) +
        10 * 90) /
        100,
    ],
  ])('%s is %d', (name, value) => {
    expect(name).toMatch(anyStatistic);
    expect(statisticValue(setOf(upTo(100)), name)).toBe(value);
  });
});

test.each(['p', 'p101', 'q99', 'tm', 'TM(10%:90)', 'TM(:)', 'PR(10%:20%)', 'Sample count', 'tm90 '])(
  '%j is no statistic',
  (name) => expect(name).not.toMatch(anyStatistic),
);

test('there are no percentiles of sums, nor of negative values', () => {
  const { counts: _, ...sums } = setOf([1, 3]);
  expect(statisticValue(sums, 'p50')).toBeUndefined();
  expect(statisticValue(sums, 'Average')).toBe(2);
  expect(statisticValue({ sampleCount: 4, sum: 12, minimum: 3, maximum: 3 }, 'p50')).toBe(3);
  expect(statisticValue(setOf([-1, 1]), 'p50')).toBeUndefined();
});

const values = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 30 });

test('parts of a time together are the whole time', () => {
  fc.assert(
    fc.property(
      values,
      values,
      fc.constantFrom('Sum', 'SampleCount', 'Minimum', 'Maximum', 'p90', 'IQM'),
      (a, b, name) => {
        const parts = merged([setOf(a), setOf(b)]);
        expect(parts && statisticValue(parts, name)).toBe(statisticValue(setOf([...a, ...b]), name));
      },
    ),
    { numRuns: 100 },
  );
});

test('percentiles grow with their number, from the least to the greatest value', () => {
  fc.assert(
    fc.property(values, (given) => {
      const set = setOf(given);
      const percentiles = ['p0', 'p25', 'p50', 'p90', 'p100'].map((name) => statisticValue(set, name));
      expect(percentiles).toEqual([...percentiles].sort((a = 0, b = 0) => a - b));
      expect([percentiles[0], percentiles[4]]).toEqual([set.minimum, set.maximum]);
    }),
    { numRuns: 100 },
  );
});
