import type { Content } from '@stackyard/log-records/read-event';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Entry, endOfBatch } from '../src/extension/batches.ts';
import { createRecordBuffer } from '../src/extension/buffer.ts';
import { createOrigin, type TelemetryRecord } from '../src/extension/records.ts';
import { encodeRecord } from '../src/extension/split-record.ts';

const entries = (sizes: readonly number[]): Entry[] =>
  sizes.map((bytes, sequence) => ({ sequence, partitionKey: `${sequence}`, texts: [''], bytes }));

const sizes = fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 200 });
const limits = fc.record({
  records: fc.integer({ min: 1, max: 50 }),
  requestBytes: fc.integer({ min: 100, max: 1_000 }),
});

describe('batches', () => {
  test('keep every limit, and together are what was to be sent, in order', () => {
    fc.assert(
      fc.property(sizes, limits, (ofEntries, most) => {
        const all = entries(ofEntries);
        const batches: Entry[][] = [];
        for (let start = 0; start < all.length; ) {
          const end = endOfBatch(all, start, most);
          batches.push(all.slice(start, end));
          start = end;
        }
        expect(batches.flat()).toEqual(all);
        for (const batch of batches) {
          expect(batch.length).toBeLessThanOrEqual(most.records);
          expect(batch.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(most.requestBytes);
        }
      }),
    );
  });
});

describe('the buffer', () => {
  /** What happens to it, step by step: records come, batches leave, and come back in part. */
  const step = fc.oneof(
    fc.record({ push: fc.integer({ min: 1, max: 100 }) }),
    fc.record({ take: fc.integer({ min: 1, max: 4 }), refuse: fc.func(fc.boolean()) }),
  );

  test('holds no more than its bytes; what it takes in is sent, waits, or is counted as dropped', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 100 }),
        limits,
        fc.integer({ min: 100, max: 2_000 }),
        (steps, most, bytes) => {
          const buffer = createRecordBuffer(bytes, 0);
          const sent: number[] = [];
          let pushed = 0;
          for (const each of steps) {
            if ('push' in each) {
              buffer.push({ sequence: pushed, partitionKey: '', texts: [''], bytes: each.push });
              pushed += 1;
            } else {
              const taken = buffer.take(each.take, most).flat();
              expect(taken.map(({ sequence }) => sequence)).toEqual(
                taken.map(({ sequence }) => sequence).sort((a, b) => a - b),
              );
              const refused = taken.filter(({ sequence }) => each.refuse(sequence));
              sent.push(...taken.filter((entry) => !refused.includes(entry)).map(({ sequence }) => sequence));
              buffer.settle(taken, refused);
            }
            expect(buffer.waitingBytes).toBeLessThanOrEqual(bytes);
            expect(sent.length + buffer.length + buffer.dropped.records).toBe(pushed);
          }
          expect(new Set(sent).size).toBe(sent.length);
        },
      ),
    );
  });
});

describe('encoded records', () => {
  const json = fc.oneof(fc.jsonValue(), fc.array(fc.string({ unit: 'binary', maxLength: 500 }), { maxLength: 9 }));
  const content: fc.Arbitrary<Content> = fc.record(
    {
      time: fc.constant('2026-01-01T00:00:00.000Z'),
      level: fc.constant('INFO' as const),
      message: fc.oneof(fc.string({ unit: 'binary', maxLength: 3_000 }), json),
      source: fc.constant('function' as const),
      attributes: fc.dictionary(fc.string(), fc.oneof(fc.string({ unit: 'binary', maxLength: 500 }), json)),
    },
    { requiredKeys: ['time', 'level', 'message', 'source'] },
  );
  const mostBytes = 1_000;

  test('never exceed the limit, and say all there was to say', () => {
    fc.assert(
      fc.property(content, (said) => {
        let next = 7;
        const record = { v: 1 as const, ...said, ...createOrigin('orders', '7') };
        const texts = encodeRecord(record, mostBytes, () => next++);
        for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(mostBytes);
        const parts = texts.map((text) => JSON.parse(text));
        expect(parts.map(({ sequence }) => sequence)).toEqual(parts.map((_, i) => 7 + i));
        expect(joined(parts)).toEqual(
          JSON.parse(JSON.stringify({ message: said.message, attributes: said.attributes })),
        );
      }),
    );
  });

  /** As a reader of the stream puts parts together. */
  function joined(parts: readonly TelemetryRecord[]): { message: unknown; attributes?: unknown } {
    const [{ message, attributes, part } = parts[0] as TelemetryRecord] = parts;
    const kept = attributes ? { attributes } : {};
    if (!part) return { message, ...kept };
    const text = parts.map((each) => each.message).join('');
    return part.of === 'json' ? JSON.parse(text) : { message: text, ...kept };
  }
});
