import { randomBytes } from 'node:crypto';
import type { Caller, Cloud, Credentials } from '../service.ts';
import { uniqueId } from './state.ts';

const defaultAccount = '000000000000';

interface UserKey {
  readonly kind: 'user';
  readonly secretAccessKey: string;
  readonly account: string;
  readonly userName: string;
}

interface SessionKey {
  readonly kind: 'session';
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
  readonly caller: Caller;
}

/** What one access key stands for. */
export type KeyRecord = UserKey | SessionKey;

/** Keys are found before their account is known, so they lie in one place for all accounts. */
function keys(cloud: Cloud): Map<string, KeyRecord> {
  return cloud.store('credentials', 'all', 'global', () => ({ keys: new Map<string, KeyRecord>() })).keys;
}

/** The root caller an access key stands for: `test` the default account's, 12 digits that account's. */
export function rootOf(accessKeyId: string): Caller | undefined {
  const account = accessKeyId === 'test' ? defaultAccount : accessKeyId;
  if (!/^\d{12}$/.test(account)) return undefined;
  return { account, type: 'root', arn: `arn:aws:iam::${account}:root`, userId: account, accessKeyId };
}

export function findKey(cloud: Cloud, accessKeyId: string): KeyRecord | undefined {
  return keys(cloud).get(accessKeyId);
}

/** Makes a user's long-term key. The secret is returned once and kept only to verify signatures. */
export function issueUserKey(
  cloud: Cloud,
  account: string,
  userName: string,
): { accessKeyId: string; secretAccessKey: string } {
  const accessKeyId = uniqueId('AKIA');
  const secretAccessKey = secret(30);
  keys(cloud).set(accessKeyId, { kind: 'user', secretAccessKey, account, userName });
  return { accessKeyId, secretAccessKey };
}

export function removeUserKey(cloud: Cloud, accessKeyId: string): void {
  keys(cloud).delete(accessKeyId);
}

/** Makes temporary credentials for a caller; the caller is returned with its access key. */
export function issueSession(
  cloud: Cloud,
  caller: Caller,
  durationSeconds: number,
): { credentials: Required<Credentials>; caller: Caller } {
  forgetOldSessions(cloud);
  const credentials = {
    accessKeyId: uniqueId('ASIA'),
    secretAccessKey: secret(30),
    sessionToken: secret(270),
    expiration: new Date(cloud.clock.now() + durationSeconds * 1000),
  };
  const { accessKeyId, ...rest } = credentials;
  const session = { ...caller, accessKeyId };
  keys(cloud).set(accessKeyId, { kind: 'session', ...rest, caller: session });
  return { credentials, caller: session };
}

/** A key that ran out is answered with ExpiredToken for a day, and is unknown after that. */
const rememberedMs = 24 * 3600_000;

function forgetOldSessions(cloud: Cloud): void {
  const oldest = cloud.clock.now() - rememberedMs;
  for (const [id, key] of keys(cloud)) {
    if (key.kind === 'session' && key.expiration.getTime() < oldest) keys(cloud).delete(id);
  }
}

function secret(bytes: number): string {
  return randomBytes(bytes).toString('base64');
}
