import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tasksOf, type UserEvent } from '../src/index.ts';
import { lifeOf } from '../src/proof/user-life.ts';
import { userAfter } from '../src/proof/user-state.ts';
import { testEgress } from './downstream.ts';

async function deliver(batch: readonly UserEvent[], egress: ReturnType<typeof testEgress>['egress']): Promise<void> {
  for (const task of await tasksOf(batch, egress)) await task.run();
}

test('events of one batch that come again one by one are the same call', async () => {
  const { egress, broken, taken } = testEgress();
  const life = lifeOf('omid', 3);
  broken.set('omid', 'after');
  await expect(deliver(life, egress)).rejects.toThrow('got lost');
  broken.clear();
  for (const event of life) await deliver([event], egress);
  expect(taken()).toHaveLength(1);
  expect(userAfter(taken())).toEqual(userAfter(life));
});

test('what was carried out is not told again, what is new beside it is', async () => {
  const { egress, calls, taken } = testEgress();
  const life = lifeOf('omid', 3);
  await deliver(life.slice(0, 2), egress);
  await deliver(life, egress);
  expect(calls()).toBe(2);
  expect(taken().map(({ type }) => type)).toEqual(['user.signedup', 'user.profile_updated']);
  expect(userAfter(taken())).toEqual(userAfter(life));
});

test('whatever comes again, in whatever pieces and with whatever failing, nothing is lost and nothing told twice', async () => {
  const delivery = fc.record({
    from: fc.nat({ max: 5 }),
    count: fc.integer({ min: 1, max: 6 }),
    fails: fc.constantFrom('before', 'after', undefined),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(delivery, { maxLength: 6 }), async (deliveries) => {
      const { egress, broken, taken } = testEgress();
      const life = lifeOf('omid', 6);
      // As a shard delivers: from the first that is not done on.
      let done = 0;
      for (const { from, count, fails } of deliveries) {
        const start = Math.min(done, from);
        if (fails) broken.set('omid', fails);
        await deliver(life.slice(start, start + count), egress).then(
          () => {
            done = Math.max(done, Math.min(life.length, start + count));
          },
          () => undefined,
        );
        broken.clear();
      }
      await deliver(life.slice(done), egress);
      const ids = taken().map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(userAfter(taken())).toEqual(userAfter(life));
    }),
    { numRuns: 60 },
  );
});
