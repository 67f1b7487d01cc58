import fc from 'fast-check';
import { expect, test } from 'vitest';
import { definePolicy, type ExchangeRequest, exchange, initialState, type Lease, type State } from '../src/index.ts';

const policy = definePolicy({
  name: 'partner',
  windows: [
    { count: 8, seconds: 1 },
    { count: 20, seconds: 10 },
  ],
  concurrency: 3,
  callTimeoutMs: 2_000,
});

/** What a holder does next: waits, then keeps and asks so much. `forgets` is a holder that died, `forges` one that is wrong. */
const step = fc.record({
  holder: fc.nat(3),
  passes: fc.nat(2_500),
  unsure: fc.nat(600),
  keeps: fc.nat(8),
  wants: fc.nat(12),
  leaseMs: fc.integer({ min: 100, max: 5_000 }),
  restMs: fc.nat(1_500),
  demand: fc.nat(50_000),
  forgets: fc.boolean(),
  books: fc.array(fc.nat(4_000), { maxLength: 4 }),
  slackMs: fc.nat(50),
  /** Of the booked calls that this holder has under way, how many are over. */
  over: fc.nat(4),
});

const returned = [false, true, true];

const permitsIn = (state: State, limit: number) =>
  [...(state.free[limit] ?? []), ...(state.bound[limit] ?? [])].reduce((sum, [, count]) => sum + count, 0) +
  state.leases.reduce((sum, { held }) => sum + (held[limit] ?? 0), 0);

test('permits are never made or lost, and documents never hold less than nothing', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let state = initialState(policy);
      let time = 1_800_000_000_000;
      const leases: (Lease | undefined)[] = [];
      const underWay: (readonly number[])[] = [];
      for (const { holder, passes, unsure, keeps, wants, leaseMs, restMs, demand, forgets, ...booking } of steps) {
        time += passes;
        const lease = forgets ? undefined : leases[holder];
        const back = (lease?.held ?? []).map((held) => [[restMs, Math.max(0, held - keeps)]] as const);
        const over = underWay.splice(0, booking.over);
        const request: ExchangeRequest = {
          lease,
          back,
          want: policy.limits.map(() => wants),
          leaseMs,
          demand,
          deprived: demand % 2 === 1,
          book: { withinMs: booking.books, notBeforeMs: restMs, slackMs: booking.slackMs, returned },
          returned: policy.limits.map((_, i) => (returned[i] ? over.map((ends) => [restMs, ends[i] as number]) : [])),
        };
        const [next, answer] = exchange(state, { earliest: time - unsure, latest: time + unsure }, request);
        state = next;
        leases[holder] = answer.lease;
        underWay.push(...answer.booked.flatMap((call) => (call ? [call.ends] : [])));
        policy.limits.forEach(({ count }, i) => {
          expect(permitsIn(state, i)).toBe(count);
        });
        expect(
          state.leases.flatMap(({ held, holders, demand }) => [...held, holders, demand]).every((n) => n >= 0),
        ).toBe(true);
        expect(state.free.flat().every(([, count]) => count > 0)).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});

/**
 * The oracle knows the real time and each permit by itself, uses it at the last moment its holder may, and holds the store's
 * word that it may be used again against the rest it needs.
 */
