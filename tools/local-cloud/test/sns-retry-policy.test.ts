import fc from 'fast-check';
import { expect, test } from 'vitest';
import { delayBefore, httpDefault, managedEndpoints, totalDelay } from '../src/services/sns/retry-policy.ts';

const delays = (count: number) => Array.from({ length: count }, (_, i) => delayBefore(i + 1, managedEndpoints));

test('functions and queues are tried again 100,015 times over 23 days', () => {
  expect(delays(5)).toEqual([0, 0, 0, 1000, 1000]);
  const backoff = delays(15).slice(5) as number[];
  expect([backoff[0], backoff.at(-1)]).toEqual([1000, 20_000]);
  expect(backoff).toEqual([...backoff].sort((a, b) => a - b));
  expect(delayBefore(16, managedEndpoints)).toBe(20_000);
  expect(delayBefore(100_015, managedEndpoints)).toBe(20_000);
  expect(delayBefore(100_016, managedEndpoints)).toBeUndefined();
  expect(Math.floor(totalDelay(managedEndpoints) / 86_400)).toBe(23);
});

test('endpoints without a policy are tried again three times, 20 seconds apart', () => {
  expect([1, 2, 3, 4].map((retry) => delayBefore(retry, httpDefault))).toEqual([20_000, 20_000, 20_000, undefined]);
});

test('in backoff, delays grow from the shortest to the longest', () => {
  const policy = fc.record({
    minDelayTarget: fc.integer({ min: 1, max: 20 }),
    maxDelayTarget: fc.integer({ min: 20, max: 3600 }),
    numRetries: fc.integer({ min: 2, max: 100 }),
    backoffFunction: fc.constantFrom(
      'linear' as const,
      'arithmetic' as const,
      'geometric' as const,
      'exponential' as const,
    ),
  });
  fc.assert(
    fc.property(policy, (given) => {
      const whole = { ...httpDefault, ...given };
      const all = Array.from({ length: whole.numRetries }, (_, i) => delayBefore(i + 1, whole) as number);
      expect(all[0]).toBe(whole.minDelayTarget * 1000);
      expect(all.at(-1)).toBe(whole.maxDelayTarget * 1000);
      expect(all).toEqual([...all].sort((a, b) => a - b));
    }),
    { numRuns: 50 },
  );
});
