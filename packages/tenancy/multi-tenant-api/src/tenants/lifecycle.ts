import { TenancyError } from '../errors.ts';
import { converge } from './converge.ts';
import type { Ports } from './ports.ts';
import { type NewTenant, newApiKey, newTenantId, type Tenant, type TenantChange } from './tenant.ts';

/**
 * How long the authorizer's answers are kept by API Gateway, and with it the time until a suspension or a rotated key is in
 * force everywhere.
 */
export const authorizerCacheSeconds = 60;

/**
 * A new tenant: a row, an API key in the plan, a group, somebody invited. Interrupted and called again with the same slug and plan
 * it goes on where it was, and for a tenant that is complete it changes nothing.
 *
 * @throws TenancyError (`TENANT_EXISTS`) when the slug is another plan's.
 */
export async function onboard(ports: Ports, wanted: NewTenant, by: string): Promise<Tenant> {
  const tenant = await reserve(ports, wanted, by);
  await converge(tenant, ports);
  if (wanted.email !== undefined) await ports.users.invite(tenant.tenantId, wanted.email);
  if (tenant.status !== 'ONBOARDING') return tenant;
  const after = { ...tenant, status: 'ACTIVE', updatedAt: ports.now() } as const;
  return ports.store.replace(tenant, after, { by, action: 'onboarded' });
}

async function reserve({ store, now }: Ports, { slug, plan }: NewTenant, by: string): Promise<Tenant> {
  const existing = await store.findBySlug(slug);
  if (existing) {
    if (existing.plan === plan && existing.status !== 'OFFBOARDED') return existing;
    const is = existing.status === 'OFFBOARDED' ? 'was offboarded' : `has the plan ${existing.plan}`;
    throw new TenancyError('TENANT_EXISTS', [`${slug} is ${existing.tenantId} and ${is}; choose another slug`]);
  }
  const tenantId = newTenantId(slug);
  const createdAt = now();
  const tenant: Tenant = {
    tenantId,
    slug,
    plan,
    status: 'ONBOARDING',
    apiKey: newApiKey(tenantId),
    createdAt,
    updatedAt: createdAt,
    version: 1,
  };
  await store.add(tenant, { by, action: 'reserved' });
  return tenant;
}

/** Another plan, or suspension and its end. @throws TenancyError (`TENANT_UNKNOWN`, `TENANT_NOT_ALLOWED`, `TENANT_BUSY`) */
export async function change(ports: Ports, tenantId: string, wanted: TenantChange, by: string): Promise<Tenant> {
  const tenant = await activeTenant(ports, tenantId);
  const isNew = Object.entries(wanted).some(([name, value]) => tenant[name as keyof TenantChange] !== value);
  const action = Object.entries(wanted)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
  const after = isNew
    ? await ports.store.replace(tenant, { ...tenant, ...wanted, updatedAt: ports.now() }, { by, action })
    : tenant;
  await converge(after, ports);
  if (wanted.status === 'SUSPENDED') await ports.users.signOutAll(tenantId);
  return after;
}

/**
 * Another API key. The one before is taken until every cached answer of the authorizer that names it is gone; the reconciler
 * deletes it then. What was counted by it stays with it: the day's count starts anew.
 */
export async function rotateKey(ports: Ports, tenantId: string, by: string): Promise<Tenant> {
  const tenant = await activeTenant(ports, tenantId);
  const next = newApiKey(tenantId);
  // The key must be there before the row names it. Interrupted here, the reconciler takes it away again.
  await converge({ ...tenant, apiKey: next, retiringKey: { value: tenant.apiKey, until: '9999' } }, ports);
  const until = new Date(Date.parse(ports.now()) + 2 * authorizerCacheSeconds * 1000).toISOString();
  const retiringKey = { value: tenant.apiKey, until };
  const after = { ...tenant, apiKey: next, retiringKey, updatedAt: ports.now() };
  return ports.store.replace(tenant, after, { by, action: 'rotated the API key' });
}

/** Takes everything of a tenant away but its row and its audit records. Twice is once. */
export async function offboard(ports: Ports, tenantId: string, by: string): Promise<Tenant> {
  const tenant = await knownTenant(ports, tenantId);
  const after =
    tenant.status === 'OFFBOARDED'
      ? tenant
      : await ports.store.replace(
          tenant,
          { ...tenant, status: 'OFFBOARDED', updatedAt: ports.now() },
          { by, action: 'offboarded' },
        );
  await converge(after, ports);
  return after;
}

export async function invite(ports: Ports, tenantId: string, email: string): Promise<Tenant> {
  const tenant = await activeTenant(ports, tenantId);
  await ports.users.ensureGroup(tenantId);
  await ports.users.invite(tenantId, email);
  return tenant;
}

/** @throws TenancyError (`TENANT_UNKNOWN`) */
export async function knownTenant({ store }: Ports, tenantId: string): Promise<Tenant> {
  const tenant = await store.find(tenantId);
  if (!tenant) throw new TenancyError('TENANT_UNKNOWN', [`there is no tenant ${tenantId}`]);
  return tenant;
}

async function activeTenant(ports: Ports, tenantId: string): Promise<Tenant> {
  const tenant = await knownTenant(ports, tenantId);
  if (tenant.status === 'ACTIVE' || tenant.status === 'SUSPENDED') return tenant;
  throw new TenancyError('TENANT_NOT_ALLOWED', [`${tenantId} is ${tenant.status}; it cannot be changed`]);
}
