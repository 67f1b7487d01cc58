import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deletionTime } from '../src/ephemeral.ts';

const day = 24 * 60 * 60 * 1000;
const instant = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-12-31'), noInvalidDate: true });
/** Up to a day before a month begins, leap days and year ends among them. */
const beforeMonthStart = fc
  .tuple(fc.integer({ min: 2000, max: 2100 }), fc.integer({ min: 0, max: 11 }), fc.integer({ min: 0, max: day }))
  .map(([year, month, before]) => new Date(Date.UTC(year, month, 1) - before));

test('the deletion time, read as UTC, is 24 hours later to the second', () => {
  fc.assert(
    fc.property(fc.oneof(instant, beforeMonthStart), (now) => {
      const { expressionString, timeZone } = deletionTime(now);
      const [, literal] = /^at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)$/.exec(expressionString) ?? [];
      const dueAfterMs = Date.parse(`${literal}Z`) - now.getTime();
      expect(timeZone?.timezoneName).toBe('Etc/UTC');
      expect(dueAfterMs).toBeGreaterThan(day - 1000);
      expect(dueAfterMs).toBeLessThanOrEqual(day);
    }),
  );
});
