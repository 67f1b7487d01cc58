import { expect, test } from 'vitest';
import {
  createLimiter,
  definePolicy,
  type LimiterOptions,
  memoryStore,
  type PolicyInput,
  RateLimitedError,
  type Store,
  StoreError,
} from '../src/index.ts';
import { virtualClock } from '../src/testing.ts';

async function world(input: Partial<PolicyInput> = {}, options: Partial<LimiterOptions> = {}) {
  const policy = definePolicy({ name: 'partner', windows: [{ count: 2, seconds: 1 }], ...input });
  const clock = virtualClock();
  const store = memoryStore(clock.now);
  await store.initialise(policy);
  const limiterWith = (own: Partial<LimiterOptions>) =>
    createLimiter({ policy, store, clock, random: () => 0.5, whenStoreFails: 'closed', ...options, ...own });
  return { clock, store, policy, limiterWith, limiter: limiterWith({}) };
}

const failing: Store = {
  async initialise() {},
  async check() {},
  async exchange() {
    throw new StoreError('STORE_FAILED', 'no answer', { mayBeWritten: true });
  },
};

test('callers take turns in the order in which they came', async () => {
  const { clock, limiter } = await world();
  const turns: number[] = [];
  for (const caller of [0, 1, 2, 3, 4]) void limiter.turn({ waitMs: 10_000 }).then(() => turns.push(caller));
  await clock.run(500);
  expect(turns).toEqual([0, 1]);
  await clock.run(5_000);
  expect(turns).toEqual([0, 1, 2, 3, 4]);
});

test('who cannot be served in time is refused with the time to retry, and then it fits', async () => {
  const { clock, limiter } = await world();
  void limiter.turn();
  void limiter.turn();
  const refused = limiter.turn({ waitMs: 100 }).catch((error) => error);
  await clock.run(100);
  const error: RateLimitedError = await refused;
  expect(error).toBeInstanceOf(RateLimitedError);
  expect(error.code).toBe('RATE_LIMITED');
  expect(error.retryAfterMs).toBeGreaterThan(800);
  expect(error.retryAfterMs).toBeLessThan(1_000);
  await clock.run(100 + error.retryAfterMs);
  const turns: string[] = [];
  void limiter.turn({ waitMs: 1 }).then(() => turns.push('served'));
  await clock.run(clock.now() + 10);
  expect(turns).toEqual(['served']);
});

test('a caller who gave up leaves the line to those behind', async () => {
  const { clock, limiter } = await world({ windows: [{ count: 1, seconds: 1 }] });
  const turns: string[] = [];
  void limiter.turn({ waitMs: 5_000 }).then(() => turns.push('first'));
  limiter.turn({ waitMs: 200 }).catch(() => turns.push('gave up'));
  void limiter.turn({ waitMs: 5_000 }).then(() => turns.push('third'));
  await clock.run(1_500);
  expect(turns).toEqual(['first', 'gave up', 'third']);
});

test('concurrency: the next call starts when one is over, and a call that fails is over, too', async () => {
  const { clock, limiter } = await world({ windows: [], concurrency: 1 });
  const { promise, reject } = Promise.withResolvers<string>();
  const first = limiter.run(() => promise).catch((error: Error) => error.message);
  const second = limiter.run(async () => 'made', { waitMs: 5_000 });
  await clock.run(1_000);
  reject(new Error('the partner hung up'));
  expect(await first).toBe('the partner hung up');
  expect(await second).toBe('made');
});

test('when the store fails, closed refuses and says why', async () => {
  const { clock, limiter } = await world({}, { store: failing });
  const refused = limiter.turn({ waitMs: 300 }).catch((error) => error);
  await clock.run(1_000);
  const error: RateLimitedError = await refused;
  expect(error.code).toBe('RATE_STORE_UNAVAILABLE');
  expect((error.cause as StoreError).code).toBe('STORE_FAILED');
});

test('when the store fails, open makes the call without a permit', async () => {
  const { clock, limiter } = await world({}, { store: failing, whenStoreFails: 'open' });
  const turns: string[] = [];
  for (const caller of ['a', 'b', 'c']) void limiter.turn({ waitMs: 300 }).then(() => turns.push(caller));
  await clock.run(1_000);
  expect(turns).toEqual(['a', 'b', 'c']);
});

test('leased permits outlast a store that fails, until the lease ends', async () => {
  const { clock, store, limiterWith } = await world({ windows: [{ count: 3, seconds: 1 }] });
  let up = true;
  const limiter = limiterWith({
    store: { ...store, exchange: (...request) => (up ? store : failing).exchange(...request) },
  });
  const turns: number[] = [];
  const ask = () =>
    void limiter.turn({ waitMs: 10 }).then(
      () => turns.push(clock.now()),
      () => {},
    );
  for (let i = 0; i < 4; i += 1) ask();
  await clock.run(10);
  up = false;
  for (let at = 100; at < 10_000; at += 100) clock.after(at, ask);
  await clock.run(10_000);
  expect(turns.length).toBeGreaterThan(3);
  // The first lease is short.
  expect(Math.max(...turns)).toBeLessThan(2_500);
});

test('a state that is missing is an error, not a new start', async () => {
  const { clock, limiterWith } = await world();
  const limiter = limiterWith({ store: memoryStore(clock.now) });
  const refused = limiter.turn({ waitMs: 100 }).catch((error) => error);
  await clock.run(200);
  expect(((await refused) as RateLimitedError).cause).toMatchObject({ code: 'STORE_STATE_MISSING' });
});

