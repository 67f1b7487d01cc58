import { randomUUID } from 'node:crypto';
import { asTimePasses, dieAfterCall, partner } from '@stackyard/egress/proof';
import { faults } from '@stackyard/proof-kit';
import { afterEach, expect, test } from 'vitest';
import { deployedTable, subjectOf, type ToldChange } from './deployed-table.ts';

afterEach(() => faults.clear());

test('given a function that dies after its call, then the changes come again, in other batches, and the partner takes the call once', async () => {
  const table = await deployedTable();
  const pk = `user-${randomUUID()}`;
  const told = () => partner.calls<ToldChange>([subjectOf(pk)]);
  // The partner records what it is told, and every answer gets lost.
  const lost = await faults.start({ service: 's3', operation: 'PutObject', effect: { kind: 'cut', when: 'after' } });
  for (let age = 0; age < 3; age += 1) await table.put(pk, age);
  await dieAfterCall(table.functionName, { subject: subjectOf(pk), lost });
  await table.put(pk, 3);
  await asTimePasses(async () => expect((await told()).at(-1)?.event.after?.age).toBe(3));
  await asTimePasses(async () => expect(await partner.repeats([subjectOf(pk)])).not.toHaveLength(0));
  expect((await told()).map(({ event }) => [event.type, event.after?.age])).toEqual([
    ['created', 2],
    ['updated', 3],
  ]);
});
