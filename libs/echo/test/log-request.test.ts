import { describe, expect, test } from 'vitest';
import { RequestError } from '../src/errors.ts';
import { parseLogRequest } from '../src/log-request.ts';
import { post, request } from './events.ts';

const problemsOf = (event: ReturnType<typeof post>): readonly string[] => {
  try {
    parseLogRequest(event);
  } catch (error) {
    if (error instanceof RequestError) return [error.code, ...error.problems];
    throw error;
  }
  return [];
};

describe('a log request', () => {
  test('is JSON lines unless it says otherwise', () => {
    expect(parseLogRequest(post({ lines: ['a', 'b'] }))).toEqual({ lines: ['a', 'b'], format: 'json' });
  });

  test('may ask for a format and for a line after the response', () => {
    const body = { lines: [], format: 'object', afterResponseMs: 2000 };
    expect(parseLogRequest(post(body))).toEqual(body);
  });

  test('is read from base64 too, as function URLs send a body without a text type', () => {
    const body = Buffer.from(JSON.stringify({ lines: ['ä 🚀'] })).toString('base64');
    expect(parseLogRequest(post(body, { isBase64Encoded: true })).lines).toEqual(['ä 🚀']);
  });

  test('is refused with all its problems at once', () => {
    const body = { lines: ['a', 1], format: 'xml', beforeResponseMs: -1, afterResponseMs: 1.5, repeat: 2 };
    expect(problemsOf(post(body))).toEqual([
      'BODY_INVALID',
      'repeat is no field; use lines, format, beforeResponseMs, afterResponseMs',
      'lines must be an array of 0 to 10000 strings',
      'format is "xml"; use one of json, text, object',
      'beforeResponseMs is -1; use a whole number from 0 to 60000',
      'afterResponseMs is 1.5; use a whole number from 0 to 60000',
    ]);
  });

  test.each(['', 'null', '[]', '"line"', '{'])('is refused when its body is %j', (body) => {
    expect(problemsOf(post(body))[0]).toBe('BODY_NOT_JSON');
  });

  test('takes 10,000 lines and no more', () => {
    expect(problemsOf(post({ lines: Array(10_000).fill('x') }))).toEqual([]);
    expect(problemsOf(post({ lines: Array(10_001).fill('x') }))[0]).toBe('BODY_INVALID');
  });

  test("takes POST only, so that a browser's request for a favicon is no line", () => {
    expect(problemsOf(request('GET'))[0]).toBe('METHOD_NOT_ALLOWED');
  });
});
