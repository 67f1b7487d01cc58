import { TenancyError } from '../src/errors.ts';
import type { PlanName } from '../src/plans.ts';
import type { Ports } from '../src/tenants/ports.ts';
import type { Tenant } from '../src/tenants/tenant.ts';

interface Key {
  id: string;
  value: string;
  enabled: boolean;
  tenantId: string;
  plan: PlanName | undefined;
}

/** Keys by ID, and found by tenant without looking at all: there may be ten thousand. */
class Keys extends Map<string, Key> {
  readonly #byTenant = new Map<string, Map<string, Key>>();

  override set(id: string, key: Key) {
    const ofTenant = this.#byTenant.get(key.tenantId) ?? new Map<string, Key>();
    this.#byTenant.set(key.tenantId, ofTenant.set(id, key));
    return super.set(id, key);
  }

  override delete(id: string) {
    this.#byTenant.get(this.get(id)?.tenantId ?? '')?.delete(id);
    return super.delete(id);
  }

  override clear() {
    this.#byTenant.clear();
    super.clear();
  }

  ofTenant(tenantId: string): readonly Key[] {
    return [...(this.#byTenant.get(tenantId)?.values() ?? [])];
  }
}

/** "Quotas for configuring and running a REST API in API Gateway": API keys per account per Region. It cannot be increased. */
export const keysPerAccount = 10_000;

/** A table, a gateway and a pool in memory, that can fail in the middle. */
export function memoryPorts() {
  const tenants = new Map<string, Tenant>();
  const audits: string[] = [];
  const slugs = new Map<string, string>();
  const keys = new Keys();
  const groups = new Map<string, Set<string>>();
  let time = Date.parse('2026-01-01T00:00:00.000Z');
  let calls = 0;
  let failing: { readonly call: number; readonly when: 'before' | 'after' } | undefined;

  /** One call: it may fail before it does anything, or after, when nobody learns that it was done. */
  async function step<T>(run: () => T): Promise<T> {
    const call = calls++;
    if (failing?.call === call && failing.when === 'before') throw new Error('connection refused');
    const result = run();
    if (failing?.call === call) throw new Error('connection lost');
    return result;
  }

  const keyOf = (id: string) => keys.get(id) as Key;
  const ports: Ports = {
    now: () => new Date(time).toISOString(),
    store: {
      find: (id) => step(() => tenants.get(id)),
      findBySlug: (slug) => step(() => tenants.get(slugs.get(slug) ?? '')),
      add: (tenant, { action }) =>
        step(() => {
          tenants.set(tenant.tenantId, tenant);
          slugs.set(tenant.slug, tenant.tenantId);
          audits.push(action);
        }),
      replace: (before, wanted, { action }) =>
        step(() => {
          if (tenants.get(before.tenantId)?.version !== before.version) throw new TenancyError('TENANT_BUSY', ['busy']);
          const after = { ...wanted, version: before.version + 1 };
          tenants.set(after.tenantId, after);
          audits.push(action);
          return after;
        }),
      async *all() {
        yield* tenants.values();
      },
    },
    keys: {
      ofTenant: (id) => step(() => keys.ofTenant(id)),
      async *all() {
        yield* keys.values();
      },
      create: (tenantId, value) =>
        step(() => {
          if (keys.size === keysPerAccount) throw new TenancyError('TENANT_NO_ROOM', ['full']);
          const key = { id: `key-${keys.size}-${calls}`, value, enabled: true, tenantId, plan: undefined };
          keys.set(key.id, key);
          return key;
        }),
      setEnabled: (id, enabled) => step(() => void Object.assign(keyOf(id), { enabled })),
      delete: (id) => step(() => void keys.delete(id)),
      planOf: (id) => step(() => keyOf(id).plan),
      attach: (id, plan) =>
        step(() => {
          if (keyOf(id).plan !== undefined) throw new Error('a key is in one plan at a time');
          keyOf(id).plan = plan;
        }),
      detach: (id) => step(() => void Object.assign(keyOf(id), { plan: undefined })),
    },
    users: {
      ensureGroup: (id) => step(() => void (groups.has(id) || groups.set(id, new Set()))),
      async *groups() {
        yield* groups.keys();
      },
      invite: (id, email) => step(() => void groups.get(id)?.add(email)),
      signOutAll: () => step(() => undefined),
      removeAll: (id) => step(() => void groups.delete(id)),
    },
  };

  return {
    ports,
    /** Everything there is, without names that are random. */
    state: () => ({
      tenants: [...tenants.values()].map(({ slug, plan, status }) => ({ slug, plan, status })),
      keys: [...keys.values()].map(({ enabled, plan, value, tenantId }) => ({
        enabled,
        plan,
        isOfTheRow: tenants.get(tenantId)?.apiKey === value,
      })),
      groups: [...groups.values()].map((members) => [...members]),
      audits: [...audits],
    }),
    keys,
    tenants,
    /** Requests for one tenant that were made so far. */
    calls: () => calls,
    /** Lets the n-th call from now fail. */
    fail(call: number, when: 'before' | 'after') {
      failing = { call: calls + call, when };
    },
    heal() {
      failing = undefined;
    },
    pass(seconds: number) {
      time += seconds * 1000;
    },
  };
}
