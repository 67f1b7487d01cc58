import fc from 'fast-check';
import { expect, test } from 'vitest';
import { change, offboard, onboard, rotateKey } from '../src/tenants/lifecycle.ts';
import { reconcile } from '../src/tenants/reconcile.ts';
import { memoryPorts } from './memory-ports.ts';

const by = 'arn:aws:iam::000000000000:user/operator';
const wanted = { slug: 'acme', plan: 'standard', email: 'ann@example.com' } as const;
type World = ReturnType<typeof memoryPorts>;

/** A world in which the tenant is there already, and what is done to it. */
async function onboarded(): Promise<World> {
  const world = memoryPorts();
  await onboard(world.ports, wanted, by);
  return world;
}
const idOf = (world: World) => [...world.tenants.keys()][0] as string;

const operations: readonly [string, () => World | Promise<World>, (world: World) => Promise<unknown>][] = [
  ['onboarding', memoryPorts, ({ ports }) => onboard(ports, wanted, by)],
  ['a change of plan', onboarded, (world) => change(world.ports, idOf(world), { plan: 'premium' }, by)],
  ['suspension', onboarded, (world) => change(world.ports, idOf(world), { status: 'SUSPENDED' }, by)],
  ['offboarding', onboarded, (world) => offboard(world.ports, idOf(world), by)],
];

test.each(operations)('%s, interrupted anywhere and retried, ends as if it had not been', async (_, begin, run) => {
  const smooth = await begin();
  await run(smooth);
  await fc.assert(
    fc.asyncProperty(fc.nat(12), fc.constantFrom('before' as const, 'after' as const), async (call, when) => {
      const world = await begin();
      world.fail(call, when);
      await run(world).catch(() => undefined);
      world.heal();
      await run(world);
      expect(world.state()).toEqual(smooth.state());
    }),
    { numRuns: 60 },
  );
});

test('a rotation that is interrupted anywhere leaves a key of the row that works, once the reconciler has run', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(12), fc.constantFrom('before' as const, 'after' as const), async (call, when) => {
      const world = memoryPorts();
      const { tenantId } = await onboard(world.ports, wanted, by);
      world.fail(call, when);
      await rotateKey(world.ports, tenantId, by).catch(() => undefined);
      world.heal();
      world.pass(121);
      await reconcile(world.ports);
      expect(world.state().keys).toEqual([{ enabled: true, plan: 'standard', isOfTheRow: true }]);
    }),
    { numRuns: 40 },
  );
});
