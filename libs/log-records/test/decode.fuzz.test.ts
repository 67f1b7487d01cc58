import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode, type LogRecord, levels, sources } from '../src/index.ts';
import { readEvent } from '../src/read-event.ts';
import { subscriptionRecord } from './messages.ts';

const arrived = new Date('2026-11-21T12:00:00.000Z');
const line = fc.dictionary(
  fc.oneof(fc.constantFrom('message', 'level', 'requestId', 'type'), fc.string()),
  fc.jsonValue(),
);
const logEvent = fc.record({
  id: fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 56, maxLength: 56 }),
  timestamp: fc.integer({ min: 1_000_000_000_000, max: 9_999_999_999_999 }),
  message: fc.oneof(
    fc.string({ unit: 'binary' }),
    line.map((object) => JSON.stringify(object)),
  ),
});

test('any log events come back in their order, with id, content and time', () => {
  fc.assert(
    fc.property(fc.array(logEvent), (events) => {
      const records = decode(subscriptionRecord(events), arrived);
      expect(records.map((record) => record.logEvent?.id)).toEqual(events.map(({ id }) => id));
      for (const [i, { message, timestamp }] of events.entries()) {
        const record = records[i] as LogRecord;
        expect(levels).toContain(record.level);
        const time = new Date(timestamp).toISOString();
        // What its author writes about a line is the line reader's subject; nothing of a line may change on the way to it.
        expect(record).toMatchObject(readEvent({ type: 'function', time, record: parsed(message) }, undefined));
      }
    }),
  );
});

test('text comes back as it is', () => {
  const text = fc.string({ unit: 'binary' }).filter((each) => !/^\s*\{|^\d{4}-|\n$/.test(each));
  fc.assert(
    fc.property(text, (message) => {
      const [record] = decode(subscriptionRecord([{ id: '1', timestamp: 1_000_000_000_000, message }]));
      expect(record?.message).toBe(message);
    }),
  );
});

test('any record of the extension comes back as it was shipped', () => {
  const shipped = fc.record(
    {
      v: fc.constant(1),
      time: fc
        .date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z') })
        .map((date) => date.toISOString()),
      level: fc.constantFrom(...levels),
      message: fc.jsonValue(),
      source: fc.constantFrom(...sources),
      environment: fc.string(),
      sequence: fc.nat(),
      requestId: fc.string(),
      attributes: fc.dictionary(fc.string(), fc.jsonValue()),
    },
    { requiredKeys: ['v', 'time', 'level', 'message', 'source', 'environment', 'sequence'] },
  );
  fc.assert(
    fc.property(shipped, (record) => {
      const data = Buffer.from(JSON.stringify(record));
      expect(decode(data)).toEqual([JSON.parse(data.toString())]);
    }),
  );
});

test('garbage is one record that says what is wrong, never an exception', () => {
  const bytes = fc.uint8Array({ maxLength: 200 });
  const garbage = fc.oneof(
    bytes,
    bytes.map((each) => Uint8Array.of(0x1f, 0x8b, ...each)),
    bytes.map((each) => gzipSync(each)),
    fc.json().map((text) => Buffer.from(text)),
    fc.json().map((text) => gzipSync(text)),
    fc.tuple(fc.array(logEvent), fc.double({ min: 0, max: 1, noNaN: true })).map(([events, share]) => {
      const whole = subscriptionRecord(events);
      return whole.subarray(0, Math.floor(share * (whole.length - 1)));
    }),
  );
  fc.assert(
    fc.property(garbage, (data) => {
      expect(decode(data, arrived)).toMatchObject([
        { source: 'decoder', level: 'ERROR', attributes: { problem: expect.stringMatching(/./), bytes: data.length } },
      ]);
    }),
  );
});

test('garbage among log events takes none of them along', () => {
  const broken = fc
    .oneof(
      fc.jsonValue(),
      logEvent.map(({ id }) => ({ id })),
    )
    .filter((value) => !isWhole(value));
  fc.assert(
    fc.property(fc.array(fc.oneof(logEvent, broken)), (events) => {
      const records = decode(subscriptionRecord(events), arrived);
      expect(records.map(({ source }) => source === 'decoder')).toEqual(events.map((event) => !isWhole(event)));
    }),
  );
});

/** Whatever a line is: an object when it is one printed as JSON. */
function parsed(message: string): unknown {
  try {
    const value: unknown = JSON.parse(message);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : message;
  } catch {
    return message;
  }
}

function isWhole(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'id' in value && 'timestamp' in value && 'message' in value;
}
