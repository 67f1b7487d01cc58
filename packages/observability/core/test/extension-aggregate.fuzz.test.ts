import { decode } from '@stackyard/log-records';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addRecord, aggregate } from '../src/extension/aggregate.ts';
import type { Entry } from '../src/extension/batches.ts';
import { createRecordBuffer } from '../src/extension/buffer.ts';
import { deaggregatedByAws } from './extension-kinesis.ts';

const record = fc.record({
  v: fc.constant(1),
  time: fc.constant('2026-11-21T12:00:00.000Z'),
  level: fc.constant('INFO'),
  message: fc.oneof(fc.string({ unit: 'binary', maxLength: 40_000 }), fc.jsonValue()),
  source: fc.constant('function'),
});
const texts = fc.array(
  record.map((each) => JSON.stringify(each)),
  { minLength: 2, maxLength: 50, size: 'max' },
);
const entryOf = (text: string, sequence = 0): Entry => {
  const partitionKey = `d5ae28b62048bf91:${sequence}`;
  return { sequence, partitionKey, texts: [text], bytes: Buffer.byteLength(text) + partitionKey.length };
};

describe('aggregated records', () => {
  test("hold what went into them: for the decoder, and for AWS's own library", () => {
    fc.assert(
      fc.property(texts, (all) => {
        const data = aggregate(all, 'd5ae28b62048bf91:7');
        expect(decode(data)).toEqual(all.map((text) => JSON.parse(text)));
        expect(deaggregatedByAws(data)).toEqual(all.map((text) => ({ partitionKey: 'd5ae28b62048bf91:7', text })));
      }),
      { numRuns: 30 },
    );
  });

  test('are as large as was reckoned when they were filled', () => {
    fc.assert(
      fc.property(texts, ([first = '', ...others]) => {
        const entry = entryOf(first, 7);
        for (const other of others) expect(addRecord(entry, entryOf(other), 2 ** 30)).toBe(true);
        expect(entry.bytes).toBe(aggregate(entry.texts, entry.partitionKey).length + entry.partitionKey.length);
      }),
      { numRuns: 30 },
    );
  });

  test('are not filled beyond their size, and lines larger than it stay alone', () => {
    const mostBytes = 1_000;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1_500 })), (sizes) => {
        const buffer = createRecordBuffer(2 ** 30, mostBytes);
        const all = sizes.map((size, i) => `${i}${'x'.repeat(size)}`);
        all.forEach((text, i) => {
          buffer.push(entryOf(text, i));
        });
        const entries = buffer.take(1, { records: 1_000, requestBytes: 2 ** 30 }).flat();
        expect(entries.flatMap((entry) => entry.texts)).toEqual(all);
        for (const entry of entries) if (entry.bytes > mostBytes) expect(entry.texts).toHaveLength(1);
        // Two neighbours that had fitted into one record are in one.
        for (const [i, entry] of entries.entries()) {
          const next = entries[i + 1];
          if (next) expect(entry.bytes + (next.texts[0] as string).length).toBeGreaterThan(mostBytes - 100);
        }
      }),
    );
  });

  test('that were taken once are not filled any more: a copy has the same content', () => {
    const buffer = createRecordBuffer(2 ** 20, 25_600);
    const limits = { records: 500, requestBytes: 2 ** 20 };
    buffer.push(entryOf('a', 0));
    buffer.push(entryOf('b', 1));
    const [taken = []] = buffer.take(1, limits);
    buffer.settle(taken, taken);
    buffer.push(entryOf('c', 2));
    buffer.push(entryOf('d', 3));
    expect(buffer.take(1, limits)[0]?.map((entry) => entry.texts)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });
});
