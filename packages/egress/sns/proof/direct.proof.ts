import { randomUUID } from 'node:crypto';
import type { UserEvent } from '@stackyard/egress';
import { asTimePasses, foldingTable, invocationsOf, lifeOf, partner, userAfter } from '@stackyard/egress/proof';
import { beforeAll, expect, test } from 'vitest';
import { deployedTopic } from './deployed-topic.ts';

let topic: Awaited<ReturnType<typeof deployedTopic>>;
beforeAll(async () => {
  topic = await deployedTopic('egress-sns');
});

const users = (count: number) => Array.from({ length: count }, () => `user-${randomUUID()}`);
const texts = (events: readonly UserEvent[]) => events.map((event) => JSON.stringify(event));
const ids = (events: readonly { readonly id: string }[]) => events.map(({ id }) => id).toSorted();

test('given a burst of events, then the partner is told of each once, one at a time, and ends with the same users', async () => {
  const subjects = users(4);
  const lives = subjects.map((subject) => lifeOf(subject, 10));
  await topic.publish(texts(lives.flat()));
  const calls = await asTimePasses(async () => {
    const taken = await partner.calls(subjects);
    expect(taken).toHaveLength(40);
    return taken;
  });
  const told = calls.map(({ event }) => event).toSorted((a, b) => (a.time < b.time ? -1 : 1));
  expect(ids(told)).toEqual(ids(lives.flat()));
  for (const [i, life] of lives.entries()) {
    expect(userAfter(told.filter(({ subject }) => subject === subjects[i]))).toEqual(userAfter(life));
  }
  // An invocation makes its call and waits for the answer: as many of them as run at a time the partner hears at a time.
  const { mostAtOnce: most } = await invocationsOf(topic.functionName);
  const repeats = await partner.repeats(subjects);
  const row = { events: 40, calls: calls.length, repeats: repeats.length, lost: 0 };
  process.stdout.write(`${foldingTable([{ what: `4 users, 10 events each, ${most} call at a time`, ...row }])}\n`);
  expect(most).toBe(1);
});

test('given a poison event amid others, then it ends alone in the dead-letter queue after three attempts', async () => {
  const [subject = ''] = users(1);
  const life = lifeOf(subject, 4);
  const poison = JSON.stringify({ ...life[1], id: randomUUID(), type: 'user.exploded' });
  await topic.publish(texts(life).toSpliced(2, 0, poison));
  await asTimePasses(async () => expect(await partner.calls([subject])).toHaveLength(4));
  await asTimePasses(async () => {
    const givenUp = { text: poison, condition: 'RetriesExhausted', attempts: 3 };
    expect(await topic.givenUpEvents(subject)).toEqual([givenUp]);
  });
});
