import { randomBytes } from 'node:crypto';
import { TenancyError } from '../errors.ts';
import { isPlanName, type PlanName, planNames } from '../plans.ts';

export type TenantStatus = 'ONBOARDING' | 'ACTIVE' | 'SUSPENDED' | 'OFFBOARDED';

/** A tenant as the table has it: what API keys and users are made to agree with. */
export interface Tenant {
  /** `acme-4f0q…`, 20 characters at least. */
  readonly tenantId: string;
  readonly slug: string;
  readonly plan: PlanName;
  readonly status: TenantStatus;
  /** Value of the API key that requests are counted by. Never leaves the authorizer and the gateway. */
  readonly apiKey: string;
  /** Of a rotation: the key before, which answers of the authorizer in its cache still name, until then (ISO 8601). */
  readonly retiringKey?: { readonly value: string; readonly until: string };
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Counts the changes: a change is made to what was read, or not at all. */
  readonly version: number;
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** Random letters and digits (Crockford's base 32, 5 bits each). */
function randomText(length: number): string {
  return [...randomBytes(length)].map((byte) => alphabet[byte % 32]).join('');
}

/** `acme` → `acme-<20 characters>`: nobody guesses it, and it is long enough for an API key (20 characters). */
export function newTenantId(slug: string): string {
  return `${slug}-${randomText(20)}`;
}

export function newApiKey(tenantId: string): string {
  return `${tenantId}.${randomText(32)}`;
}

/** Letters, digits and hyphens, 2 to 32, a letter first: it is part of names in API Gateway, Cognito and IAM. */
const slugPattern = /^[a-z](?:[a-z0-9-]{0,30}[a-z0-9])$/;
const emailPattern = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

export interface NewTenant {
  readonly slug: string;
  readonly plan: PlanName;
  /** Somebody to invite. */
  readonly email?: string;
}

/** @throws TenancyError (`TENANT_INVALID`) with all problems. */
export function readNewTenant(given: unknown): NewTenant {
  const { slug, plan, email } = fields(given);
  const problems = [
    ...(typeof slug === 'string' && slugPattern.test(slug)
      ? []
      : [`slug is ${shown(slug)}; use 2 to 32 of a-z, 0-9 and -, a letter first`]),
    ...planProblems(plan),
    ...(email === undefined ? [] : emailProblems(email)),
  ];
  if (problems.length > 0) throw new TenancyError('TENANT_INVALID', problems);
  return { slug: slug as string, plan: plan as PlanName, ...(email !== undefined && { email: email as string }) };
}

export interface TenantChange {
  readonly plan?: PlanName;
  readonly status?: 'ACTIVE' | 'SUSPENDED';
}

/** @throws TenancyError (`TENANT_INVALID`) with all problems. */
export function readChange(given: unknown): TenantChange {
  const { plan, status } = fields(given);
  const problems = [
    ...(plan === undefined ? [] : planProblems(plan)),
    ...(status === undefined || status === 'ACTIVE' || status === 'SUSPENDED'
      ? []
      : [`status is ${shown(status)}; use ACTIVE or SUSPENDED`]),
    ...(plan === undefined && status === undefined ? ['nothing changes; say plan or status'] : []),
  ];
  if (problems.length > 0) throw new TenancyError('TENANT_INVALID', problems);
  return { ...(plan !== undefined && { plan }), ...(status !== undefined && { status }) } as TenantChange;
}

/** @throws TenancyError (`TENANT_INVALID`). */
export function readEmail(given: unknown): string {
  const { email } = fields(given);
  const problems = emailProblems(email);
  if (problems.length > 0) throw new TenancyError('TENANT_INVALID', problems);
  return email as string;
}

function fields(given: unknown): Record<string, unknown> {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given as Record<string, unknown>;
  throw new TenancyError('TENANT_INVALID', ['the body is no JSON object']);
}

function planProblems(plan: unknown): string[] {
  return isPlanName(plan) ? [] : [`plan is ${shown(plan)}; use ${planNames.join(', ')}`];
}

function emailProblems(email: unknown): string[] {
  return typeof email === 'string' && emailPattern.test(email) ? [] : [`email is ${shown(email)}; use name@host`];
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}
