import { expect, test } from 'vitest';
import { waitMs } from '../src/wait.ts';

test.each([
  [undefined, 3000],
  ['wait=5', 5000],
  ['respond-async, wait=10', 10_000],
  ['wait=2; foo=bar', 2000],
  ['Wait = "7"', 7000],
  ['wait=0', 0],
  ['wait=3600', 20_000],
  ['wait=soon', 3000],
  ['handling=lenient, await=9', 3000],
])('a caller that prefers %j waits up to %i ms', (prefer, expected) => {
  expect(waitMs(prefer, 3000, 20_000)).toBe(expected);
});
