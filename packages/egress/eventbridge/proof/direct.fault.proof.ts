import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { asTimePasses, lifeOf, partner } from '@stackyard/egress/proof';
import { faults } from '@stackyard/proof-kit';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { deployedBus } from './deployed-bus.ts';

let bus: Awaited<ReturnType<typeof deployedBus>>;
beforeAll(async () => {
  bus = await deployedBus();
});
afterEach(() => faults.clear());

const user = () => `user-${randomUUID()}`;
const told = (subject: string, ids: readonly string[]) =>
  asTimePasses(async () => {
    const calls = await partner.calls([subject]);
    expect(calls.map(({ event }) => event.id).toSorted()).toEqual(ids.toSorted());
  });
/** What an operator runs: `pnpm redrive dev-egress-eventbridge --yes`. */
const redrive = () => {
  const command = fileURLToPath(new URL('../../../../tools/redrive/src/main.ts', import.meta.url));
  const stack = `${process.env['STACKYARD_STAGE'] ?? 'dev'}-egress-eventbridge`;
  return promisify(execFile)(process.execPath, [command, stack, '--yes']);
};

/** Lambda takes no events of the consumer. */
const closed = (times?: number) =>
  faults.start({
    service: 'lambda',
    operation: 'Invoke',
    resource: bus.FunctionName,
    times,
    effect: { kind: 'fail', code: 'ServiceException', status: 500 },
  });

test('given a Lambda that takes no event for a while, then EventBridge tries again and none is missing', async () => {
  const subject = user();
  const life = lifeOf(subject, 3);
  const fault = await closed(6);
  await bus.put(life);
  await told(
    subject,
    life.map(({ id }) => id),
  );
  expect(await fault.hits()).toBe(6);
});

test('given a Lambda that takes none for longer, then they wait in the failure queue, and a redrive brings them to the partner', async () => {
  const subject = user();
  const life = lifeOf(subject, 3);
  const fault = await closed();
  await bus.put(life);
  await asTimePasses(async () => expect(await fault.hits()).toBe(12));
  await fault.end();
  await asTimePasses(async () => {
    await redrive();
    const calls = await partner.calls([subject]);
    expect(calls.map(({ event }) => event.id).toSorted()).toEqual(life.map(({ id }) => id).toSorted());
  });
});

test('given a partner whose answers get lost, then every event is taken once all the same', async () => {
  const subject = user();
  const life = lifeOf(subject, 3);
  const fault = await faults.start({
    service: 's3',
    operation: 'PutObject',
    times: 7,
    effect: { kind: 'cut', when: 'after' },
  });
  await bus.put(life);
  await told(
    subject,
    life.map(({ id }) => id),
  );
  expect(await fault.hits()).toBeGreaterThan(0);
});
