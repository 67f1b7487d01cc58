import { describe, expect, test } from 'vitest';
import { readOptions } from '../src/options.ts';

const now = new Date('2026-11-21T12:00:00.000Z');
const read = (...args: string[]) => readOptions(args, now);

test('without options: the last ten minutes, all of it', () => {
  expect(read()).toMatchObject({ follow: false, json: false, since: new Date('2026-11-21T11:50:00.000Z'), choice: {} });
});

test('each choice is read, levels and sources in any case', () => {
  const args = ['-f', '--function', 'zip', '--level', 'warn', '--source', 'Function', '--request', 'r', '--trace', 't'];
  expect(read(...args)).toMatchObject({
    follow: true,
    choice: { function: 'zip', level: 'WARN', source: 'function', requestId: 'r', traceId: 't' },
  });
});

test.each([
  ['30s', '2026-11-21T11:59:30.000Z'],
  ['2h', '2026-11-21T10:00:00.000Z'],
  ['1d', '2026-11-20T12:00:00.000Z'],
  ['2026-11-21T09:00:00Z', '2026-11-21T09:00:00.000Z'],
])('since %s', (since, time) => {
  expect(read('--since', since).since.toISOString()).toBe(time);
});

describe('what it cannot take', () => {
  test('is named, all of it at once', () => {
    expect(() => read('--level', 'loud', '--source', 'me', '--since', 'yesterday')).toThrow(
      /--since is yesterday.*\n--level is loud.*\n--source is me/,
    );
  });

  test('an option that is none', () => expect(() => read('--colour')).toThrow(/--colour/));

  test('a time to come', () => expect(() => read('--since', '2026-11-22T00:00:00Z')).toThrow(/--since/));
});
