import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLimiter, definePolicy, memoryStore, type PolicyInput, type Store, StoreError } from '../src/index.ts';
import { virtualClock } from '../src/testing.ts';

const policies: readonly Omit<PolicyInput, 'name'>[] = [
  { windows: [{ count: 5, seconds: 1 }] },
  {
    windows: [
      { count: 10, seconds: 1 },
      { count: 60, seconds: 15 },
    ],
  },
  { windows: [{ count: 20, seconds: 2 }], spacingMs: 40, concurrency: 3 },
  { windows: [{ count: 12, seconds: 1 }], burst: 4 },
  { concurrency: 2 },
];

const world = fc.record({
  policy: fc.constantFrom(...policies),
  environments: fc.integer({ min: 1, max: 8 }),
  calls: fc.array(fc.record({ environment: fc.nat(7), afterMs: fc.nat(120), takesMs: fc.nat(900) }), {
    minLength: 20,
    maxLength: 250,
  }),
  kills: fc.array(fc.record({ environment: fc.nat(7), atMs: fc.nat(15_000) }), { maxLength: 4 }),
  latencyMs: fc.integer({ min: 0, max: 80 }),
  errorEvery: fc.integer({ min: 3, max: 100 }),
  chance: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 7, maxLength: 7 }),
});

/** Most events within any `ms`, the start included and the end not. */
function most(times: readonly number[], ms: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  let from = 0;
  return sorted.reduce((best, time, i) => {
    while ((sorted[from] as number) <= time - ms) from += 1;
    return Math.max(best, i - from + 1);
  }, 0);
}

test('whatever happens, no sliding window at the partner has more calls than the policy allows, nor are more under way', async () => {
  let [made, asked] = [0, 0];
  await fc.assert(
    fc.asyncProperty(world, async ({ policy: input, environments, calls, kills, latencyMs, errorEvery, chance }) => {
      const policy = definePolicy({ name: 'partner', transitMs: 8, callTimeoutMs: 1_000, ...input });
      const clock = virtualClock();
      const memory = memoryStore(clock.now);
      await memory.initialise(policy);
      let draws = 0;
      const random = () => chance[draws++ % chance.length] as number;
      const after = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
      let exchanges = 0;
      const store: Store = {
        ...memory,
        async exchange(...request) {
          exchanges += 1;
          const [failsBefore, failsAfter] = [exchanges % errorEvery === 0, exchanges % errorEvery === 1];
          await after(latencyMs * random());
          if (failsBefore) throw new StoreError('STORE_FAILED', 'on its way', { mayBeWritten: random() < 0.5 });
          const answer = await memory.exchange(...request);
          await after(latencyMs * random());
          if (failsAfter) throw new StoreError('STORE_FAILED', 'on its way back', { mayBeWritten: true });
          return answer;
        },
      };
      const start = () => ({
        alive: true,
        limiter: createLimiter({ policy, store, clock, random, whenStoreFails: 'closed', waitMs: 5_000 }),
      });
      const running = Array.from({ length: environments }, start);
      const arrived: number[] = [];
      const underWay: { from: number; to: number }[] = [];
      let time = 0;
      for (const { environment, afterMs, takesMs } of calls) {
        time += afterMs;
        clock.after(time, async () => {
          const own = running[environment % environments] as {
            alive: boolean;
            limiter: ReturnType<typeof createLimiter>;
          };
          try {
            const turn = await own.limiter.turn();
            if (!own.alive) return;
            const arrives = clock.now() + random() * 8;
            arrived.push(arrives);
            const to = clock.now() + Math.max(takesMs, arrives - clock.now());
            underWay.push({ from: arrives, to });
            clock.after(to - clock.now(), () => own.alive && turn.over());
          } catch {
            // Refused: it never reached the partner.
          }
        });
      }
      for (const { environment, atMs } of kills) {
        clock.after(atMs, () => {
          (running[environment % environments] as { alive: boolean }).alive = false;
          running[environment % environments] = start();
        });
      }
      await clock.run(60_000);
      for (const { count, seconds } of input.windows ?? [])
        expect(most(arrived, seconds * 1000)).toBeLessThanOrEqual(count);
      if (input.spacingMs) expect(most(arrived, input.spacingMs)).toBeLessThanOrEqual(1);
      if (input.concurrency) {
        const atOnce = underWay.map(
          ({ from }) => underWay.filter((call) => call.from <= from && from < call.to).length,
        );
        expect(Math.max(0, ...atOnce)).toBeLessThanOrEqual(input.concurrency);
      }
      made += arrived.length;
      asked += calls.length;
    }),
    { numRuns: 60 },
  );
  // It would not exceed anything either if it let nothing through.
  expect(made).toBeGreaterThan(asked / 4);
});
