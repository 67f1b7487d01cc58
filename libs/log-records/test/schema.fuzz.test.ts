import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode, type LogRecord, levels, sources } from '../src/index.ts';
import { readEvent } from '../src/read-event.ts';
import { subscriptionRecord } from './messages.ts';
import { isRecord } from './schema.ts';

const time = fc.constantFrom('2026-11-21T10:53:28Z', '2026-11-21T10:53:28.451873264Z');
const traceId = fc.constantFrom('58406520a006649127e371903a2de979', '1-58406520-a006649127e371903a2de979');
const count = fc.integer({ min: -1, max: 3 });
/** Members that are often what they should be, and often not. */
const members = {
  v: fc.constant(1),
  time: fc.oneof(time, fc.string()),
  level: fc.oneof(fc.constantFrom(...levels), fc.constantFrom('LOUD', 'toString')),
  message: fc.jsonValue(),
  source: fc.oneof(fc.constantFrom(...sources), fc.constant('me')),
  requestId: fc.oneof(fc.string(), fc.jsonValue()),
  traceId: fc.oneof(traceId, fc.constant('0'.repeat(32)), fc.jsonValue()),
  attributes: fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue()),
  function: fc.oneof(fc.string(), fc.jsonValue()),
  service: fc.oneof(fc.string(), fc.jsonValue()),
  version: fc.oneof(fc.string(), fc.jsonValue()),
  environment: fc.oneof(fc.string(), fc.jsonValue()),
  sequence: fc.oneof(fc.maxSafeNat(), fc.double()),
  part: fc.oneof(fc.record({ number: count, count, of: fc.constantFrom('text', 'json', 'xml') }), fc.jsonValue()),
  logEvent: fc.oneof(
    fc.record({ id: fc.string(), logGroup: fc.string(), logStream: fc.string(), owner: fc.string() }),
    fc.jsonValue(),
  ),
};
const candidate = fc.oneof(
  fc.record(members, { requiredKeys: [] }),
  fc.record({ v: fc.constant(1), time, level: members.level, message: members.message, source: members.source }),
  ...(['requestId', 'traceId', 'attributes', 'sequence', 'part', 'logEvent'] as const).map((name) =>
    fc.record({
      v: fc.constant(1),
      time,
      level: fc.constant('INFO'),
      message: fc.constant(''),
      source: fc.constant('container'),
      [name]: members[name],
    }),
  ),
);

test('decode takes for a record what the schema takes for one, and nothing else', () => {
  fc.assert(
    fc.property(candidate, (value) => {
      const text = JSON.stringify(value);
      const [record] = decode(Buffer.from(text));
      if (isRecord(JSON.parse(text))) expect(record).toEqual(JSON.parse(text));
      else expect(record?.message).toBe('record.unreadable');
    }),
    { numRuns: 1000 },
  );
});

const anyLine = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.dictionary(
    fc.oneof(fc.constantFrom('timestamp', 'level', 'message', 'requestId', 'traceId', 'type', 'record'), fc.string()),
    fc.oneof(time, traceId, fc.jsonValue()),
  ),
);
const accepted = (record: unknown) => {
  const made: unknown = JSON.parse(JSON.stringify(record));
  isRecord(made);
  return isRecord.errors ?? [];
};

test('whatever decode makes of data is a record by the schema', () => {
  const logEvents = fc.array(
    fc.record({
      id: fc.string(),
      timestamp: fc.integer({ min: 0, max: 9_999_999_999_999 }),
      message: anyLine.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))),
    }),
  );
  const data = fc.oneof(
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(text)),
    logEvents.map((events) => subscriptionRecord(events)),
  );
  fc.assert(
    fc.property(data, (bytes) => {
      expect(decode(bytes).flatMap(accepted)).toEqual([]);
    }),
  );
});

test('whatever is made of a telemetry event is, numbered, a record by the schema', () => {
  const types = fc.constantFrom('function', 'extension', 'platform.start', 'platform.report', 'news');
  const event = fc.record({ time: fc.oneof(time, fc.jsonValue()), type: types, record: anyLine });
  fc.assert(
    fc.property(event, (value) => {
      const content = readEvent(JSON.parse(JSON.stringify(value)), undefined);
      const record: LogRecord = { v: 1, ...content, function: 'echo', version: '7', environment: 'a', sequence: 0 };
      expect(accepted(record)).toEqual([]);
    }),
  );
});
