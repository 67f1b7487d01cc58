import { generateKeyPairSync } from 'node:crypto';
import {
  CreateUserPoolClientCommand,
  DeleteUserPoolClientCommand,
  GlobalSignOutCommand,
  NotAuthorizedException,
  SignUpCommand,
  UpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  admin,
  call,
  cognito,
  countedOf,
  farFromMidnight,
  invitedUser,
  keyOf,
  newTenant,
  newUser,
  output,
  refreshed,
  signedIn,
  tokens,
  used,
} from './deployed.ts';

const [unauthorized, forbidden] = [401, 403];
let tenant: string;
let valid: string;
let access: string;
let otherClient: string | undefined;

beforeAll(async () => {
  tenant = await newTenant('standard');
  const signedInTokens = await tokens(await newUser(tenant));
  [valid, access] = [signedInTokens.IdToken as string, signedInTokens.AccessToken as string];
});
afterAll(async () => {
  if (otherClient === undefined) return;
  const UserPoolId = await output('UserPoolId');
  await cognito.send(new DeleteUserPoolClientCommand({ UserPoolId, ClientId: otherClient }));
});

beforeEach(farFromMidnight);

const now = Math.floor(Date.now() / 1000);
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

/** The valid token's claims, changed, signed by a stranger under the pool's key ID. */
function forged(change: Record<string, unknown>): Promise<string> {
  const { kid } = decodeProtectedHeader(valid);
  return new SignJWT({ ...decodeJwt(valid), ...change })
    .setProtectedHeader({ alg: 'RS256', ...(kid !== undefined && { kid }) })
    .sign(stranger);
}

/** A token of the pool for another of its apps. */
async function ofAnotherApp(): Promise<string> {
  const UserPoolId = await output('UserPoolId');
  const { UserPoolClient } = await cognito.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: 'another app',
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      ReadAttributes: ['email', 'custom:tenant_id'],
    }),
  );
  otherClient = UserPoolClient?.ClientId as string;
  return (await tokens(await newUser(tenant), otherClient)).IdToken as string;
}

/** The same token with one character of its signature changed. */
function bent(token: string): string {
  const at = token.length - 10;
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
}

const cases: readonly [what: string, token: () => string | undefined | Promise<string>, status: number][] = [
  ['no token', () => undefined, unauthorized],
  ['garbage', () => 'garbage', unauthorized],
  ['garbage of the shape of a token', () => 'a.b.c', unauthorized],
  ['a token without signature (alg none)', () => new UnsecuredJWT(decodeJwt(valid)).encode(), unauthorized],
  ['a token whose signature was changed', () => bent(valid), unauthorized],
  ['a token of the right claims signed with another key', () => forged({}), unauthorized],
  ['a token of another issuer', () => forged({ iss: 'https://evil.example.com' }), unauthorized],
  // Cognito signs neither: what a good signature would not help is what the package's own tests show of the verifier.
  ['a token that has expired', () => forged({ exp: now - 1 }), unauthorized],
  ['a token that is not yet valid', () => forged({ nbf: now + 600 }), unauthorized],
  ['a token that says another tenant', () => forged({ 'custom:tenant_id': 'x'.repeat(24) }), unauthorized],
  ['an access token', () => access, unauthorized],
  ['a token for another app of the pool', ofAnotherApp, unauthorized],
  ['a user without a tenant', () => signedIn(), forbidden],
  ['a user of a tenant that is not in the table', () => signedIn('nobody-0123456789abcdefghij'), forbidden],
];

describe('given a tenant with a plan', () => {
  test.each(cases)('when %s comes, then it is refused and nothing is counted', async (_, token, status) => {
    const before = await used(valid);
    expect((await call('products', await token())).status).toBe(status);
    expect(await used(valid)).toBe(before);
  });

  test('when a user of a suspended tenant comes, then they are refused, nothing is counted, and they get no new token', async () => {
    const suspended = await newTenant('standard');
    const { IdToken, RefreshToken } = await tokens(await invitedUser(suspended));
    expect((await refreshed(RefreshToken)).IdToken).toBeDefined();
    await admin('PATCH', `tenants/${suspended}`, { status: 'SUSPENDED' });
    expect((await call('products', IdToken)).status).toBe(forbidden);
    expect(await countedOf(suspended)).toBe(0);
    await expect(refreshed(RefreshToken)).rejects.toThrow(NotAuthorizedException);
  });

  test('when somebody has signed out, then their refresh token is worth nothing, and their ID token a quarter of an hour at most', async () => {
    const { IdToken = '', AccessToken, RefreshToken } = await tokens(await newUser(tenant));
    await cognito.send(new GlobalSignOutCommand({ AccessToken }));
    await expect(refreshed(RefreshToken)).rejects.toThrow(NotAuthorizedException);
    const { iat = 0, exp = 0 } = decodeJwt(IdToken);
    expect(exp - iat).toBe(900);
  });

  test('when a user writes another tenant into their attributes, or signs up with one, then Cognito refuses', async () => {
    const UserAttributes = [{ Name: 'custom:tenant_id', Value: 'x'.repeat(24) }];
    await expect(
      cognito.send(new UpdateUserAttributesCommand({ AccessToken: access, UserAttributes })),
    ).rejects.toThrow(NotAuthorizedException);
    const signUp = { ClientId: await output('ClientId'), Username: 'eve@example.com', Password: 'Correct-Horse-1!' };
    await expect(cognito.send(new SignUpCommand({ ...signUp, UserAttributes }))).rejects.toThrow(
      NotAuthorizedException,
    );
  });

  test('when a client sends another tenant’s API key, then its own tenant is counted', async () => {
    const other = await newTenant('standard');
    const user = await signedIn(other);
    const [before, headers] = [await used(valid), { 'x-api-key': (await keyOf(tenant)).value ?? '' }];
    expect((await call('products', user, { headers })).status).toBe(200);
    expect((await call('products', undefined, { headers })).status).toBe(unauthorized);
    expect([await used(user), await used(valid)]).toEqual([1, before]);
  });

  test('when a tenant’s token is used for the admin API, then it opens nothing', async () => {
    expect((await call('admin/tenants', valid)).status).toBe(forbidden);
  });
});

describe('given two tenants', () => {
  test('when both keep products, then each sees its own, whatever the authorizer has in its cache', async () => {
    const other = await signedIn(await newTenant('standard'));
    const post = (name: string, token: string) =>
      call('products', token, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name }),
      });
    const { body: tea } = await post('tea', valid);
    expect((await post('coffee', other)).status).toBe(201);
    for (let round = 0; round < 3; round++) {
      const names = async (token: string) =>
        (await call('products', token)).body.products.map((product: { name: string }) => product.name);
      expect([await names(valid), await names(other)]).toEqual([['tea'], ['coffee']]);
    }
    expect((await call(`products/${tea.productId}`, other)).status).toBe(404);
  });
});
