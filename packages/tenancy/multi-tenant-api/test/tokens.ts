import { generateKeyPairSync } from 'node:crypto';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { exportJWK, type JWTPayload, SignJWT } from 'jose';

export const pool = { userPoolId: 'us-east-1_AbCdEfGhI', clientId: '1example23456789' };
export const issuer = `https://cognito-idp.us-east-1.amazonaws.com/${pool.userPoolId}`;
export const tenantId = 'acme-0123456789abcdefghij';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const kid = 'signing-key-1';

export { publicKey };

const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }] };

/** Keys as `jwks.json` of the pool has them; nothing is fetched. */
export const jwksCache = new SimpleJwksCache({
  fetcher: { fetch: async () => new TextEncoder().encode(JSON.stringify(jwks)).buffer },
});

/** An ID token as Cognito makes it, but for what is changed. */
export function idToken(change: JWTPayload = {}, header: { alg?: string; kid?: string } = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    sub: 'b5f2b1a0-0000-4000-8000-000000000001',
    'cognito:username': 'ann',
    'custom:tenant_id': tenantId,
    iss: issuer,
    aud: pool.clientId,
    token_use: 'id',
    auth_time: now,
    iat: now,
    exp: now + 900,
    ...change,
  };
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid, ...header }).sign(privateKey);
}
