import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tokenVerifier } from '../src/authorizer/verify-token.ts';
import { idToken, jwksCache, pool } from './tokens.ts';

const verify = tokenVerifier(pool, jwksCache);
const valid = await idToken();
const [header = '', payload = '', signature = ''] = valid.split('.');
const isLetIn = async (token: string) => !('refusal' in (await verify(`Bearer ${token}`)));
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const changedLetter = fc
  .tuple(fc.nat(valid.length - 1), fc.constantFrom(...letters, '.', '=', ' '))
  .map(([at, letter]) => valid.slice(0, at) + letter + valid.slice(at + 1));
const cut = fc.tuple(fc.nat(valid.length), fc.nat(valid.length)).map(([a, b]) => valid.slice(0, a) + valid.slice(b));
const grown = fc
  .tuple(fc.nat(valid.length), fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 8 }))
  .map(([at, more]) => valid.slice(0, at) + more + valid.slice(at));
const json = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const otherClaims = fc
  .record({
    'custom:tenant_id': fc.string({ minLength: 20, maxLength: 40 }),
    sub: fc.uuid(),
    exp: fc.integer({ min: 1 }),
    aud: fc.string(),
  })
  .map((change) => {
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return [header, json({ ...claims, ...change }), signature].join('.');
  });
const otherHeader = fc
  .record({
    alg: fc.constantFrom('none', 'None', 'HS256', 'RS512', 'ES256', ''),
    typ: fc.constantFrom('JWT', 'at+jwt'),
  })
  .map((change) => [json({ kid: 'signing-key-1', ...change }), payload, signature].join('.'));
const mixed = fc.shuffledSubarray([header, payload, signature], { minLength: 1 }).map((parts) => parts.join('.'));

test('nothing but the token itself is let in: no mutation of it, however small', async () => {
  expect(await isLetIn(valid)).toBe(true);
  await fc.assert(
    fc.asyncProperty(fc.oneof(changedLetter, cut, grown, otherClaims, otherHeader, mixed), async (token) => {
      expect(await isLetIn(token)).toBe(token === valid);
    }),
    { numRuns: 400 },
  );
});
