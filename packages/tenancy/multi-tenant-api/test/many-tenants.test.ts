import { describe, expect, test } from 'vitest';
import { offboard, onboard, rotateKey } from '../src/tenants/lifecycle.ts';
import { reconcile } from '../src/tenants/reconcile.ts';
import { keysPerAccount, memoryPorts } from './memory-ports.ts';

const by = 'arn:aws:iam::000000000000:user/operator';

/** One in ten keys of an account is left for rotations, of which each has two for two minutes. */
const tenantsPerCell = 9_000;

type Cell = ReturnType<typeof memoryPorts>;

const onboarded = (cell: Cell, number: number) => onboard(cell.ports, { slug: `t${number}`, plan: 'free' }, by);

/** Cells, each an account of its own with one stack, that are filled one after the other; which tenant is where. */
async function filled(tenants: number, room: number) {
  const cells: Cell[] = [];
  const cellOf = new Map<string, number>();
  for (let number = 0; number < tenants; number++) {
    if (number % room === 0) cells.push(memoryPorts());
    const { tenantId } = await onboarded(cells.at(-1) as Cell, number);
    cellOf.set(tenantId, cells.length - 1);
  }
  return { cells, cellOf };
}

test('10,000 tenants are in two cells, and every one can be found, counted and rotated', {
  timeout: 20_000,
}, async () => {
  const { cells, cellOf } = await filled(10_000, tenantsPerCell);
  expect(cells.map(({ tenants }) => tenants.size)).toEqual([9_000, 1_000]);
  for (const [tenantId, cell] of cellOf) expect(cells[cell]?.keys.ofTenant(tenantId)).toHaveLength(1);
  const [first] = cells as [Cell, ...Cell[]];
  for (const tenantId of [...first.tenants.keys()].slice(0, 1_000)) await rotateKey(first.ports, tenantId, by);
  expect(first.keys.size).toBe(keysPerAccount);
  first.pass(121);
  expect(Object.keys((await reconcile(first.ports)).repaired)).toHaveLength(1_000);
  expect(first.keys.size).toBe(tenantsPerCell);
});

describe('given an account in which all 10,000 API keys are used', { timeout: 20_000 }, () => {
  test('one more tenant is refused, harms nobody, and is complete when there is room and it is tried again', async () => {
    const { cells } = await filled(keysPerAccount, keysPerAccount);
    const [cell] = cells as [Cell];
    const before = cell.calls();
    // Nothing differs: no tenant costs a request of its own.
    expect(await reconcile(cell.ports)).toEqual({ tenants: keysPerAccount, repaired: {}, failed: {} });
    expect(cell.calls()).toBe(before);

    await expect(onboarded(cell, keysPerAccount)).rejects.toMatchObject({ code: 'TENANT_NO_ROOM' });
    const { tenants, repaired, failed } = await reconcile(cell.ports);
    expect({ tenants, repaired, failed: Object.values(failed) }).toEqual({
      tenants: keysPerAccount + 1,
      repaired: {},
      failed: ['TENANT_NO_ROOM: full'],
    });

    const [leaving = ''] = cell.tenants.keys();
    await offboard(cell.ports, leaving, by);
    expect(await onboarded(cell, keysPerAccount)).toMatchObject({ slug: 't10000', status: 'ACTIVE' });
    expect(await reconcile(cell.ports)).toMatchObject({ repaired: {}, failed: {} });
  });
});
