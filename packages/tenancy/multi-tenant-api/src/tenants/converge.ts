import type { OwnedKey, Ports, RegisteredKey } from './ports.ts';
import type { Tenant } from './tenant.ts';

/**
 * Makes API keys and users agree with the tenant's row. Each step looks before it acts, so it may be interrupted anywhere and run
 * again: onboarding, every change and the reconciler are this one function.
 *
 * @returns what it had to do; nothing when all was as it should be.
 */
export async function converge(tenant: Tenant, { keys, users, now }: Ports): Promise<readonly string[]> {
  const done: string[] = [];
  const act = async (what: string, run: () => Promise<unknown>) => {
    await run();
    done.push(what);
  };
  const there = await keys.ofTenant(tenant.tenantId);
  if (tenant.status === 'OFFBOARDED') {
    for (const key of there) await act('deleted an API key', () => keys.delete(key.id));
    await users.removeAll(tenant.tenantId);
    return done;
  }
  await users.ensureGroup(tenant.tenantId);
  const wanted = wantedKeys(tenant, now());
  for (const value of wanted) {
    const key = there.find((one) => one.value === value) ?? (await created(value));
    await settle(key);
  }
  for (const key of there.filter(({ value }) => !wanted.includes(value))) {
    await act('deleted an API key', () => keys.delete(key.id));
  }
  return done;

  async function created(value: string): Promise<RegisteredKey> {
    const key = await keys.create(tenant.tenantId, value);
    done.push('created an API key');
    return key;
  }

  async function settle(key: RegisteredKey): Promise<void> {
    const enabled = tenant.status !== 'SUSPENDED';
    if (key.enabled !== enabled) {
      await act(`${enabled ? 'enabled' : 'disabled'} an API key`, () => keys.setEnabled(key.id, enabled));
    }
    const plan = await keys.planOf(key.id);
    if (plan === tenant.plan) return;
    // A key is in one usage plan of an API at a time.
    if (plan !== undefined) await act(`took an API key out of ${plan}`, () => keys.detach(key.id, plan));
    await act(`put an API key into ${tenant.plan}`, () => keys.attach(key.id, tenant.plan));
  }
}

/** Whether {@link converge} has nothing to do, by what was listed of all tenants. */
export function agrees(tenant: Tenant, keys: readonly OwnedKey[], hasGroup: boolean, now: string): boolean {
  if (tenant.status === 'OFFBOARDED') return keys.length === 0 && !hasGroup;
  const enabled = tenant.status !== 'SUSPENDED';
  const wanted = wantedKeys(tenant, now);
  const isThere = (value: string) =>
    keys.some((key) => key.value === value && key.enabled === enabled && key.plan === tenant.plan);
  return hasGroup && keys.length === wanted.length && wanted.every(isThere);
}

function wantedKeys({ apiKey, retiringKey }: Tenant, now: string): readonly string[] {
  return retiringKey && retiringKey.until > now ? [retiringKey.value, apiKey] : [apiKey];
}
