import { createPrivateKey, createPublicKey, generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { JWK } from 'jose';
import type { SigningKey, SigningKeys, UserPool } from './state.ts';

const generate = promisify(generateKeyPair);

/** Two callers at once get the same keys. */
const making = new WeakMap<UserPool, Promise<SigningKeys>>();

/** The pool's keys: 2048 bits RSA, one for ID tokens and one for access tokens. */
export async function keysOf(pool: UserPool): Promise<SigningKeys> {
  if (pool.keys) return pool.keys;
  const pending = making.get(pool) ?? newKeys([]);
  making.set(pool, pending);
  pool.keys = await pending;
  return pool.keys;
}

/** New keys sign from now on; tokens signed before are still verified by the ones that are published beside them. */
export async function rotateKeys(pool: UserPool): Promise<void> {
  const { id, access, retired } = await keysOf(pool);
  pool.keys = await newKeys([id, access, ...retired]);
}

/** The public halves, as `jwks.json` lists them. */
export async function publicKeys(pool: UserPool): Promise<JWK[]> {
  const { id, access, retired } = await keysOf(pool);
  return [id, access, ...retired].map(({ kid, privateKey }) => {
    const { kty, n, e } = createPublicKey(privateKey).export({ format: 'jwk' });
    return { alg: 'RS256', e: e as string, kid, kty: kty as string, n: n as string, use: 'sig' };
  });
}

export function privateKeyOf({ privateKey }: SigningKey) {
  return createPrivateKey(privateKey);
}

async function newKeys(retired: readonly SigningKey[]): Promise<SigningKeys> {
  const [id, access] = await Promise.all([newKey(), newKey()]);
  return { id, access, retired };
}

async function newKey(): Promise<SigningKey> {
  const { privateKey } = await generate('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return { kid: randomBytes(32).toString('base64'), privateKey };
}
