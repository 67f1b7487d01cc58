import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AwsError } from '../src/errors.ts';
import { rangeOf } from '../src/services/s3/conditions.ts';
import { byBytes, entriesOf, pageOf } from '../src/services/s3/list-page.ts';

describe('Range headers', () => {
  it('name bytes of the object, or are ignored, or refused as InvalidRange', () => {
    const header = fc.oneof(
      fc.tuple(fc.nat(200), fc.nat(200)).map(([first, last]) => `bytes=${first}-${last}`),
      fc.nat(200).map((first) => `bytes=${first}-`),
      fc.nat(200).map((last) => `bytes=-${last}`),
      fc.string(),
    );
    fc.assert(
      fc.property(header, fc.nat(100), (text, size) => {
        try {
          const range = rangeOf(text, size);
          if (!range) return;
          expect(range.start).toBeGreaterThanOrEqual(0);
          expect(range.end).toBeGreaterThan(range.start);
          expect(range.end).toBeLessThanOrEqual(size);
        } catch (error) {
          expect((error as AwsError).code).toBe('InvalidRange');
        }
      }),
    );
  });
});

describe('listings', () => {
  const keys = fc.uniqueArray(fc.stringMatching(/^[ab/]{1,6}$/), { maxLength: 30 });

  it('show each key once: itself, or in one rolled-up prefix', () => {
    fc.assert(
      fc.property(keys, fc.constantFrom('', 'a', 'a/', 'b'), (all, prefix) => {
        const sorted = [...all].sort(byBytes).map((key) => [key, key] as const);
        const entries = [...entriesOf(sorted, prefix, '/')];
        const prefixes = entries.flatMap((entry) => ('prefix' in entry ? entry.prefix : []));
        const shown = entries.flatMap((entry) => ('key' in entry ? entry.key : []));
        expect(new Set(prefixes).size).toBe(prefixes.length);
        for (const key of all.filter((each) => each.startsWith(prefix))) {
          const rolledUp = prefixes.some((common) => key.startsWith(common));
          expect(rolledUp).toBe(!shown.includes(key));
        }
      }),
    );
  });

  it('are cut at the page size, and say when there is more', () => {
    fc.assert(
      fc.property(keys, fc.integer({ min: 1, max: 10 }), (all, most) => {
        const entries = all.map((key) => ({ key, item: key }));
        const { page, truncated } = pageOf(entries, most);
        expect(page).toEqual(entries.slice(0, most));
        expect(truncated).toBe(entries.length > most);
      }),
    );
  });
});
