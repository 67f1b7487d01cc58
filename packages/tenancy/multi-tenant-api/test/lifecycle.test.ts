import { beforeEach, describe, expect, test } from 'vitest';
import { change, offboard, onboard, rotateKey } from '../src/tenants/lifecycle.ts';
import { reconcile } from '../src/tenants/reconcile.ts';
import type { Tenant } from '../src/tenants/tenant.ts';
import { memoryPorts } from './memory-ports.ts';

let world: ReturnType<typeof memoryPorts>;
let acme: Tenant;
const by = 'arn:aws:iam::000000000000:user/operator';
const wanted = { slug: 'acme', plan: 'standard', email: 'ann@example.com' } as const;

beforeEach(async () => {
  world = memoryPorts();
  acme = await onboard(world.ports, wanted, by);
});

test('onboarding makes a row, a key in the plan and a group, and invites somebody', () => {
  expect(acme.tenantId).toMatch(/^acme-[0-9a-z]{20}$/);
  expect(world.state()).toEqual({
    tenants: [{ slug: 'acme', plan: 'standard', status: 'ACTIVE' }],
    keys: [{ enabled: true, plan: 'standard', isOfTheRow: true }],
    groups: [['ann@example.com']],
    audits: ['reserved', 'onboarded'],
  });
});

test('onboarding a second time changes nothing', async () => {
  const before = world.state();
  expect(await onboard(world.ports, wanted, by)).toEqual(acme);
  expect(world.state()).toEqual(before);
});

test('a slug is one tenant’s, also after it has left', async () => {
  await expect(onboard(world.ports, { slug: 'acme', plan: 'free' }, by)).rejects.toMatchObject({
    code: 'TENANT_EXISTS',
  });
  await offboard(world.ports, acme.tenantId, by);
  await expect(onboard(world.ports, wanted, by)).rejects.toMatchObject({ code: 'TENANT_EXISTS' });
});

test('another plan is the same key in another plan', async () => {
  await change(world.ports, acme.tenantId, { plan: 'premium' }, by);
  expect(world.state().keys).toEqual([{ enabled: true, plan: 'premium', isOfTheRow: true }]);
});

test('a suspended tenant’s key is off until the suspension ends', async () => {
  await change(world.ports, acme.tenantId, { status: 'SUSPENDED' }, by);
  expect(world.state().keys).toMatchObject([{ enabled: false }]);
  await change(world.ports, acme.tenantId, { status: 'ACTIVE' }, by);
  expect(world.state().keys).toMatchObject([{ enabled: true }]);
});

test('offboarding leaves the row and its audit, and nothing else', async () => {
  await offboard(world.ports, acme.tenantId, by);
  expect(world.state()).toMatchObject({ tenants: [{ status: 'OFFBOARDED' }], keys: [], groups: [] });
  await expect(change(world.ports, acme.tenantId, { plan: 'free' }, by)).rejects.toMatchObject({
    code: 'TENANT_NOT_ALLOWED',
  });
});

test('a rotated key works beside the new one until cached answers are gone', async () => {
  await rotateKey(world.ports, acme.tenantId, by);
  await reconcile(world.ports);
  expect(world.state().keys).toEqual([
    { enabled: true, plan: 'standard', isOfTheRow: false },
    { enabled: true, plan: 'standard', isOfTheRow: true },
  ]);
  world.pass(121);
  expect((await reconcile(world.ports)).repaired).toEqual({ [acme.tenantId]: ['deleted an API key'] });
  expect(world.state().keys).toEqual([{ enabled: true, plan: 'standard', isOfTheRow: true }]);
});

describe('the reconciler', () => {
  test('has nothing to do where nothing differs', async () => {
    expect(await reconcile(world.ports)).toEqual({ tenants: 1, repaired: {}, failed: {} });
  });

  test('repairs keys that somebody deleted, switched off or moved, and deletes those of nobody', async () => {
    const [key] = world.keys.values();
    Object.assign(key ?? {}, { enabled: false, plan: 'free' });
    world.keys.set('orphan', {
      id: 'orphan',
      value: 'x',
      enabled: true,
      tenantId: 'gone-0123456789abcdefghij',
      plan: 'free',
    });
    const { repaired } = await reconcile(world.ports);
    expect(repaired[acme.tenantId]).toEqual([
      'enabled an API key',
      'took an API key out of free',
      'put an API key into standard',
    ]);
    expect(world.state().keys).toEqual([{ enabled: true, plan: 'standard', isOfTheRow: true }]);
    world.keys.clear();
    await reconcile(world.ports);
    expect(world.state().keys).toEqual([{ enabled: true, plan: 'standard', isOfTheRow: true }]);
  });

  test('goes on with other tenants when one cannot be repaired', async () => {
    const other = await onboard(world.ports, { slug: 'other', plan: 'free' }, by);
    world.keys.clear();
    world.fail(0, 'before');
    const { failed, repaired } = await reconcile(world.ports);
    expect(failed).toEqual({ [acme.tenantId]: 'connection refused' });
    expect(Object.keys(repaired)).toEqual([other.tenantId]);
  });
});
