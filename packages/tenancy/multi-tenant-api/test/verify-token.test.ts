import { createSecretKey } from 'node:crypto';
import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose';
import { expect, test } from 'vitest';
import { tokenVerifier } from '../src/authorizer/verify-token.ts';
import { idToken, jwksCache, pool, publicKey, tenantId } from './tokens.ts';

const verify = tokenVerifier(pool, jwksCache);
const now = Math.floor(Date.now() / 1000);

test('an ID token of this app is let in, with its tenant', async () => {
  expect(await verify(`Bearer ${await idToken()}`)).toMatchObject({ 'custom:tenant_id': tenantId });
});

/** What confuses verifiers that take the algorithm from the token: the public key as a shared secret. */
async function withPublicKeyAsSecret(): Promise<string> {
  const secret = createSecretKey(Buffer.from(publicKey.export({ type: 'spki', format: 'pem' })));
  const claims = decodeJwt(await idToken());
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'signing-key-1' }).sign(secret);
}

test.each([
  ['expired', () => idToken({ exp: now - 1 })],
  ['not yet valid', () => idToken({ nbf: now + 600 })],
  ['of another issuer', () => idToken({ iss: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Another12' })],
  ['of another app', () => idToken({ aud: 'another' })],
  ['an access token', () => idToken({ token_use: 'access' })],
  ['without expiry', () => idToken({ exp: undefined })],
  ['without a signature', async () => new UnsecuredJWT(decodeJwt(await idToken())).encode()],
  ['signed with the public key as a secret', withPublicKeyAsSecret],
  ['signed with a key the pool does not have', () => idToken({}, { kid: 'signing-key-2' })],
])('a token that is %s is refused', async (_, token) => {
  expect(await verify(`Bearer ${await token()}`)).toHaveProperty('refusal');
});

test.each(['', 'Bearer', 'Bearer  a.b.c', 'Basic YTpi', 'Bearer a.b', 'bearer a.b.c', 'Bearer a.b.c.d'])(
  '%j is no bearer token',
  async (authorization) => {
    expect(await verify(authorization)).toEqual({ refusal: 'no bearer token' });
  },
);
