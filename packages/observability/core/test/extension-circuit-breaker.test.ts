import { expect, test } from 'vitest';
import { createCircuitBreaker } from '../src/extension/circuit-breaker.ts';

test('each failure doubles the pause, from a second to a minute; a success ends it', () => {
  let now = 0;
  const breaker = createCircuitBreaker(() => now);
  const pauses = Array.from({ length: 8 }, () => {
    const pauseMs = breaker.failed();
    expect(breaker.closed).toBe(false);
    now += pauseMs;
    expect(breaker.closed).toBe(true);
    return pauseMs / 1_000;
  });
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  expect(breaker.tripped).toBe(true);
  expect(breaker.succeeded()).toBe(true);
  expect(breaker.tripped).toBe(false);
  expect(breaker.succeeded()).toBe(false);
  expect(breaker.failed()).toBe(1_000);
});

test('a clock that is set back does not prolong a pause', () => {
  let now = 3_600_000;
  const breaker = createCircuitBreaker(() => now);
  breaker.failed();
  now -= 3_600_000;
  expect(breaker.closed).toBe(true);
});
