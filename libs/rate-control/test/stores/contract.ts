import { setTimeout as timePasses } from 'node:timers/promises';
import { expect, test } from 'vitest';
import {
  createLimiter,
  definePolicy,
  type ExchangeRequest,
  type Limiter,
  type Policy,
  type PolicyInput,
  RateLimitedError,
  type Store,
} from '../../src/index.ts';

let policies = 0;
/** A policy nobody else in the store has. */
function newPolicy(input: Partial<PolicyInput> = {}): Policy {
  policies += 1;
  return definePolicy({ name: `partner-${policies}`, windows: [{ count: 10, seconds: 60 }], ...input });
}

const ask = (want: number, rest: Partial<ExchangeRequest> = {}): ExchangeRequest => {
  return { back: [[]], want: [want], leaseMs: 5_000, demand: 1_000, deprived: false, ...rest };
};
const granted = (lists: readonly (readonly (readonly [number, number])[])[]) =>
  lists.flat().reduce((sum, [, count]) => sum + count, 0);

/** What every store does. `connect` gives one of its own to each environment. */
export function storeContract(connect: () => Store): void {
  test('what is not initialised has no permits', async () => {
    const policy = newPolicy();
    await expect(connect().exchange(policy, ask(1))).rejects.toMatchObject({ code: 'STORE_STATE_MISSING' });
    await expect(connect().check(policy)).rejects.toMatchObject({ code: 'STORE_STATE_MISSING' });
  });

  test('limits that changed under a name are refused', async () => {
    const policy = newPolicy();
    const store = connect();
    await store.initialise(policy);
    const changed = definePolicy({ name: policy.name, windows: [{ count: 11, seconds: 60 }] });
    await expect(store.exchange(changed, ask(1))).rejects.toMatchObject({ code: 'STORE_STATE_FOREIGN' });
    await expect(store.check(changed)).rejects.toMatchObject({ code: 'STORE_STATE_FOREIGN' });
    await store.check(policy);
  });

  test('initialising again changes nothing', async () => {
    const policy = newPolicy();
    const store = connect();
    await store.initialise(policy);
    await store.exchange(policy, ask(10));
    await connect().initialise(policy);
    expect(granted((await store.exchange(policy, ask(1))).granted)).toBe(0);
  });

  test('many at once never get more than there is, and get all of it', async () => {
    const policy = newPolicy();
    await connect().initialise(policy);
    const answers = await Promise.all(Array.from({ length: 8 }, () => connect().exchange(policy, ask(3))));
    expect(answers.map((answer) => granted(answer.granted)).reduce((sum, count) => sum + count, 0)).toBe(10);
    expect(answers.every(({ lapsed, lease }) => !lapsed && lease !== undefined)).toBe(true);
  });

  test('booked calls are served one behind the other, whoever asks', async () => {
    const policy = newPolicy({ windows: [{ count: 2, seconds: 20 }], concurrency: 8 });
    const [one, other] = [connect(), connect()];
    await one.initialise(policy);
    const request = (slackMs: number): ExchangeRequest => ({
      ...ask(0, { back: [], want: [0, 0] }),
      book: { withinMs: [70_000], notBeforeMs: 0, slackMs, returned: [false, true] },
    });
    const starts: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      const { booked } = await (i % 2 ? one : other).exchange(policy, request(50));
      starts.push(booked[0]?.startMs ?? Number.NaN);
    }
    const rounds = starts.map((ms) => Math.floor((ms + 2_000) / 20_000));
    expect(rounds).toEqual([0, 0, 1, 1, 2, 2]);
  });

  test('what is given back others get, as long as it rests', async () => {
    const policy = newPolicy();
    const [one, other] = [connect(), connect()];
    await one.initialise(policy);
    const { lease } = await one.exchange(policy, ask(10));
    const back = [
      [
        [0, 2],
        [3_000, 1],
      ],
    ] as const;
    const kept = await one.exchange(policy, ask(0, { lease, back }));
    expect(kept.lease?.held).toEqual([7]);
    const answer = await other.exchange(policy, ask(10));
    const waits = answer.granted.flat();
    expect(waits.filter(([ms]) => ms === 0)).toEqual([[0, 2]]);
    const [[wait, count] = [0, 0]] = waits.filter(([ms]) => ms > 0);
    expect(count).toBe(1);
    expect(wait).toBeGreaterThan(1_000);
  });

  test('a lease that has ended is not renewed, and its permits rest from its end', async () => {
    const policy = newPolicy({ windows: [{ count: 10, seconds: 1 }] });
    const store = connect();
    await store.initialise(policy);
    const { lease, leaseMs } = await store.exchange(policy, ask(10, { leaseMs: 100 }));
    // The store's time may be known to a second only.
    await timePasses(leaseMs + 1_100);
    const late = await store.exchange(policy, ask(0, { lease, back: [[[0, 10]]], demand: 0 }));
    expect(late.lapsed).toBe(true);
    const [next] = late.nextFreeMs;
    expect(next).toBeLessThan(2_500);
  });

  test('a lease that nobody has is not taken for another that ends at the same time', async () => {
    const policy = newPolicy();
    const store = connect();
    await store.initialise(policy);
    const { lease } = await store.exchange(policy, ask(2));
    const forged = lease && { ...lease, held: [3] };
    const answer = await store.exchange(policy, ask(0, { lease: forged, back: [[[0, 3]]] }));
    expect(answer.lapsed).toBe(true);
    expect(granted((await store.exchange(policy, ask(10))).granted)).toBe(8);
  });

  test('environments together go on calling, and no more than allowed, by the real clock', async () => {
    const windowMs = 400;
    const policy = newPolicy({ windows: [{ count: 12, seconds: windowMs / 1000 }], transitMs: 20 });
    await connect().initialise(policy);
    const limiters = Array.from({ length: 3 }, () =>
      createLimiter({ policy, store: connect(), whenStoreFails: 'closed' }),
    );
    const times: number[] = [];
    await Promise.all(limiters.flatMap((limiter) => [1, 2, 3, 4, 5, 6, 7, 8].map(() => callUntil(36, limiter, times))));
    await Promise.all(limiters.map((limiter) => limiter.giveBack()));
    times.sort((a, b) => a - b);
    const tooSoon = times.filter((at, i) => i >= 12 && at - (times[i - 12] as number) < windowMs);
    expect(tooSoon).toEqual([]);
  });
}

/** Calls until all together have made so many calls. */
async function callUntil(calls: number, limiter: Limiter, times: number[]): Promise<void> {
  while (times.length < calls) {
    try {
      await limiter.run(async () => times.push(performance.now()), { waitMs: 500 });
    } catch (error) {
      if (!(error instanceof RateLimitedError)) throw error;
    }
  }
}
