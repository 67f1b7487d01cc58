import { randomUUID } from 'node:crypto';
import { AwsError } from '../../errors.ts';
import { invalidParameter } from './errors.ts';
import { canonical, findUser } from './references.ts';
import { badEmail, badPhone } from './schema.ts';
import type { User, UserPool } from './state.ts';

/**
 * A user who is in no pool yet. Where users sign in with their address, the name Cognito knows them by is their `sub`
 * and the name given is the address.
 */
export function newUser(pool: UserPool, given: string, attributes: Map<string, string>, now: number): User {
  const sub = randomUUID();
  const byAddress = addressKind(pool, given);
  if (byAddress) attributes.set(byAddress, canonical(pool, given));
  return {
    name: byAddress ? sub : canonical(pool, given),
    attributes: new Map([...[...attributes].filter(([, value]) => value !== ''), ['sub', sub]]),
    created: new Date(now),
    modified: new Date(now),
    enabled: true,
    status: 'UNCONFIRMED',
    password: undefined,
    passwordSet: now,
    passwordHistory: [],
    totp: undefined,
    mfaEnabled: false,
    mfaPreferred: false,
    codes: new Map(),
    failedSignIns: 0,
    lastFailure: 0,
    lockedUntil: 0,
  };
}

/** Which address the given username is, in pools whose users sign in with one. */
function addressKind({ settings }: UserPool, given: string): 'email' | 'phone_number' | undefined {
  const kinds = settings.UsernameAttributes ?? [];
  if (kinds.length === 0) {
    if (settings.AliasAttributes?.includes('email') && !badEmail(given)) {
      throw invalidParameter('Username cannot be of email format, since user pool is configured for email alias.');
    }
    if (settings.AliasAttributes?.includes('phone_number') && !badPhone(given)) {
      throw invalidParameter(
        'Username cannot be of phone number format, since user pool is configured for phone number alias.',
      );
    }
    return undefined;
  }
  if (kinds.includes('email') && !badEmail(given)) return 'email';
  if (kinds.includes('phone_number') && !badPhone(given)) return 'phone_number';
  if (kinds.length > 1) throw invalidParameter('Username should be either an email or a phone number.');
  throw invalidParameter(kinds[0] === 'email' ? 'Username should be an email.' : 'Username should be a phone number.');
}

/** Throws UsernameExistsException when somebody of that name is there. */
export function checkFree(pool: UserPool, given: string, message: string): void {
  if (!findUser(pool, given)) return;
  const kind = addressKind(pool, given);
  const text = kind ? `An account with the given ${kind} already exists.` : message;
  throw new AwsError('UsernameExistsException', text);
}

/** Throws AliasExistsException when a verified alias of this user is another's already; with `force` it is taken from them. */
export function checkAliases(pool: UserPool, user: User, force = false): void {
  for (const alias of pool.settings.AliasAttributes ?? []) {
    const value = user.attributes.get(alias);
    const counts = alias === 'preferred_username' || user.attributes.get(`${alias}_verified`) === 'true';
    if (value === undefined || !counts) continue;
    const holder = findUser(pool, value);
    if (!holder || holder.name === user.name) continue;
    if (!force) throw new AwsError('AliasExistsException', `An account with the given ${alias} already exists.`);
    if (alias === 'preferred_username') holder.attributes.delete(alias);
    else holder.attributes.set(`${alias}_verified`, 'false');
  }
}
