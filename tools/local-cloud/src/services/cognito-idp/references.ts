import { AwsError } from '../../errors.ts';
import type { Call, Cloud, Demand } from '../../service.ts';
import { invalidParameter, userNotFound } from './errors.ts';
import { type AppClient, allPools, poolsOf, type User, type UserPool } from './state.ts';

interface PoolInput {
  readonly UserPoolId?: string | undefined;
}

/** Throws ResourceNotFoundException for a pool that is not in the caller's account and region. */
export function poolOf({ UserPoolId = '' }: PoolInput, { cloud, account, region }: Call): UserPool {
  if (!/^[\w-]+_[0-9a-zA-Z]+$/.test(UserPoolId)) {
    throw invalidParameter(
      `1 validation error detected: Value '${UserPoolId}' at 'userPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w-]+_[0-9a-zA-Z]+`,
    );
  }
  const pool = poolsOf(cloud, account, region).get(UserPoolId);
  if (!pool) throw new AwsError('ResourceNotFoundException', `User pool ${UserPoolId} does not exist.`);
  return pool;
}

/** A pool by its ID alone, whoever's it is: what public pages and tokens know. */
export function findPool(cloud: Cloud, id: string): UserPool | undefined {
  for (const pool of allPools(cloud)) if (pool.id === id) return pool;
  return undefined;
}

function clientNotFound(id: string): AwsError {
  return new AwsError('ResourceNotFoundException', `User pool client ${id} does not exist.`);
}

/** An app client by its ID alone: the operations without signature have nothing else. */
export function clientById(cloud: Cloud, id = ''): { readonly pool: UserPool; readonly client: AppClient } {
  for (const pool of allPools(cloud)) {
    const client = pool.clients.get(id);
    if (client) return { pool, client };
  }
  throw clientNotFound(id);
}

/** Throws ResourceNotFoundException. */
export function clientOf(pool: UserPool, id = ''): AppClient {
  const client = pool.clients.get(id);
  if (!client) throw clientNotFound(id);
  return client;
}

/** The user of a pool by username, sub, or an alias that is verified. */
export function findUser(pool: UserPool, given: string): User | undefined {
  const name = canonical(pool, given);
  const direct = pool.users.get(name);
  if (direct) return direct;
  const { UsernameAttributes = [], AliasAttributes = [] } = pool.settings;
  const bySub = [...pool.users.values()].find((user) => user.attributes.get('sub') === given);
  if (bySub) return bySub;
  const same = (value: string | undefined) => value !== undefined && canonical(pool, value) === name;
  return [...pool.users.values()].find(
    ({ attributes }) =>
      UsernameAttributes.some((attribute) => same(attributes.get(attribute))) ||
      AliasAttributes.some((attribute) => same(attributes.get(attribute)) && isVerified(attributes, attribute)),
  );
}

/** "Sign in with an alias": email and phone number count when they are verified; a preferred username always. */
function isVerified(attributes: ReadonlyMap<string, string>, attribute: string): boolean {
  return attribute === 'preferred_username' || attributes.get(`${attribute}_verified`) === 'true';
}

/** Throws UserNotFoundException. */
export function userOf(pool: UserPool, name = ''): User {
  const user = findUser(pool, name);
  if (!user) throw userNotFound();
  return user;
}

/** As the pool compares names. */
export function canonical({ settings }: UserPool, name: string): string {
  return settings.UsernameConfiguration?.CaseSensitive === false ? name.toLowerCase() : name;
}

export function poolArn({ account, region }: { account: string; region: string }, id: string): string {
  return `arn:aws:cognito-idp:${region}:${account}:userpool/${id}`;
}

/** Demands one `cognito-idp:` action on the pool the input names. */
export function onPool(action: string) {
  return ({ UserPoolId = '' }: PoolInput, call: Call): readonly Demand[] => [
    { action: `cognito-idp:${action}`, resource: poolArn(call, UserPoolId) },
  ];
}

/** Operations without signature: the token, the session or the client's secret in the input is the permission. */
export const forAnybody = (): readonly Demand[] => [];
