import { randomUUID } from 'node:crypto';
import { asTimePasses, foldingTable, partner } from '@stackyard/egress/proof';
import { beforeAll, describe, expect, test } from 'vitest';
import { deployedTable, subjectOf, type ToldChange } from './deployed-table.ts';

let table: Awaited<ReturnType<typeof deployedTable>>;
beforeAll(async () => {
  table = await deployedTable();
});

const keys = (count: number) => Array.from({ length: count }, () => `user-${randomUUID()}`);
const told = (pks: readonly string[]) => partner.calls<ToldChange>(pks.map(subjectOf));

describe('given items', () => {
  test('that change a lot, then the partner gets a part of the calls, in order, and knows the newest state of each', async () => {
    const pks = keys(10);
    for (const pk of pks) for (let age = 0; age < 20; age += 1) await table.put(pk, age);
    const calls = await asTimePasses(async () => {
      const taken = await told(pks);
      const newest = pks.map((pk) => taken.findLast(({ event }) => event.subject === subjectOf(pk))?.event.after);
      for (const state of newest) expect(state).toMatchObject({ age: 19, status: 'MODIFIED' });
      return taken;
    });
    for (const pk of pks) {
      const own = calls.filter(({ event }) => event.subject === subjectOf(pk)).map(({ event }) => event);
      expect(own[0]?.type).toBe('created');
      const ages = own.map(({ after }) => after?.age ?? 0);
      expect(ages).toEqual(ages.toSorted((a, b) => a - b));
    }
    const repeats = await partner.repeats(pks.map(subjectOf));
    const row = {
      what: '10 items, 20 writes each',
      events: 200,
      calls: calls.length,
      repeats: repeats.length,
      lost: 0,
    };
    process.stdout.write(`${foldingTable([row])}\n`);
    expect(calls.length).toBeLessThanOrEqual(60);
  });

  test('that come and go within a window, then the partner never hears of them', async () => {
    const [gone = '', stays = ''] = keys(2);
    await table.put(gone, 0);
    await table.remove(gone);
    await table.put(stays, 0);
    await asTimePasses(async () => expect(await told([stays])).toHaveLength(1));
    expect(await told([gone])).toEqual([]);
  });

  test('one of which no version of the partner can take, then it alone is given up and the others reach the partner', async () => {
    const [before = '', poison = '', after = ''] = keys(3);
    await table.put(before, 0);
    await table.put(poison, 'old');
    await table.put(after, 0);
    await asTimePasses(async () => expect(await told([before, after])).toHaveLength(2));
    const own = new Set([before, poison, after]);
    await asTimePasses(async () => {
      // Other proofs may have left theirs.
      expect((await table.givenUp()).filter((batch) => batch.some((pk) => own.has(pk)))).toEqual([[poison]]);
    });
    expect(await told([poison])).toEqual([]);
  });
});
