import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../src/errors.ts';
import { readExpression } from '../src/services/scheduler/expression.ts';
import { zonedTime } from '../src/services/scheduler/zoned-time.ts';

const zones = fc.constantFrom('UTC', 'Europe/Paris', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe');
const instants = fc
  .integer({ min: Date.UTC(2024, 0), max: Date.UTC(2035, 0) })
  .map((ms) => Math.floor(ms / 1000) * 1000);

/** What clocks of the zone show at an instant, as `at()` writes it. */
function shown(instant: number, timeZone: string): string {
  return new Date(instant).toLocaleString('sv-SE', { timeZone }).replace(' ', 'T');
}

describe('zonedTime', () => {
  it('finds an instant at which the clocks of the zone show the time', () => {
    fc.assert(
      fc.property(instants, zones, (instant, zone) => {
        const local = shown(instant, zone);
        expect(shown(zonedTime(local, zone) ?? 0, zone)).toBe(local);
      }),
    );
  });

  it('takes a time that summer time leaves out an hour later', () => {
    expect(zonedTime('2026-03-29T02:30:00', 'Europe/Paris')).toBe(Date.parse('2026-03-29T01:30:00Z'));
    expect(zonedTime('2026-07-01T12:00:00', 'Europe/Paris')).toBe(Date.parse('2026-07-01T10:00:00Z'));
    expect(zonedTime('2026-02-29T00:00:00', 'UTC')).toBeUndefined();
  });
});

describe('readExpression', () => {
  it('reads or refuses any text, and never fails otherwise', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string().map((inner) => `at(${inner})`),
      fc.string().map((inner) => `rate(${inner})`),
    );
    fc.assert(
      fc.property(text, (expression) => {
        try {
          readExpression(expression, 'UTC');
        } catch (error) {
          expect(error).toBeInstanceOf(AwsError);
        }
      }),
    );
  });
});
