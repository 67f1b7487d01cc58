import { PassThrough } from 'node:stream';
import type { LogRecord } from '@stackyard/log-records';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { isChosen } from '../src/choose.ts';
import { formatRecord } from '../src/format.ts';

// Whoever runs the tests may ask for colours: FORCE_COLOR counts for whatever is no terminal, too.
beforeAll(() => {
  vi.stubEnv('FORCE_COLOR', undefined);
});
afterAll(() => {
  vi.unstubAllEnvs();
});

const record: LogRecord = {
  v: 1,
  time: '2026-11-21T10:53:28.451Z',
  level: 'WARN',
  message: 'low on stock',
  source: 'function',
  requestId: '02c2e12d-16f2-404d-8925-ae92325133fd',
  traceId: '58406520a006649127e371903a2de979',
  attributes: { item: 7 },
  function: 'dev-lambda-zip-Echo11F3FB29',
};
const container: LogRecord = { v: 1, time: '', level: 'INFO', message: '', source: 'container', service: 'orders' };

describe('the records asked for', () => {
  test.each([
    [{}, true],
    [{ function: 'lambda-zip' }, true],
    [{ function: 'lambda-image' }, false],
    [{ level: 'WARN' }, true],
    [{ level: 'ERROR' }, false],
    [{ source: 'platform' }, false],
    [{ requestId: '02c2e12d-16f2-404d-8925-ae92325133fd' }, true],
    [{ requestId: 'another' }, false],
    [{ traceId: '1-58406520-a006649127e371903a2de979' }, true],
    [{ traceId: '58406520a006649127e371903a2de97a' }, false],
  ] as const)('%j: %j', (choice, chosen) => {
    expect(isChosen(record, choice)).toBe(chosen);
  });

  test('of a container go by its service', () => {
    expect(isChosen(container, { function: 'orders' })).toBe(true);
  });

  test('are never without what could not be read', () => {
    expect(isChosen({ ...record, source: 'decoder' }, { function: 'another' })).toBe(true);
  });
});

describe('a record as it is shown', () => {
  const file = new PassThrough() as unknown as NodeJS.WriteStream;
  const shown = (more: Partial<LogRecord>) => formatRecord({ ...record, ...more }, file);

  test('says when, how severe, who, which request and what', () => {
    expect(shown({})).toBe(
      '2026-11-21T10:53:28.451Z WARN  dev-lambda-zip-Echo11F3FB29 02c2e12d low on stock {"item":7}',
    );
  });

  test('says it when it is not the function that speaks, and when it is a part', () => {
    expect(shown({ source: 'platform', message: { a: 1 } })).toContain('Echo11F3FB29 (platform) 02c2e12d {"a":1}');
    expect(formatRecord({ ...container, source: 'decoder', service: '' }, file)).toContain('decoder');
    expect(shown({ part: { number: 1, count: 3, of: 'text' } })).toContain('low on stock (part 1 of 3)');
  });

  test('does not steer the terminal', () => {
    expect(shown({ message: '\u001b[2Jgone\u0007\ttab\nline' })).toContain('\\x1b[2Jgone\\x07\ttab\nline');
  });
});
