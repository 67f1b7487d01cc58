import { randomUUID } from 'node:crypto';
import { asTimePasses, foldingTable, lifeOf, partner, userAfter } from '@stackyard/egress/proof';
import { beforeAll, expect, test } from 'vitest';
import { deployedBus } from './deployed-bus.ts';

let bus: Awaited<ReturnType<typeof deployedBus>>;
beforeAll(async () => {
  bus = await deployedBus();
});

const users = (count: number) => Array.from({ length: count }, () => `user-${randomUUID()}`);
const idsOf = (events: readonly { id: string }[]) => events.map(({ id }) => id).toSorted();

test('given a burst of events, then the partner is told each of them once, and never two at once', async () => {
  const subjects = users(10);
  const lives = subjects.map((subject) => lifeOf(subject, 6));
  await bus.put(lives.flat());
  const calls = await asTimePasses(async () => {
    const made = await partner.calls(subjects);
    expect(idsOf(made.map(({ event }) => event))).toEqual(idsOf(lives.flat()));
    return made;
  });
  // Nobody promises an order: whoever wants it looks at the events' times.
  for (const [i, life] of lives.entries()) {
    const own = calls.map(({ event }) => event).filter(({ subject }) => subject === subjects[i]);
    expect(userAfter(own.toSorted((a, b) => (a.time < b.time ? -1 : 1)))).toEqual(userAfter(life));
  }
  const { count, mostAtOnce } = await bus.invocations();
  expect(mostAtOnce).toBe(1);
  const repeats = await partner.repeats(subjects);
  const what = `10 users, 6 events each, ${count} invocations, ${mostAtOnce} at once`;
  process.stdout.write(
    `${foldingTable([{ what, events: 60, calls: calls.length, repeats: repeats.length, lost: 0 }])}\n`,
  );
});

test('given a poison event amid others, then it ends alone in the failure queue after three attempts', async () => {
  const [subject = '', other = ''] = users(2);
  const [life, neighbour] = [lifeOf(subject, 3), lifeOf(other, 3)];
  const poison = { id: randomUUID(), type: 'user.signedup', subject, data: 'exploded' } as const;
  await bus.put([...life, poison, ...neighbour]);
  await asTimePasses(async () => {
    const made = await partner.calls([subject, other]);
    expect(idsOf(made.map(({ event }) => event))).toEqual(idsOf([...life, ...neighbour]));
  });
  const ids = idsOf([...life, poison, ...neighbour]);
  await asTimePasses(async () => expect(await bus.givenUp(ids)).toEqual([poison.id]));
});

test('given events of other services, then the partner hears nothing of them', async () => {
  const [theirs = '', ours = ''] = users(2);
  await bus.put(lifeOf(theirs, 1), 'com.company.otherservice');
  await bus.put(lifeOf(ours, 1));
  await asTimePasses(async () => expect(await partner.calls([ours])).toHaveLength(1));
  expect(await partner.calls([theirs])).toEqual([]);
});
