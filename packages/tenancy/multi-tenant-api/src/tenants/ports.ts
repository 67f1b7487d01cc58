import type { PlanName } from '../plans.ts';
import type { Tenant } from './tenant.ts';

/** An API key as API Gateway has it. */
export interface RegisteredKey {
  readonly id: string;
  readonly value: string;
  readonly enabled: boolean;
}

/** One of all keys: whose it is, and the plan it is in, if any. */
export interface OwnedKey extends RegisteredKey {
  readonly tenantId: string;
  readonly plan: PlanName | undefined;
}

/** API keys and the usage plans they are in. */
export interface KeyRegistry {
  /** Those made for a tenant, whatever state they are in. */
  ofTenant(tenantId: string): Promise<readonly RegisteredKey[]>;
  /** Every key that was made for a tenant, by requests for hundreds at once. */
  all(): AsyncIterable<OwnedKey>;
  /** Rejects with `TENANT_NO_ROOM` when the account has all the keys it may have. */
  create(tenantId: string, value: string): Promise<RegisteredKey>;
  setEnabled(keyId: string, enabled: boolean): Promise<void>;
  delete(keyId: string): Promise<void>;
  /** `undefined`: in none. */
  planOf(keyId: string): Promise<PlanName | undefined>;
  attach(keyId: string, plan: PlanName): Promise<void>;
  detach(keyId: string, plan: PlanName): Promise<void>;
}

/** Users of the pool, by tenant. */
export interface UserDirectory {
  /** The group that a tenant's users are in; made when it is missing. */
  ensureGroup(tenantId: string): Promise<void>;
  /** Tenants that have a group, by requests for tens at once. */
  groups(): AsyncIterable<string>;
  /** Somebody who signs in with this address; who is there already stays as they are. Rejects when they are another tenant's. */
  invite(tenantId: string, email: string): Promise<void>;
  /** Ends every session of a tenant's users. */
  signOutAll(tenantId: string): Promise<void>;
  /** Deletes a tenant's users and group. */
  removeAll(tenantId: string): Promise<void>;
}

/** The table of tenants: the truth. */
export interface TenantStore {
  /** @returns undefined when there is none. Always what was written last. */
  find(tenantId: string): Promise<Tenant | undefined>;
  findBySlug(slug: string): Promise<Tenant | undefined>;
  /** Adds a tenant and its audit record, or rejects with `TENANT_EXISTS` when the slug is taken. */
  add(tenant: Tenant, audit: Audit): Promise<void>;
  /** Replaces what was read, or rejects with `TENANT_BUSY` when somebody else did so meanwhile. */
  replace(before: Tenant, after: Tenant, audit: Audit): Promise<Tenant>;
  all(): AsyncIterable<Tenant>;
}

/** Who did what. */
export interface Audit {
  /** ARN of the caller. */
  readonly by: string;
  readonly action: string;
}

export interface Ports {
  readonly store: TenantStore;
  readonly keys: KeyRegistry;
  readonly users: UserDirectory;
  /** ISO 8601. */
  now(): string;
}
