import { randomUUID } from 'node:crypto';
import type { AuthenticationResultType } from '@aws-sdk/client-cognito-identity-provider';
import { type JWTPayload, SignJWT } from 'jose';
import type { Cloud } from '../../service.ts';
import { readable, tokenValidity } from './client-settings.ts';
import { groupsOf } from './groups.ts';
import { issuerOf } from './issuer.ts';
import { keysOf, privateKeyOf } from './signing-keys.ts';
import type { AppClient, Grant, SigningKey, User, UserPool } from './state.ts';
import { type TokenClaims, withTriggerClaims } from './token-trigger.ts';

/** The scope of tokens from the API: they may call the API for their user. */
export const userAdminScope = 'aws.cognito.signin.user.admin';

export interface TokenContext {
  readonly cloud: Cloud;
  readonly pool: UserPool;
  readonly client: AppClient;
  readonly user: User;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Why, as the trigger sees it: `Authentication`, `HostedAuth`, `NewPasswordChallenge`, `RefreshTokens`. */
  readonly reason: string;
  readonly nonce?: string | undefined;
}

/** A sign-in that is complete: remembered, so that it can be refreshed and revoked. */
export function newGrant({ cloud, pool, client, user }: TokenContext, scopes: readonly string[]): Grant {
  const grant: Grant = {
    eventId: randomUUID(),
    user: user.name,
    clientId: client.id,
    originJti: randomUUID(),
    authTime: Math.floor(cloud.clock.now() / 1000),
    scopes,
    revoked: false,
  };
  pool.grants.set(grant.eventId, grant);
  return grant;
}

/** ID and access token of a grant, and a refresh token for the first time. */
export async function issueTokens(
  context: TokenContext,
  grant: Grant,
  { withRefreshToken }: { readonly withRefreshToken: boolean },
): Promise<AuthenticationResultType> {
  const { cloud, pool, client } = context;
  const now = Math.floor(cloud.clock.now() / 1000);
  const validity = tokenValidity(client);
  const { id, access } = await withTriggerClaims(context, grant, claimsOf(context, grant, now));
  const keys = await keysOf(pool);
  const [IdToken, AccessToken] = await Promise.all([
    sign({ ...id, iat: now, exp: now + validity.id }, keys.id),
    sign({ ...access, iat: now, exp: now + validity.access }, keys.access),
  ]);
  return {
    AccessToken,
    IdToken,
    ExpiresIn: validity.access,
    TokenType: 'Bearer',
    ...(withRefreshToken && { RefreshToken: newRefreshToken(context, grant) }),
  };
}

/** A refresh token of a grant, valid as long as the client says from now. */
export function newRefreshToken({ cloud, pool, client }: Omit<TokenContext, 'user'>, grant: Grant): string {
  const token = `${randomUUID()}${randomUUID()}${randomUUID()}`.replaceAll('-', '');
  const until = cloud.clock.now() + tokenValidity(client).refresh * 1000;
  pool.refreshTokens.set(token, { eventId: grant.eventId, until });
  return token;
}

/** A JSON web token, RS256. */
export function sign(claims: JWTPayload, key: SigningKey): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ kid: key.kid, alg: 'RS256' }).sign(privateKeyOf(key));
}

/** "Understanding the identity (ID) token" and "Understanding the access token", Cognito Developer Guide. */
function claimsOf({ pool, client, user, nonce }: TokenContext, grant: Grant, now: number): TokenClaims {
  const groups = groupsOf(pool, user.name);
  const names = groups.map(({ GroupName }) => GroupName as string);
  const roles = groups.flatMap(({ RoleArn }) => RoleArn ?? []);
  const sub = user.attributes.get('sub') as string;
  const revocable = client.settings.EnableTokenRevocation !== false;
  const origin = revocable ? { origin_jti: grant.originJti } : {};
  const jti = () => (revocable ? { jti: randomUUID() } : {});
  const grouped = names.length > 0 ? { 'cognito:groups': names } : {};
  const common = { event_id: grant.eventId, auth_time: grant.authTime, ...origin, iss: issuerOf(pool) };
  const isOpenId = grant.scopes.includes('openid');
  return {
    id: {
      ...profileClaims(user, scopedAttributes(grant.scopes, readable(client))),
      sub,
      ...grouped,
      ...(roles.length > 0 && { 'cognito:roles': roles, 'cognito:preferred_role': roles[0] }),
      'cognito:username': user.name,
      ...(nonce !== undefined && { nonce }),
      ...common,
      aud: client.id,
      token_use: 'id',
      ...jti(),
    },
    access: {
      sub,
      ...grouped,
      ...common,
      ...(isOpenId && { version: 2 }),
      client_id: client.id,
      token_use: 'access',
      scope: grant.scopes.join(' '),
      ...jti(),
      username: user.name,
    },
    groups: names,
    roles,
    now,
  };
}

/**
 * What of the profile a sign-in's scopes open ("Scopes, M2M, and resource servers"): `openid` alone and `profile` all that the client
 * reads, `email` and `phone` those. Tokens of the API have no such scopes and tell everything.
 */
export function scopedAttributes(scopes: readonly string[], names: readonly string[]): readonly string[] {
  const narrowing = scopes.filter((scope) => ['profile', 'email', 'phone'].includes(scope));
  if (!scopes.includes('openid') || narrowing.length === 0 || narrowing.includes('profile')) return names;
  const opened = [
    'sub',
    ...(scopes.includes('email') ? ['email', 'email_verified'] : []),
    ...(scopes.includes('phone') ? ['phone_number', 'phone_number_verified'] : []),
  ];
  return names.filter((name) => opened.includes(name));
}

/** The attributes a client may read. Whether addresses are verified is a boolean, everything else is text. */
function profileClaims(user: User, names: readonly string[]): Record<string, unknown> {
  const seen = [...user.attributes].filter(([name]) => names.includes(name));
  return Object.fromEntries(seen.map(([name, value]) => [name, name.endsWith('_verified') ? value === 'true' : value]));
}