test('no permit is granted before it has rested since the last moment it can have been used', () => {
  const [limit] = definePolicy({ name: 'p', windows: [{ count: 4, seconds: 1 }], transitMs: 0 }).limits;
  const only = definePolicy({ name: 'p', windows: [{ count: 4, seconds: 1 }], transitMs: 0 });
  const restMs = limit?.restMs as number;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      let state = initialState(only);
      let time = 1_800_000_000_000;
      const uses: number[] = [];
      const leases: ({ lease: Lease; ends: number; restedAt: number[] } | undefined)[] = [];
      const useLast = (held: { ends: number; restedAt: number[] }) => {
        for (const at of held.restedAt) if (at < held.ends) uses.push(held.ends);
      };
      for (const { holder, passes, unsure, keeps, wants, leaseMs, demand } of steps) {
        time += passes;
        const own = leases[holder];
        if (own && own.ends <= time) {
          useLast(own);
          leases[holder] = undefined;
        }
        const live = leases[holder];
        const given = live ? live.restedAt.slice(keeps) : [];
        const back = [given.map((at) => [Math.max(0, at - time), 1] as const)];
        const request = { lease: live?.lease, back, want: [wants], leaseMs, demand, deprived: demand % 2 === 1 };
        const [next, answer] = exchange(state, { earliest: time - unsure, latest: time + unsure }, request);
        state = next;
        expect(answer.lapsed).toBe(false);
        const granted = (answer.granted[0] ?? []).flatMap(([ms, count]) => Array<number>(count).fill(time + ms));
        const restedAt = [...(live ? live.restedAt.slice(0, keeps) : []), ...granted];
        // A granted permit that has rested is used at once.
        const ends = time + answer.leaseMs;
        const used = restedAt.map((at) => {
          if (at > time) return at;
          uses.push(time);
          return time + restMs;
        });
        leases[holder] = answer.lease && { lease: answer.lease, ends, restedAt: used };
      }
      for (const held of leases) if (held) useLast(held);
      const sorted = uses.toSorted((a, b) => a - b);
      const tooEarly = sorted.filter((at, i) => i >= 4 && at - (sorted[i - 4] as number) < 1_000);
      expect(tooEarly).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('booked calls keep the limit, each at the last moment it may begin, and are served in the order in which they were booked', () => {
  const policy = definePolicy({ name: 'p', windows: [{ count: 4, seconds: 1 }], spacingMs: 60, transitMs: 0 });
  const asks = fc.array(
    fc.record({ passes: fc.nat(400), unsure: fc.nat(300), within: fc.nat(5_000), slackMs: fc.nat(40) }),
    { minLength: 5, maxLength: 60 },
  );
  fc.assert(
    fc.property(asks, fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }), (steps, lateness) => {
      let state = initialState(policy);
      let time = 1_800_000_000_000;
      const starts: number[] = [];
      for (const [n, { passes, unsure, within, slackMs }] of steps.entries()) {
        time += passes;
        const book = { withinMs: [within], notBeforeMs: 0, slackMs, returned: [false, false] };
        const request = { back: [], want: [0, 0], leaseMs: 1_000, demand: 1_000, deprived: false, book };
        const [next, { booked, startMs }] = exchange(
          state,
          { earliest: time - unsure, latest: time + unsure },
          request,
        );
        state = next;
        const [call] = booked;
        if (!call) expect(startMs).toBeGreaterThan(within);
        else {
          expect(call.startMs).toBeLessThanOrEqual(within);
          starts.push(time + call.startMs + (lateness[n % lateness.length] ? call.slackMs : 0));
        }
      }
      expect(starts).toEqual(starts.toSorted((a, b) => a - b));
      expect(starts.filter((at, i) => i >= 4 && at - (starts[i - 4] as number) < 1_000)).toEqual([]);
      expect(starts.filter((at, i) => i >= 1 && at - (starts[i - 1] as number) < 60)).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test('a lease that ends without a word is known of until its holder is heard of again', () => {
  const start = 1_800_000_000_000;
  const at = (ms: number) => ({ earliest: start + ms, latest: start + ms });
  const request = { back: [], want: [1, 1, 1], leaseMs: 1_000, demand: 0, deprived: false };
  const [leased, { lease }] = exchange(initialState(policy), at(0), request);
  const nothing = { ...request, want: [0, 0, 0] };
  const [ended, { calmMs }] = exchange(leased, at(60_000), nothing);
  expect(calmMs).toBe(start + 60_000 - (lease?.until ?? 0));
  const [, { calmMs: calmAgainMs }] = exchange(ended, at(70_000), { ...nothing, late: lease?.until });
  expect(calmAgainMs).toBe(70_000);
});
