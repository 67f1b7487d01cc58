import { expect, test } from 'vitest';
import { type Figure, meetsGoal } from '../src/figure.ts';
import { betweenMarks, figuresJson, figuresMarkdown, figuresTable } from '../src/report.ts';

const figure = (rest: Partial<Figure>): Figure => ({
  name: 'cloud.start_ms',
  value: 433.2,
  unit: 'ms',
  goal: 500,
  better: 'lower',
  measured: 'bare Node 21.5 ms',
  ...rest,
});

test.each([
  [{ value: 500, goal: 500, better: 'lower' }, true],
  [{ value: 501, goal: 500, better: 'lower' }, false],
  [{ value: 20_000, goal: 20_000, better: 'higher' }, true],
  [{ value: 19_999, goal: 20_000, better: 'higher' }, false],
  [{ value: 7, goal: null }, true],
] as const)('%j meets its goal: %s', (rest, met) => {
  expect(meetsGoal(figure(rest))).toBe(met);
});

test('the table says what a goal is, and which one is missed', () => {
  const table = figuresTable([figure({}), figure({ name: 'cloud.idle_mb', value: 130.04, unit: 'MB', goal: 120 })]);
  expect(table).toMatch(/cloud\.start_ms .* 433 ms .* at most 500 ms .* yes /);
  expect(table).toMatch(/cloud\.idle_mb .* 130 MB .* at most 120 MB .* NO /);
});

test('a figure without a goal is stated', () => {
  expect(figuresMarkdown([figure({ goal: null })], 'a machine')).toContain(
    '| `cloud.start_ms` | 433 ms | stated |  | bare Node 21.5 ms |',
  );
});

test('--json has exactly the fields that readers of it know', () => {
  expect(JSON.parse(figuresJson([figure({})]))).toEqual([
    { name: 'cloud.start_ms', value: 433.2, unit: 'ms', goal: 500, better: 'lower' },
  ]);
});

test('a page keeps everything outside the marks', () => {
  const page = 'before\n<!-- cloud -->\nold\n<!-- /cloud -->\nafter\n';
  expect(betweenMarks(page, 'cloud', 'new')).toBe('before\n<!-- cloud -->\nnew\n<!-- /cloud -->\nafter\n');
});

test('a page without the marks is not written to', () => {
  expect(() => betweenMarks('nothing', 'cloud', 'new')).toThrow('<!-- cloud -->');
});
