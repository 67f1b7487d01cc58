import { describe, expect, test } from 'vitest';
import { readCron } from '../src/schedules/cron.ts';
import { readRate } from '../src/schedules/rate.ts';

/** The first times after `from`, in UTC. */
function times(expression: string, from: string, count = 1, timeZone?: string): string[] {
  const next = readCron(expression, timeZone);
  if (!next) throw new Error(`${expression} was refused`);
  const found: string[] = [];
  let time: number | undefined = Date.parse(from);
  while (found.length < count) {
    time = next(time);
    if (time === undefined) break;
    found.push(new Date(time).toISOString().slice(0, 16));
  }
  return found;
}

/** The examples of "Cron expressions", EventBridge User Guide; 2026-11-21 is a Saturday. */
describe('the documented expressions', () => {
  test.each([
    ['cron(0 10 * * ? *)', ['2026-11-21T10:00', '2026-11-22T10:00']],
    ['cron(15 12 * * ? *)', ['2026-11-21T12:15', '2026-11-22T12:15']],
    ['cron(0 18 ? * MON-FRI *)', ['2026-11-23T18:00', '2026-11-24T18:00']],
    ['cron(0 8 1 * ? *)', ['2026-12-01T08:00', '2027-01-01T08:00']],
    ['cron(0/15 * * * ? *)', ['2026-11-21T00:15', '2026-11-21T00:30']],
    ['cron(0/10 * ? * MON-FRI *)', ['2026-11-23T00:00', '2026-11-23T00:10']],
    ['cron(0/5 8-17 ? * MON-FRI *)', ['2026-11-23T08:00', '2026-11-23T08:05']],
    ['cron(0 9 ? * 2#1 *)', ['2026-12-07T09:00', '2027-01-04T09:00']],
    ['cron(0 9 ? * 6L *)', ['2026-11-27T09:00', '2026-12-25T09:00']],
    ['cron(0 9 ? * L *)', ['2026-11-21T09:00', '2026-11-28T09:00']],
    ['cron(0 9 L * ? *)', ['2026-11-30T09:00', '2026-12-31T09:00']],
    ['cron(0 9 3W * ? *)', ['2026-12-03T09:00', '2027-01-04T09:00']],
    ['cron(0 9 1 1 ? 2030-2031)', ['2030-01-01T09:00', '2031-01-01T09:00']],
    ['cron(1/10 0 * * ? *)', ['2026-11-21T00:01', '2026-11-21T00:11']],
  ])('%s', (expression, expected) => {
    expect(times(expression, '2026-11-21T00:00:00Z', 2)).toEqual(expected);
  });
});

test('an expression whose years have passed runs no more', () => {
  expect(times('cron(0 9 1 1 ? 2020)', '2026-11-21T00:00:00Z')).toEqual([]);
});

test('summer time: what falls into the gap is left out, what comes twice runs once', () => {
  const daily = 'cron(30 2 * * ? *)';
  // In New York clocks jump from 2:00 to 3:00 on 8 March 2026, and back from 2:00 to 1:00 on 1 November.
  expect(times(daily, '2026-03-07T12:00:00Z', 1, 'America/New_York')).toEqual(['2026-03-09T06:30']);
  expect(times('cron(30 1 * * ? *)', '2026-10-31T12:00:00Z', 2, 'America/New_York')).toEqual([
    '2026-11-01T05:30',
    '2026-11-02T06:30',
  ]);
});

test.each([
  'cron(0 10 * * *)',
  'cron(0 10 * * * *)',
  'cron(0 10 ? * ? *)',
  'cron(60 10 * * ? *)',
  'cron(0 24 * * ? *)',
  'cron(0 10 32 * ? *)',
  'cron(0 10 0 * ? *)',
  'cron(0 10 * 13 ? *)',
  'cron(0 10 ? * 8 *)',
  'cron(0 10 ? * 3#1,6#3 *)',
  'cron(0 10 * * ? 1969)',
  'cron(0/0 10 * * ? *)',
  'cron(a b c d e f)',
  '0 10 * * ? *',
])('refuses %s', (expression) => {
  expect(readCron(expression)).toBeUndefined();
});

test('rates', () => {
  expect(readRate('rate(5 minutes)')).toBe(300_000);
  expect(readRate('rate(1 hour)', true)).toBe(3_600_000);
  expect(readRate('rate(1 hours)', true)).toBeUndefined();
  expect(readRate('rate(2 day)', true)).toBeUndefined();
  expect(readRate('rate(0 days)')).toBeUndefined();
});