test('a state with other limits is an error', async () => {
  const { clock, limiterWith } = await world();
  const policy = definePolicy({ name: 'partner', windows: [{ count: 3, seconds: 1 }] });
  const refused = limiterWith({ policy })
    .turn({ waitMs: 100 })
    .catch((error) => error);
  await clock.run(200);
  expect(((await refused) as RateLimitedError).cause).toMatchObject({ code: 'STORE_STATE_FOREIGN' });
});

test('a pause that the partner asks for holds the line', async () => {
  const { clock, limiter } = await world();
  limiter.pause(3_000);
  const refused = limiter.turn({ waitMs: 1_000 }).catch((error) => error);
  const turns: number[] = [];
  void limiter.turn({ waitMs: 5_000 }).then(() => turns.push(clock.now()));
  await clock.run(4_000);
  expect(((await refused) as RateLimitedError).code).toBe('RATE_PAUSED');
  expect(turns).toHaveLength(1);
  expect(turns[0]).toBeGreaterThanOrEqual(3_000);
  expect(turns[0]).toBeLessThan(3_010);
});

test('what one gives back the other gets, no sooner than it has rested', async () => {
  const { clock, limiterWith } = await world();
  const [one, other] = [limiterWith({}), limiterWith({})];
  void one.turn();
  void one.turn();
  await clock.run(100);
  void one.giveBack();
  const turns: number[] = [];
  for (let i = 0; i < 2; i += 1) void other.turn({ waitMs: 3_000 }).then(() => turns.push(clock.now()));
  await clock.run(3_000);
  expect(turns).toHaveLength(2);
  expect(Math.min(...turns)).toBeGreaterThanOrEqual(1_000);
  expect(Math.max(...turns)).toBeLessThan(1_100);
});

test('when an answer is lost, permits are used no longer than the shorter of the leases it can be about', async () => {
  const { clock, store, limiterWith } = await world({ windows: [{ count: 4, seconds: 1 }] });
  let lostAt: number | undefined;
  let askedMs = 0;
  const limiter = limiterWith({
    store: {
      ...store,
      async exchange(policy, request) {
        if (clock.now() < 3_000) return store.exchange(policy, { ...request, leaseMs: 60_000 });
        lostAt ??= clock.now();
        askedMs ||= request.leaseMs;
        throw new StoreError('STORE_FAILED', 'the answer is lost', { mayBeWritten: true });
      },
    },
  });
  const turns: number[] = [];
  const ask = () =>
    void limiter.turn({ waitMs: 50 }).then(
      () => turns.push(clock.now()),
      () => {},
    );
  for (let at = 0; at < 3_000; at += 300) clock.after(at, ask);
  for (let at = 3_000; at < 60_000; at += 50) clock.after(at, ask);
  await clock.run(60_000);
  expect(askedMs).toBeLessThan(30_000);
  expect(Math.max(...turns)).toBeGreaterThan(lostAt as number);
  expect(Math.max(...turns)).toBeLessThan((lostAt as number) + askedMs);
});

test('the end of a long call does not shorten the rest of its permit’s next use', async () => {
  const { clock, limiter } = await world({ windows: [{ count: 1, seconds: 1 }], transitMs: 500 });
  const times: number[] = [];
  const take = () =>
    limiter.turn({ waitMs: 5_000 }).then((turn) => {
      times.push(clock.now());
      return turn;
    });
  const first = take();
  await clock.run(1_600);
  void take();
  await clock.run(1_700);
  (await first).over();
  void take();
  await clock.run(8_000);
  const [, second, third] = times as [number, number, number];
  expect(third - second).toBeGreaterThanOrEqual(1_500);
});

/** Environments that make one call each, as those of a Lambda function; what they asked the store is counted. */
async function oneCallEach(count: number, input: Partial<PolicyInput>, callMs: number) {
  const { clock, store, limiterWith } = await world(input);
  const [began, refused]: [number[], { caller: number; at: number; retryAfterMs: number }[]] = [[], []];
  let exchanges = 0;
  const counted: Store = {
    ...store,
    exchange(...request) {
      exchanges += 1;
      return store.exchange(...request);
    },
  };
  for (let caller = 0; caller < count; caller += 1) {
    clock.after(caller, async () => {
      const limiter = limiterWith({ store: counted });
      try {
        const turn = await limiter.turn({ waitMs: 2_500 });
        began.push(caller);
        await new Promise<void>((resolve) => clock.after(callMs, resolve));
        turn.over();
        await limiter.giveBack();
      } catch (error) {
        refused.push({ caller, at: clock.now(), retryAfterMs: (error as RateLimitedError).retryAfterMs });
      }
    });
  }
  await clock.run(10_000);
  return { began, refused, exchanges };
}

test('environments that make one call each are served in the order in which they asked, by one exchange each', async () => {
  const { began, refused, exchanges } = await oneCallEach(8, {}, 100);
  expect(began).toEqual([0, 1, 2, 3, 4, 5]);
  expect(exchanges).toBe(8);
  expect(refused.map(({ caller, at }) => [caller, at])).toEqual([
    [6, 6],
    [7, 7],
  ]);
  for (const { retryAfterMs } of refused) expect(retryAfterMs).toBeGreaterThan(2_950);
  for (const { retryAfterMs } of refused) expect(retryAfterMs).toBeLessThan(3_200);
});

test('a permit that rests until its call is over is with the next environment once it is', async () => {
  const { began, refused } = await oneCallEach(6, { windows: [], concurrency: 1 }, 300);
  expect(began).toHaveLength(6);
  expect(refused).toEqual([]);
});
