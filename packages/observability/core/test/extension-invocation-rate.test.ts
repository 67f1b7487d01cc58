import { expect, test } from 'vitest';
import { createInvocationRate } from '../src/extension/invocation-rate.ts';

/** Whether the last of so many invocations, each so many milliseconds after the one before, counts as frequent. */
function frequent(count: number, gapMs: number): boolean {
  let now = 0;
  const rate = createInvocationRate(() => now);
  return Array.from({ length: count }, () => {
    now += gapMs;
    return rate.count();
  }).at(-1) as boolean;
}

test.each([
  [99, 1, false, 'the environment is young'],
  [100, 101, true, 'a hundred in ten seconds'],
  [100, 102, false, 'a hundred in a little more'],
  [1_000, 50, true, 'busy for long'],
  [1_000, 1_000, false, 'one every second'],
])('%d invocations, one every %d ms: %s (%s)', (count, gapMs, expected) => {
  expect(frequent(count, gapMs)).toBe(expected);
});
