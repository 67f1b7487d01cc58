import { expect, test } from 'vitest';
import { definePolicy, PolicyError } from '../src/index.ts';

test('several windows, concurrency, speed and burst are limits of one kind', () => {
  const { limits } = definePolicy({
    name: 'partner',
    windows: [
      { count: 10, seconds: 1 },
      { count: 500, seconds: 60 },
    ],
    concurrency: 4,
    spacingMs: 50,
    burst: 3,
    transitMs: 0,
  });
  expect(limits.map(({ name, count }) => [name, count])).toEqual([
    ['10 per 1 s', 10],
    ['500 per 60 s', 500],
    ['1 per 50 ms', 1],
    ['burst of 3', 3],
    ['4 at once', 4],
  ]);
});

test('a permit rests longer than its window by what a call may be late, and by what clocks may run apart', () => {
  const [limit] = definePolicy({ name: 'partner', windows: [{ count: 10, seconds: 60 }], transitMs: 20 }).limits;
  expect(limit?.restMs).toBeGreaterThanOrEqual(60_020);
  expect(limit?.restMs).toBeLessThan(60_100);
});

test('all problems of a policy are told at once', () => {
  const bad = {
    name: 'two words',
    windows: [
      { count: 0, seconds: 1 },
      { count: 5, seconds: -1 },
    ],
    concurrency: 1.5,
    transitMs: -1,
  };
  expect(() => definePolicy(bad)).toThrow(PolicyError);
  try {
    definePolicy(bad);
  } catch (error) {
    expect((error as PolicyError).problems).toHaveLength(6);
    expect((error as PolicyError).message).toContain("policy 'two words'");
  }
});

test.each([
  ['nothing limited', {}, 'it limits nothing'],
  [
    'a window that never counts',
    {
      windows: [
        { count: 100, seconds: 1 },
        { count: 50, seconds: 60 },
      ],
    },
    'never counts',
  ],
  [
    'one window twice',
    {
      windows: [
        { count: 1, seconds: 1 },
        { count: 2, seconds: 1 },
      ],
    },
    'same length',
  ],
  ['a burst as big as the window', { windows: [{ count: 10, seconds: 1 }], burst: 10 }, 'burst 10'],
  ['a burst without window', { concurrency: 1, burst: 10 }, 'burst needs a window'],
])('refused: %s', (_, policy, problem) => {
  expect(() => definePolicy({ name: 'partner', ...policy })).toThrow(problem);
});
