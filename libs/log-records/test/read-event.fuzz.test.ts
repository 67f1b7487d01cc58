import fc from 'fast-check';
import { expect, test } from 'vitest';
import { levels } from '../src/levels.ts';
import { invocationOf, readEvent } from '../src/read-event.ts';

const types = fc.constantFrom('function', 'extension', 'platform.start', 'platform.runtimeDone', 'platform.report');
const known = fc.constantFrom(
  'timestamp',
  'time',
  'level',
  'message',
  'msg',
  'requestId',
  'traceId',
  '__proto__',
  'status',
);
const line = fc.dictionary(fc.oneof(known, fc.string()), fc.jsonValue());
const printed = line.map((object) => JSON.stringify(object));
const header = fc
  .tuple(fc.constantFrom('2026-01-01T00:00:00.000Z', '2026'), fc.constantFrom('undefined', 'x'), fc.string(), printed)
  .map((fields) => fields.join('\t'));
const record = fc.oneof(line, printed, header, fc.string({ unit: 'binary' }), fc.jsonValue());
const anyEvent = fc.oneof(
  fc.record({ time: fc.jsonValue(), type: fc.oneof(types, fc.jsonValue()), record }),
  fc.jsonValue(),
);

/** As it comes out of a telemetry request. */
const parsed = anyEvent.map((value) => JSON.parse(JSON.stringify(value)) as unknown);

test('any JSON becomes a record of the format', () => {
  fc.assert(
    fc.property(parsed, (event) => {
      const content = readEvent(event, 'current');
      expect(Number.isNaN(Date.parse(content.time)) && !/^\d{4}-/.test(content.time)).toBe(false);
      expect(levels).toContain(content.level);
      expect(['function', 'platform', 'extension']).toContain(content.source);
      expect(['string', 'undefined']).toContain(typeof content.requestId);
      expect(() => JSON.stringify(content)).not.toThrow();
      invocationOf(event);
    }),
  );
});

test('text that no header precedes and that is no JSON is the message as it is', () => {
  const text = fc.string({ unit: 'binary' }).filter((each) => !each.startsWith('{') && !/^\d{4}-/.test(each));
  fc.assert(
    fc.property(text, (message) => {
      expect(readEvent({ type: 'function', record: `${message}\n` }, undefined).message).toBe(message);
    }),
  );
});

test('whatever a structured line says is in its record', () => {
  fc.assert(
    fc.property(line, (object) => {
      const content = readEvent({ type: 'function', record: JSON.parse(JSON.stringify(object)) }, undefined);
      const text = JSON.stringify(content);
      for (const [name, value] of Object.entries(object)) {
        if (/^(timestamp|time|level|message|msg|requestId|traceId)$/.test(name)) continue;
        expect(text).toContain(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
      }
    }),
  );
});
