import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPartJoiner } from '../src/join-parts.ts';
import type { LogRecord, Part } from '../src/record.ts';

const base = (environment: string, sequence: number): LogRecord => ({
  v: 1,
  time: '2026-01-01T00:00:00.000Z',
  level: 'INFO',
  source: 'function',
  message: '',
  environment,
  sequence,
});

interface Logged {
  readonly environment: string;
  readonly message: string | { readonly [key: string]: unknown };
  readonly attributes?: { readonly [key: string]: unknown };
  readonly parts: number;
}

/** As a line of JSON can hold it: JSON knows no -0. */
const json = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)));
const attributes = fc.dictionary(fc.string({ minLength: 1 }), json, { maxKeys: 3, noNullPrototype: true });
const logged: fc.Arbitrary<Logged> = fc.record(
  {
    environment: fc.constantFrom('a', 'b'),
    message: fc.oneof(fc.string({ minLength: 5 }), attributes),
    attributes,
    parts: fc.integer({ min: 1, max: 5 }),
  },
  { requiredKeys: ['environment', 'message', 'parts'] },
);

/** As the format says: texts are cut with the attributes on the first part, other values as JSON. */
function cut({ environment, message, attributes, parts }: Logged, sequence: number): LogRecord[] {
  const kept = attributes ? { attributes } : {};
  if (parts === 1) return [{ ...base(environment, sequence), message, ...kept }];
  const of: Part['of'] = typeof message === 'string' ? 'text' : 'json';
  const text = typeof message === 'string' ? message : JSON.stringify({ message, ...kept });
  const size = Math.ceil(text.length / parts);
  return Array.from({ length: parts }, (_, i) => ({
    ...base(environment, sequence + i),
    message: text.slice(i * size, (i + 1) * size),
    ...(i === 0 && of === 'text' ? kept : {}),
    part: { number: i + 1, count: parts, of },
  }));
}

function numbered(all: readonly Logged[]): LogRecord[][] {
  let sequence = 0;
  return all.map((each) => {
    const records = cut(each, sequence);
    sequence += records.length;
    return records;
  });
}

test('whatever order parts come in, every record is as it was logged, once', () => {
  const shuffled = fc.array(logged, { maxLength: 8 }).chain((all) => {
    const records = numbered(all).flat();
    return fc.tuple(
      fc.constant(all),
      fc.shuffledSubarray(records, { minLength: records.length, maxLength: records.length }),
    );
  });
  fc.assert(
    fc.property(shuffled, ([all, records]) => {
      const joiner = createPartJoiner();
      const read = records.flatMap((record) => joiner.take(record));
      expect(joiner.rest()).toEqual([]);
      const whole = numbered(all.map((each) => ({ ...each, parts: 1 }))).flat();
      const bySequence = read.sort((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0));
      expect(bySequence.map(({ sequence: _, ...rest }) => rest)).toEqual(whole.map(({ sequence: _, ...rest }) => rest));
    }),
  );
});

const parts = cut({ environment: 'a', message: 'x'.repeat(30), parts: 3 }, 7);

test('what never becomes whole is read in parts', () => {
  const joiner = createPartJoiner();
  expect([parts[2], parts[0]].flatMap((part) => joiner.take(part as LogRecord))).toEqual([]);
  expect(joiner.rest()).toEqual([parts[0], parts[2]]);
  expect(joiner.rest()).toEqual([]);
});

test('what waits has a limit: beyond it the oldest parts are read as they are', () => {
  const joiner = createPartJoiner(15);
  const other = cut({ environment: 'b', message: 'y'.repeat(30), parts: 3 }, 0)[0] as LogRecord;
  expect(joiner.take(parts[0] as LogRecord)).toEqual([]);
  expect(joiner.take(other)).toEqual([parts[0]]);
});
