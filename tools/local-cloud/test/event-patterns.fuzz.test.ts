import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileEventPattern } from '../src/event-patterns/compile.ts';
import { firstFailure } from '../src/event-sources/invoke-batch.ts';

const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));

test('an event matches the pattern of its own values, and no longer when one of them is another', () => {
  const events = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), scalar, { minKeys: 1 });
  fc.assert(
    fc.property(events, fc.nat(), (event, at) => {
      const pattern = Object.fromEntries(Object.entries(event).map(([name, value]) => [name, [value]]));
      expect(compileEventPattern(pattern)(event)).toBe(true);
      const name = Object.keys(event)[at % Object.keys(event).length] as string;
      expect(compileEventPattern(pattern)({ ...event, [name]: 'something else entirely' })).toBe(false);
    }),
  );
});

test('a wildcard matches what the regular expression it stands for does', () => {
  const letters = fc.stringMatching(/^[ab]{0,6}$/);
  fc.assert(
    fc.property(fc.array(letters, { minLength: 1, maxLength: 4 }), letters, letters, (parts, left, right) => {
      const wildcard = parts.filter((part, i) => part !== '' || i === 0 || i === parts.length - 1).join('*');
      fc.pre(!wildcard.includes('**'));
      const expected = new RegExp(`^${wildcard.replaceAll('*', '.*')}$`);
      const matches = compileEventPattern({ field: [{ wildcard }] });
      for (const text of [left, left + right, parts.join(''), parts.join(left)]) {
        expect(matches({ field: text })).toBe(expected.test(text));
      }
    }),
  );
});

test('a partial batch response never lets a failed record pass', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.integer({ min: -3, max: 25 })), (size, failed) => {
      const records = Array.from({ length: size }, (_, i) => ({ sequenceNumber: `n${i}` }));
      const batchItemFailures = failed.map((i) => ({ itemIdentifier: `n${i}` }));
      const from = firstFailure({ batchItemFailures }, records);
      expect(from).toBeGreaterThanOrEqual(0);
      for (const i of failed) expect(from).toBeLessThanOrEqual(Math.max(0, i));
      if (failed.length === 0) expect(from).toBe(size);
    }),
  );
});
