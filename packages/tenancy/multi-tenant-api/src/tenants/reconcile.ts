import { agrees, converge } from './converge.ts';
import type { Ports } from './ports.ts';

export interface Reconciliation {
  readonly tenants: number;
  /** What had to be done, by tenant. */
  readonly repaired: Readonly<Record<string, readonly string[]>>;
  /** Tenants of which nothing could be repaired, and why; the next run tries again. */
  readonly failed: Readonly<Record<string, string>>;
}

/**
 * Repairs what differs between the table, API keys and users, for every tenant, and deletes API keys of tenants that the table does
 * not know. One tenant that fails keeps no other from being repaired. Half-done onboardings are left to who began them.
 */
export async function reconcile(ports: Ports): Promise<Reconciliation> {
  const repaired: Record<string, readonly string[]> = {};
  const failed: Record<string, string> = {};
  // Listed, not asked for tenant by tenant: API Gateway takes ten such requests a second ("Amazon API Gateway quotas").
  const keys = Map.groupBy(await listed(ports.keys.all()), ({ tenantId }) => tenantId);
  const groups = new Set(await listed(ports.users.groups()));
  const known = new Set<string>();
  for await (const tenant of ports.store.all()) {
    known.add(tenant.tenantId);
    const { tenantId } = tenant;
    if (agrees(tenant, keys.get(tenantId) ?? [], groups.has(tenantId), ports.now())) continue;
    await attempt(tenantId, () => converge(tenant, ports));
  }
  for (const tenantId of keys.keys()) {
    if (known.has(tenantId)) continue;
    // Onboarding writes the row first: a key whose row appeared meanwhile is none too many.
    await attempt(tenantId, async () => ((await ports.store.find(tenantId)) ? [] : deleteKeys(tenantId)));
  }
  return { tenants: known.size, repaired, failed };

  async function attempt(tenantId: string, run: () => Promise<readonly string[]>): Promise<void> {
    try {
      const done = await run();
      if (done.length > 0) repaired[tenantId] = done;
    } catch (error) {
      failed[tenantId] = error instanceof Error ? error.message : String(error);
    }
  }

  async function deleteKeys(tenantId: string): Promise<readonly string[]> {
    const keys = await ports.keys.ofTenant(tenantId);
    for (const key of keys) await ports.keys.delete(key.id);
    return keys.map(() => 'deleted an API key');
  }
}

async function listed<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
