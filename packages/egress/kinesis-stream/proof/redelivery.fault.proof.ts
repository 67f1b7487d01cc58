import { randomUUID } from 'node:crypto';
import { asTimePasses, lifeOf, partner } from '@stackyard/egress/proof';
import { faults } from '@stackyard/proof-kit';
import { afterEach, expect, test } from 'vitest';
import { deployedStream } from './deployed-stream.ts';

afterEach(() => faults.clear());

/** The partner records what it is told, and every answer gets lost. */
const lostAnswers = (times?: number) =>
  faults.start({ service: 's3', operation: 'PutObject', times, effect: { kind: 'cut', when: 'after' } });

test('given a function that dies after its call, then the event comes again, is taken once, and the next one follows', async () => {
  const { FunctionName, putLives } = await deployedStream();
  const subject = `user-${randomUUID()}`;
  const [first, second] = lifeOf(subject, 2);
  const lost = await lostAnswers();
  await putLives([first ? [first] : []]);
  await asTimePasses(async () => expect(await partner.calls([subject])).toHaveLength(1));
  await faults.kill({ function: FunctionName });
  await lost.end();
  await putLives([second ? [second] : []]);
  const calls = await asTimePasses(async () => {
    const taken = await partner.calls([subject]);
    expect(taken.map(({ event }) => event.id)).toContain(second?.id);
    return taken;
  });
  expect(calls.map(({ event }) => event.id)).toEqual([first?.id, second?.id]);
  expect((await partner.repeats([subject])).length).toBeGreaterThan(0);
});

test('given a partner whose answers get lost, then every event is taken once all the same', async () => {
  const { putLives } = await deployedStream();
  const subjects = Array.from({ length: 5 }, () => `user-${randomUUID()}`);
  const lost = await lostAnswers(12);
  await putLives(subjects.map((subject) => lifeOf(subject, 1)));
  await asTimePasses(async () => expect(await partner.calls(subjects)).toHaveLength(subjects.length));
  expect(await lost.hits()).toBeGreaterThan(0);
});
