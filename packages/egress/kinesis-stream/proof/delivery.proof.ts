import { randomUUID } from 'node:crypto';
import { asTimePasses, foldingTable, lifeOf, partner, userAfter } from '@stackyard/egress/proof';
import { beforeAll, expect, test } from 'vitest';
import { deployedStream } from './deployed-stream.ts';

let stream: Awaited<ReturnType<typeof deployedStream>>;
beforeAll(async () => {
  stream = await deployedStream();
});

const users = (count: number) => Array.from({ length: count }, () => `user-${randomUUID()}`);

/** Waits until the partner knows each user as all of the user's events say. */
async function allKnown(lives: readonly ReturnType<typeof lifeOf>[]) {
  const subjects = lives.map(([first]) => first?.subject ?? '');
  return asTimePasses(async () => {
    const calls = await partner.calls(subjects);
    for (const [i, life] of lives.entries()) {
      const own = calls.filter(({ event }) => event.subject === subjects[i]).map(({ event }) => event);
      expect(userAfter(own)).toEqual(userAfter(life));
    }
    return calls;
  });
}

test('given users who change a lot, then the partner gets a part of the calls, in order, and ends with the same users', async () => {
  const subjects = users(10);
  const lives = subjects.map((subject) => lifeOf(subject, 20));
  await stream.putLives(lives);
  const calls = await allKnown(lives);
  for (const subject of subjects) {
    const times = calls.filter(({ event }) => event.subject === subject).map(({ event }) => event.time);
    expect(times).toEqual(times.toSorted());
  }
  expect(calls.length).toBeLessThanOrEqual(150);
  const repeats = await partner.repeats(subjects);
  const what = '10 users, 20 events each';
  process.stdout.write(
    `${foldingTable([{ what, events: 200, calls: calls.length, repeats: repeats.length, lost: 0 }])}\n`,
  );
});

test('given a poison event amid others, then it ends alone in the failure bucket and the others reach the partner', async () => {
  const [subject = '', other = ''] = users(2);
  const [life, neighbour] = [lifeOf(subject, 4), lifeOf(other, 4)];
  const poison = JSON.stringify({ ...life[1], id: randomUUID(), type: 'user.exploded' });
  const records = [life[0], neighbour[0], poison, life[1], neighbour[1], life[2], neighbour[2], life[3], neighbour[3]];
  await stream.put(
    // One partition key: all of it comes in one batch.
    records.map((record) => ({ subject, text: typeof record === 'string' ? record : JSON.stringify(record) })),
  );
  await allKnown([life, neighbour]);
  await asTimePasses(async () => expect(await stream.givenUp()).toEqual([[poison]]));
});
