import { describe, expect, test } from 'vitest';
import { readEvent } from '../src/read-event.ts';

const running = '11111111-2222-4333-8444-555555555555';
const other = '99999999-2222-4333-8444-555555555555';
const eventTime = '2026-01-01T00:00:00.000Z';
const lineTime = '2026-02-02T02:02:02.222Z';

const read = (record: unknown, type = 'function') => readEvent({ time: eventTime, type, record }, running);

/** What a record says when a line says nothing of it. */
const usual = { time: eventTime, level: 'INFO', source: 'function', requestId: running };

describe('a line of the JSON format', () => {
  test("Lambda's own: time, level, request id and message are the line's", () => {
    const line = { timestamp: lineTime, level: 'ERROR', requestId: other, message: 'text' };
    expect(read(line)).toEqual({
      time: lineTime,
      level: 'ERROR',
      source: 'function',
      requestId: other,
      message: 'text',
    });
  });

  test("Powertools': the rest is attributes, and the invocation's id is not mistaken for another", () => {
    const line = {
      level: 'WARN',
      message: 'text',
      timestamp: lineTime,
      service: 'orders',
      function_request_id: other,
      requestId: 'of the API',
    };
    expect(read(line)).toEqual({
      time: lineTime,
      level: 'WARN',
      source: 'function',
      requestId: other,
      message: 'text',
      attributes: { service: 'orders', requestId: 'of the API' },
    });
  });

  test.each([
    ['xray_trace_id', '1-58406520-a006649127e371903a2de979'],
    ['traceId', '58406520a006649127e371903a2de979'],
    ['trace_id', '58406520A006649127E371903A2DE979'],
  ])('with a trace id as %s: it has one form', (name, id) => {
    const line = { message: 'text', [name]: id };
    expect(read(line)).toEqual({ ...usual, message: 'text', traceId: '58406520a006649127e371903a2de979' });
  });

  test.each(['7', '0'.repeat(32), 7, null])(
    'with %j for a trace id, which is none: it is kept as an attribute',
    (traceId) => {
      expect(read({ message: 'text', traceId })).toEqual({ ...usual, message: 'text', attributes: { traceId } });
    },
  );

  test("pino's: msg, a number for the level, a number for the time", () => {
    const line = { level: 50, time: Date.parse(lineTime), msg: 'text', pid: 7 };
    expect(read(line)).toEqual({ ...usual, time: lineTime, level: 'ERROR', message: 'text', attributes: { pid: 7 } });
  });

  test('without a message: the object is the message', () => {
    expect(read({ line: 'text', level: 'debug' })).toEqual({ ...usual, level: 'DEBUG', message: { line: 'text' } });
  });

  test('with an object for a message: it stays one', () => {
    const line = { timestamp: lineTime, level: 'INFO', message: { line: 'text', level: 'ERROR' } };
    expect(read(line)).toEqual({ ...usual, time: lineTime, message: { line: 'text', level: 'ERROR' } });
  });

  test('with an object printed as JSON for a message: it is read like a line', () => {
    const line = {
      timestamp: lineTime,
      level: 'INFO',
      requestId: other,
      message: '{"level":"error","message":"text","n":1}',
    };
    expect(read(line)).toEqual({
      time: lineTime,
      level: 'ERROR',
      source: 'function',
      requestId: other,
      message: 'text',
      attributes: { n: 1 },
    });
  });

  test('with values of its own under known names: they are kept as attributes', () => {
    const line = { message: 'text', level: 'loud', timestamp: 'yesterday', time: 12 };
    expect(read(line)).toEqual({
      ...usual,
      message: 'text',
      attributes: { level: 'loud', timestamp: 'yesterday', time: 12 },
    });
  });
});

describe('a line of the text format', () => {
  test.each([
    ['tabs', `${lineTime}\t${other}\tWARN\ttext\twith a tab\n`],
    ['blanks and brackets', `${lineTime} ${other} [WARN] text\twith a tab`],
  ])("Node's header with %s: is read, the rest is the message", (_, line) => {
    expect(read(line)).toEqual({
      time: lineTime,
      level: 'WARN',
      source: 'function',
      requestId: other,
      message: 'text\twith a tab',
    });
  });

  test('outside an invocation: the word undefined is no request id', () => {
    expect(read(`${lineTime}\tundefined\tINFO\ttext\n`)).toEqual({ ...usual, time: lineTime, message: 'text' });
  });

  test('an object printed as JSON, with and without a header: is read like a line of the JSON format', () => {
    const content = { ...usual, level: 'ERROR', message: 'text', attributes: { n: 1 } };
    expect(read('{"level":"error","message":"text","n":1}\n')).toEqual(content);
    expect(read(`${lineTime}\t${running}\tINFO\t{"level":"error","message":"text","n":1}\n`)).toEqual({
      ...content,
      time: lineTime,
    });
  });

  test.each([
    'plain',
    '',
    '{ line: "as console.log prints an object" }',
    '{"cut":',
    '2026-01-01T00:00:00Z not a header',
    'two\nlines',
    '["an","array"]',
  ])('anything else is the message: %j', (line) => {
    expect(read(`${line}\n`)).toEqual({ ...usual, message: line });
  });
});

test('lines of extensions are read like those of functions', () => {
  expect(read('plain\n', 'extension')).toEqual({ ...usual, source: 'extension', message: 'plain' });
});

describe('a platform event', () => {
  test('its type is the message, what it says the attributes', () => {
    const record = { requestId: other, version: '7' };
    expect(read(record, 'platform.start')).toEqual({
      time: eventTime,
      level: 'INFO',
      source: 'platform',
      message: 'platform.start',
      requestId: other,
      attributes: { version: '7' },
    });
  });

  test('before any invocation it has no request id', () => {
    expect(read({ phase: 'init' }, 'platform.initStart')).not.toHaveProperty('requestId');
  });

  test('that is traced: its trace id is that of the tracing header', () => {
    const value = 'Root=1-58406520-a006649127e371903a2de979;Parent=53995c3f42cd8ad8;Sampled=1';
    const tracing = { spanId: '54565fb41ac79632', type: 'X-Amzn-Trace-Id', value };
    expect(read({ requestId: other, tracing }, 'platform.start')).toMatchObject({
      traceId: '58406520a006649127e371903a2de979',
      attributes: { tracing },
    });
  });

  test.each([
    ['platform.report', { status: 'success' }, 'INFO'],
    ['platform.runtimeDone', { status: 'success' }, 'DEBUG'],
    ['platform.runtimeDone', { status: 'timeout' }, 'WARN'],
    ['platform.initReport', { status: 'error', errorType: 'Runtime.ExitError' }, 'WARN'],
    ['platform.extension', { name: 'other', errorType: 'Extension.Crash' }, 'WARN'],
    ['platform.logsDropped', { droppedRecords: 3 }, 'WARN'],
    ['platform.fromTheFuture', {}, 'INFO'],
  ])('%s with %j has level %s', (type, record, level) => {
    expect(read(record, type).level).toBe(level);
  });
});
