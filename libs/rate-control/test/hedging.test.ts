import { expect, test } from 'vitest';
import { createHedging, createLimiter, definePolicy, memoryStore } from '../src/index.ts';
import { virtualClock } from '../src/testing.ts';

/** Hedging after 100 ms; a partner that takes so long for one call after the other, or fails where a duration is negative. */
async function world({ count, durations }: { count: number; durations: readonly number[] }) {
  const policy = definePolicy({ name: 'partner', windows: [{ count, seconds: 10 }] });
  const clock = virtualClock();
  const store = memoryStore(clock.now);
  await store.initialise(policy);
  const limiter = createLimiter({ policy, store, clock, random: () => 0.5, whenStoreFails: 'closed' });
  let calls = 0;
  const partner = () => {
    const duration = durations[calls] ?? 0;
    calls += 1;
    const name = `answer ${calls}`;
    return new Promise<string>((resolve, reject) => {
      clock.after(Math.abs(duration), () => (duration < 0 ? reject(new Error(name)) : resolve(name)));
    });
  };
  const outcome = createHedging({ limiter, afterMs: 100, clock })
    .run(partner, { waitMs: 1_000 })
    .then(
      (answer) => ({ answer, at: clock.now() }),
      (error: Error) => ({ failed: error.message, at: clock.now() }),
    );
  const end = async () => {
    await clock.run(60_000);
    return { ...(await outcome), calls };
  };
  return { end };
}

test('a call that is answered in time is made once', async () => {
  const { end } = await world({ count: 5, durations: [90] });
  expect(await end()).toMatchObject({ answer: 'answer 1', calls: 1 });
});

test('a slow call is overtaken by a second one', async () => {
  const { end } = await world({ count: 5, durations: [5_000, 20] });
  const { at, ...others } = await end();
  expect(others).toEqual({ answer: 'answer 2', calls: 2 });
  expect(at).toBeLessThan(300);
});

test('the first may still be the faster one', async () => {
  const { end } = await world({ count: 5, durations: [200, 5_000] });
  expect(await end()).toMatchObject({ answer: 'answer 1', calls: 2 });
});

test('a second call that fails changes nothing', async () => {
  const { end } = await world({ count: 5, durations: [500, -10] });
  expect(await end()).toMatchObject({ answer: 'answer 1', calls: 2 });
});

test('a first call that fails leaves the answer to the second; without one it has failed', async () => {
  const slow = await world({ count: 5, durations: [-200, 500] });
  expect(await slow.end()).toMatchObject({ answer: 'answer 2', calls: 2 });
  const quick = await world({ count: 5, durations: [-50] });
  expect(await quick.end()).toMatchObject({ failed: 'answer 1', calls: 1 });
});

test('without a permit to spare no second call is made', async () => {
  const { end } = await world({ count: 1, durations: [5_000, 0] });
  expect(await end()).toMatchObject({ answer: 'answer 1', calls: 1 });
});
