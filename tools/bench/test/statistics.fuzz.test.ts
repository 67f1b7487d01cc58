import fc from 'fast-check';
import { expect, test } from 'vitest';
import { median } from '../src/statistics.ts';

const values = fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 1 });

test('no more than half of the values are on either side of the median', () => {
  fc.assert(
    fc.property(values, (samples) => {
      const middle = median(samples);
      expect(samples.filter((value) => value < middle).length).toBeLessThanOrEqual(samples.length / 2);
      expect(samples.filter((value) => value > middle).length).toBeLessThanOrEqual(samples.length / 2);
    }),
  );
});

test('one wild sample among many moves the median to a neighbour at most', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 90, max: 110 }), { minLength: 3 }), fc.integer(), (samples, wild) => {
      expect(median([...samples, wild])).toBeGreaterThanOrEqual(Math.min(...samples));
      expect(median([...samples, wild])).toBeLessThanOrEqual(Math.max(...samples));
    }),
  );
});
