import { expect, test } from 'vitest';
import {
  createAnswers,
  createDeferral,
  createFeedback,
  createLimiter,
  definePolicy,
  memoryStore,
  RateLimitedError,
  retryAfterMs,
  type Verdict,
} from '../src/index.ts';
import { virtualClock } from '../src/testing.ts';

async function world(count: number, seconds: number) {
  const policy = definePolicy({ name: 'partner', windows: [{ count, seconds }] });
  const clock = virtualClock();
  const store = memoryStore(clock.now);
  await store.initialise(policy);
  return { clock, limiter: createLimiter({ policy, store, clock, random: () => 0.5, whenStoreFails: 'closed' }) };
}

test('messages that do not fit come back when they fit, one window’s worth at a time', async () => {
  const { clock, limiter } = await world(2, 10);
  for (let i = 0; i < 2; i += 1) void limiter.turn();
  await clock.run(100);
  const deferral = createDeferral(limiter, clock);
  const timeouts = [1, 2, 3, 4, 5].map(() => deferral.visibilityTimeout());
  expect(timeouts.map((seconds) => Math.floor(seconds / 10))).toEqual([1, 1, 2, 2, 3]);
  await clock.run(100 + (timeouts[0] as number) * 1000);
  const served: number[] = [];
  for (let i = 0; i < 2; i += 1) void limiter.turn({ waitMs: 500 }).then(() => served.push(clock.now()));
  await clock.run(clock.now() + 500);
  expect(served).toHaveLength(2);
});

test('a message is not sent back for as long as a permit may rest, but for as long as permits do', async () => {
  const clock = virtualClock();
  const policy = definePolicy({ name: 'partner', windows: [{ count: 5, seconds: 0.5 }], transitMs: 2_000 });
  const store = memoryStore(clock.now);
  await store.initialise(policy);
  const limiter = createLimiter({ policy, store, clock, random: () => 0.5, whenStoreFails: 'closed' });
  const call = () => limiter.run(() => new Promise<void>((resolve) => clock.after(50, resolve)), { waitMs: 10_000 });
  for (let i = 0; i < 40; i += 1) void call();
  await clock.run(10_000);
  for (let i = 0; i < 5; i += 1) void call();
  const deferral = createDeferral(limiter, clock);
  const timeouts = Array.from({ length: 50 }, () => deferral.visibilityTimeout());
  // Fifty at some nine a second.
  expect(timeouts.at(-1)).toBeLessThanOrEqual(8);
});

test('a message is never invisible for longer than SQS allows after it was received, nor for no time at all', async () => {
  const { clock, limiter } = await world(1, 86_400);
  void limiter.turn();
  await clock.run(100);
  expect(createDeferral(limiter, clock).visibilityTimeout()).toBe(42_000);
  const idle = await world(5, 1);
  expect(createDeferral(idle.limiter, idle.clock).visibilityTimeout()).toBe(1);
});

test('who asks the same at once is answered by one call', async () => {
  const asked: string[] = [];
  const { promise, resolve } = Promise.withResolvers<number>();
  const answers = createAnswers({
    ask: (product: { category: string }) => {
      asked.push(product.category);
      return promise;
    },
    key: ({ category }) => category,
    freshMs: 0,
    staleMs: 0,
  });
  const all = Promise.all(['fridge', 'fridge', 'oven'].map((category) => answers.get({ category })));
  resolve(9);
  expect(await all).toEqual([9, 9, 9]);
  expect(asked).toEqual(['fridge', 'oven']);
});

test('insurance of a product: fresh, then asked, then what was known last, then the category’s default', async () => {
  const clock = virtualClock();
  let refused = false;
  let price = 10;
  const answers = createAnswers({
    ask: async (_: string) => {
      if (refused) throw new RateLimitedError('RATE_LIMITED', 'insurance', 100);
      return price;
    },
    key: (category) => category,
    freshMs: 1_000,
    staleMs: 60_000,
    default: (category) => (category === 'fridge' ? 12 : undefined),
    clock,
  });
  expect(await answers.get('fridge')).toBe(10);
  price = 11;
  expect(await answers.get('fridge')).toBe(10);
  await clock.run(2_000);
  expect(await answers.get('fridge')).toBe(11);
  refused = true;
  await clock.run(30_000);
  expect(await answers.get('fridge')).toBe(11);
  await clock.run(120_000);
  expect(await answers.get('fridge')).toBe(12);
  await expect(answers.get('oven')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
});

test('a strained partner gets half as many calls at once, and slowly more when it is well again', async () => {
  const { clock, limiter } = await world(100, 1);
  let verdict: Verdict = 'strained';
  const feedback = createFeedback<string>({ limiter, concurrency: 8, judge: () => verdict, clock });
  const call = () => feedback.run(async () => 'answer');
  void call();
  await clock.run(10);
  expect(feedback.concurrency()).toBe(4);
  verdict = 'well';
  for (let i = 0; i < 5; i += 1) {
    void call();
    await clock.run(clock.now() + 10);
  }
  expect(feedback.concurrency()).toBe(5);
  const { promise, resolve } = Promise.withResolvers<string>();
  const underWay = Array.from({ length: 5 }, () => feedback.run(() => promise));
  await expect(feedback.run(() => promise)).rejects.toMatchObject({ code: 'RATE_STRAINED' });
  resolve('answer');
  await clock.run(clock.now() + 10);
  expect(await Promise.all(underWay)).toHaveLength(5);
});

test('a partner that says when to come back is left alone until then', async () => {
  const { clock, limiter } = await world(100, 1);
  const verdicts: Verdict[] = [{ pauseMs: 5_000 }, 'well'];
  const feedback = createFeedback<number>({ limiter, concurrency: 8, judge: () => verdicts.shift() ?? 'well', clock });
  void feedback.run(async () => 429);
  await clock.run(10);
  const times: number[] = [];
  void feedback.run(async () => times.push(clock.now()), { waitMs: 10_000 });
  await clock.run(10_000);
  expect(times[0]).toBeGreaterThanOrEqual(5_000);
  expect(times[0]).toBeLessThan(5_100);
});

test.each([
  ['120', 120_000],
  ['Wed, 21 Oct 2015 07:28:00 GMT', 60_000],
  ['soon', undefined],
  [null, undefined],
])('Retry-After %s', (header, ms) => {
  expect(retryAfterMs(header, Date.parse('2015-10-21T07:27:00Z'))).toBe(ms);
});
