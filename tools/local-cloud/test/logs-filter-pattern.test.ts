import { describe, expect, it } from 'vitest';
import { compileFilterPattern } from '../src/services/logs/filter-pattern.ts';

const error = '[ERROR] Caught IllegalArgumentException';
const exit = 'Exiting with ERRORCODE: -1';
const warn = 'WARN message';

describe('terms', () => {
  it.each([
    ['', [error, exit, warn]],
    ['ERROR', [error, exit]],
    ['error', []],
    ['ERROR Exception', [error]],
    ['ERROR -Exiting', [error]],
    ['"ERROR" - "Exiting"', [error]],
    ['?ERROR ?WARN', [error, exit, warn]],
    ['?WARN Exception', [error]],
    ['-ERROR', [warn]],
    ['"with ERRORCODE: -1"', [exit]],
    ['%ERROR(?:)%', 'Invalid character(s) in term'],
    ['%^WARN|CODE%', [exit, warn]],
    ['a@b', "Invalid character(s) in term 'a@b'"],
    ['"open', 'Invalid filter pattern'],
  ])('%s', (pattern, expected) => {
    if (typeof expected === 'string') return expect(() => compileFilterPattern(pattern)).toThrow(expected);
    expect([error, exit, warn].filter(compileFilterPattern(pattern))).toEqual(expected);
  });
});

describe('JSON', () => {
  const trail = JSON.stringify({
    eventType: 'UpdateTrail',
    sourceIPAddress: '111.111.111.111',
    arrayKey: ['value', 'another value'],
    objectList: [
      { name: 'a', id: 1 },
      { name: 'b', id: 2 },
    ],
    SomeObject: null,
    ThisFlag: true,
    latency: 55.5,
    'odd key': 'x',
    user: { id: 1, email: 'John.Stiles@example.com' },
    coordinates: [[0, 1, 2]],
  });

  it.each([
    '{ $.eventType = "UpdateTrail" }',
    '{$.eventType=UpdateTrail}',
    '{ $.eventType = Update* }',
    '{ $.eventType = *Trail }',
    '{ $.eventType = *dateTr* }',
    '{ $.eventType = %Up.*il% }',
    '{ $.sourceIPAddress != 123.123.* }',
    '{ $.arrayKey[0] = "value" }',
    '{ $.objectList[1].id = 2 }',
    '{ $.coordinates[0][1] = 1 }',
    '{ $.SomeObject IS NULL }',
    '{ $.SomeOtherObject NOT EXISTS }',
    '{ $.ThisFlag IS TRUE }',
    '{ $.latency >= 55.5 }',
    '{ $.latency < 1e3 }',
    '{ $.latency > -1 }',
    '{ $.latency = * }',
    '{ $["odd key"] = x }',
    '{ ($.user.id = 1) && ($.objectList[0].name = "a") }',
    '{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch && $.eventType = nomatch }',
  ])('matches %s', (pattern) => {
    expect(compileFilterPattern(pattern)(trail)).toBe(true);
  });

  it.each([
    '{ $.eventType = "Update" }',
    '{ $.eventType = Up*Trail }',
    '{ $.arrayKey = "value" }',
    '{ $.arrayKey != "value" }',
    '{ $.missing != 1 }',
    '{ $.arrayKey.length = 2 }',
    '{ $.toString EXISTS }',
    '{ $.ThisFlag IS FALSE }',
    '{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch) && $.eventType = nomatch }',
  ])('does not match %s', (pattern) => {
    expect(compileFilterPattern(pattern)(trail)).toBe(false);
  });

  it('does not match what is no JSON object', () => {
    const matches = compileFilterPattern('{ $.a NOT EXISTS }');
    expect(['text', '{"a', 'null', '1'].filter(matches)).toEqual([]);
  });

  it.each([
    '{ }',
    '{ $.a }',
    '{ $.a = }',
    '{ $.a < "x" }',
    '{ a = 1 }',
    '{ $.a = 1 && }',
    '{ ($.a = 1 }',
    '{ $.a IS 1 }',
  ])('refuses %s', (pattern) => {
    expect(() => compileFilterPattern(pattern)).toThrow('Invalid filter pattern');
  });
});

describe('fields', () => {
  const request = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';

  it.each([
    '[ip, user, username, timestamp, request, status_code, bytes]',
    '[ip, user, ..., status_code = 4*, bytes > 1000]',
    '[..., request = *html*, status_code = 4* && status_code != 403, bytes]',
    '[ip=127.*, ...]',
    '[..., status = 500 || status = 404, bytes]',
    '[ip, user=!"x", ...]',
    '[ip, user, username, timestamp, request = "GET /index.html HTTP/1.0", ...]',
  ])('matches %s', (pattern) => {
    expect(compileFilterPattern(pattern)(request)).toBe(true);
  });

  it.each(['[ip]', '[ip, ..., bytes < 1000]', '[..., status_code = 4* && status_code != 404, bytes]'])(
    'does not match %s',
    (pattern) => {
      expect(compileFilterPattern(pattern)(request)).toBe(false);
    },
  );

  it.each(['[a', '[..., ...]', '[a ! b]', '[a > x]'])('refuses %s', (pattern) => {
    expect(() => compileFilterPattern(pattern)).toThrow(/filter pattern/);
  });
});
