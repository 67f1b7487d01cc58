import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StoreClock } from '../src/store-clock.ts';

test('the store’s real time is always within the bounds, and they close in', () => {
  const answers = fc.array(fc.record({ pauseMs: fc.nat(5_000), thereMs: fc.nat(60), backMs: fc.nat(60) }), {
    minLength: 30,
    maxLength: 60,
  });
  fc.assert(
    fc.property(
      answers,
      fc.integer({ min: -1e9, max: 1e9 }),
      fc.double({ min: -4e-4, max: 4e-4, noNaN: true }),
      (all, offset, drift) => {
        let store = 1_800_000_000_000;
        const local = () => (store - 1_800_000_000_000) * (1 + drift) + offset;
        const clock = new StoreClock(local);
        for (const { pauseMs, thereMs, backMs } of all) {
          store += pauseMs;
          const sent = local();
          store += thereMs;
          const date = Math.floor(store / 1000) * 1000;
          store += backMs;
          clock.heard(date, sent, local());
          const { earliest, latest } = clock.time() as { earliest: number; latest: number };
          expect(earliest).toBeLessThanOrEqual(store);
          expect(latest).toBeGreaterThanOrEqual(store);
          expect(latest - earliest).toBeLessThan(1_150);
        }
      },
    ),
    { numRuns: 100 },
  );
});
