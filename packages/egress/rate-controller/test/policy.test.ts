import { createLimiter, definePolicy, memoryStore, type Store } from '@stackyard/rate-control';
import { type VirtualClock, virtualClock } from '@stackyard/rate-control/testing';
import { expect, test } from 'vitest';
import { settings } from '../cdk/settings.ts';

const policy = definePolicy(settings.policy);
const seconds = 60;

/** A store that answers after ten milliseconds. */
function distant(store: Store, clock: VirtualClock): Store {
  const after = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
  return {
    ...store,
    async exchange(...request) {
      await after(5);
      const answer = await store.exchange(...request);
      await after(5);
      return answer;
    },
  };
}

/** Calls of 50 ms that so many environments make, each one at a time, as a function's do: when each reached the partner. */
async function callsOf(environments: number): Promise<number[]> {
  const clock = virtualClock();
  const store = memoryStore(clock.now);
  await store.initialise(policy);
  const calls: number[] = [];
  for (let i = 0; i < environments; i += 1) {
    const limiter = createLimiter({ policy, store: distant(store, clock), clock, whenStoreFails: 'closed' });
    const callAgain = async (): Promise<void> => {
      const turn = await limiter.turn({ waitMs: 5000 }).catch(() => undefined);
      if (turn) {
        calls.push(clock.now());
        await new Promise<void>((resolve) => clock.after(50, resolve));
        turn.over();
      }
      await limiter.giveBack();
      return callAgain();
    };
    void callAgain();
  }
  await clock.run(seconds * 1000);
  return calls;
}

test.each([2, 8, 40])(
  '%i environments that take turns with the permits use most of what the partner allows',
  async (environments) => {
    const calls = await callsOf(environments);
    for (const call of calls) {
      expect(calls.filter((other) => other >= call && other < call + 1000).length).toBeLessThanOrEqual(10);
    }
    // Ten a second less what a call takes: its permit rests until it is over.
    expect(calls.length / seconds).toBeGreaterThan(8);
  },
);
