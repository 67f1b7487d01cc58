import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  definePolicy,
  type ExchangeAnswer,
  type ExchangeRequest,
  exchange,
  type Lease,
  type State,
} from '../../src/index.ts';
import { redisStore } from '../../src/stores/redis.ts';
import { storeContract } from './contract.ts';
import { hasRedis, startRedis } from './redis-server.ts';

if (!hasRedis()) process.stderr.write('redis-server is not on PATH: nothing of the Redis store is tested\n');

describe.skipIf(!hasRedis())('Redis', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  storeContract(() => redisStore({ client: redis.client }));

  const step = fc.record({
    holder: fc.nat(3),
    keeps: fc.nat(8),
    wants: fc.nat(12),
    leaseMs: fc.integer({ min: 1, max: 40 }),
    restMs: fc.nat(60),
    demand: fc.nat(50_000),
    forgets: fc.boolean(),
    books: fc.array(fc.nat(400), { maxLength: 3 }),
    over: fc.nat(3),
  });

  test('the script does what the function does', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        runs += 1;
        const windows = [
          { count: 8, seconds: 0.02 },
          { count: 20, seconds: 0.5 },
        ];
        const policy = definePolicy({ name: `same-${runs}`, windows, concurrency: 3, transitMs: 0, callTimeoutMs: 30 });
        const store = redisStore({ client: redis.client });
        await store.initialise(policy);
        const stateOf = async () =>
          JSON.parse((await redis.client.get(`rate-control:{${policy.name}}`)) as string) as State;
        const leases: (Lease | undefined)[] = [];
        const underWay: (readonly number[])[] = [];
        for (const { holder, keeps, wants, leaseMs, restMs, demand, forgets, books, over } of steps) {
          const lease = forgets ? undefined : leases[holder];
          const back = policy.limits.map((_, i) => {
            const count = Math.max(0, (lease?.held[i] ?? 0) - keeps);
            return count > 0 ? [[restMs, count] as const] : [];
          });
          const want = policy.limits.map(() => wants);
          const ended = underWay.splice(0, over);
          const request: ExchangeRequest = {
            lease,
            late: forgets ? leases[holder]?.until : undefined,
            back,
            want,
            leaseMs,
            demand,
            deprived: demand % 2 === 1,
            book: { withinMs: books, notBeforeMs: restMs % 7, slackMs: 3, returned: [false, true, true] },
            returned: [[], ...[1, 2].map((i) => ended.map((ends) => [restMs, ends[i] as number] as const))],
          };
          const before = withLists(await stateOf());
          const { now, ...answer } = (await store.exchange(policy, request)) as ExchangeAnswer & { now: number };
          const [state, expected] = exchange(before, { earliest: now, latest: now }, request);
          expect(answer).toEqual(expected);
          expect(withLists(await stateOf())).toEqual(state);
          leases[holder] = answer.lease;
          underWay.push(...answer.booked.flatMap((call) => (call ? [call.ends] : [])));
        }
      }),
      { numRuns: 25 },
    );
  });

  test('an exchange whose answer is lost is carried out once, and answered all the same', async () => {
    const policy = definePolicy({ name: 'lost', windows: [{ count: 10, seconds: 60 }] });
    let losses = 2;
    const client = new Proxy(redis.client, {
      get(target, name) {
        if (name !== 'eval') return Reflect.get(target, name);
        return async (...args: Parameters<typeof target.eval>) => {
          const answer = await target.eval(...args);
          losses -= 1;
          if (losses >= 0) throw new Error('the connection is gone');
          return answer;
        };
      },
    });
    const store = redisStore({ client });
    await store.initialise(policy);
    const request = { back: [[]], want: [4], leaseMs: 5_000, demand: 1, deprived: false };
    expect((await store.exchange(policy, request)).granted).toEqual([[[0, 4]]]);
    expect((await store.exchange(policy, { ...request, want: [10] })).granted).toEqual([[[0, 6]]]);
  });

  test('a server that is gone is a store that failed, and may have written', async () => {
    const gone = await startRedis();
    const store = redisStore({ client: gone.client });
    const policy = definePolicy({ name: 'gone', concurrency: 1 });
    await store.initialise(policy);
    await gone.close();
    const request = { back: [[]], want: [1], leaseMs: 1_000, demand: 1, deprived: false };
    await expect(store.exchange(policy, request)).rejects.toMatchObject({ code: 'STORE_FAILED', mayBeWritten: true });
  });
});

/** Lua has one kind of table: an empty list is stored as an empty object, which means the same to the script. */
const withLists = (state: State) => ({
  ...state,
  free: state.free.map((list) => (Array.isArray(list) ? list : [])),
  bound: state.bound.map((list) => (Array.isArray(list) ? list : [])),
  leases: Array.isArray(state.leases) ? state.leases : [],
  died: Array.isArray(state.died) ? state.died : [],
});
