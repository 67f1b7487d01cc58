import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { asTimePasses, dieAfterCall, lifeOf, partner } from '@stackyard/egress/proof';
import { faults } from '@stackyard/proof-kit';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { deployedTopic } from './deployed-topic.ts';

let topic: Awaited<ReturnType<typeof deployedTopic>>;
beforeAll(async () => {
  topic = await deployedTopic('egress-sns');
});
afterEach(() => faults.clear());

/** The partner records what it is told, and every answer gets lost. */
const lostAnswers = (times?: number) =>
  faults.start({ service: 's3', operation: 'PutObject', times, effect: { kind: 'cut', when: 'after' } });
/** What an operator runs: `pnpm redrive dev-egress-sns --yes`. */
const redrive = () => {
  const command = fileURLToPath(new URL('../../../../tools/redrive/src/main.ts', import.meta.url));
  const stack = `${process.env['STACKYARD_STAGE'] ?? 'dev'}-egress-sns`;
  return promisify(execFile)(process.execPath, [command, stack, '--yes']);
};
const newUser = () => lifeOf(`user-${randomUUID()}`, 1).map((event) => ({ ...event, text: JSON.stringify(event) }));

test('given a function that dies after its call, then the event comes again and the partner takes it once', async () => {
  const [{ subject, text } = { subject: '', text: '' }] = newUser();
  const lost = await lostAnswers();
  await topic.publish([text]);
  await dieAfterCall(topic.functionName, { subject, lost });
  // Within the first attempt the client may have called again; who calls now is the next one.
  const before = (await partner.repeats([subject])).length;
  await asTimePasses(async () => expect((await partner.repeats([subject])).length).toBeGreaterThan(before));
  expect(await partner.calls([subject])).toHaveLength(1);
  expect(await topic.givenUpEvents(subject)).toEqual([]);
});

test('given a partner whose answers get lost, then every event is taken once all the same', async () => {
  const events = Array.from({ length: 5 }, newUser).flat();
  const subjects = events.map(({ subject }) => subject);
  const lost = await lostAnswers(12);
  await topic.publish(events.map(({ text }) => text));
  await asTimePasses(async () => expect(await partner.calls(subjects)).toHaveLength(subjects.length));
  expect(await lost.hits()).toBeGreaterThan(0);
});

test('given an outage longer than the retries, then events wait for a redrive that brings each to the partner once', async () => {
  const events = Array.from({ length: 3 }, newUser).flat();
  const subjects = events.map(({ subject }) => subject);
  const down = await faults.start({
    service: 's3',
    operation: 'PutObject',
    effect: { kind: 'fail', code: 'ServiceUnavailable', status: 503 },
  });
  await topic.publish(events.map(({ text }) => text));
  await asTimePasses(async () => {
    const givenUp = await Promise.all(subjects.map((subject) => topic.givenUpEvents(subject)));
    expect(givenUp.flat()).toHaveLength(3);
  });
  await down.end();
  // What was looked at a moment ago is still out of sight.
  await asTimePasses(async () => {
    await redrive();
    expect(await partner.calls(subjects)).toHaveLength(3);
  });
});
