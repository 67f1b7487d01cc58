import { createLocalJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import type { Cloud } from '../../service.ts';
import { notAuthorized } from './errors.ts';
import { issuerOf } from './issuer.ts';
import { findPool } from './references.ts';
import { publicKeys } from './signing-keys.ts';
import type { AppClient, Grant, User, UserPool } from './state.ts';
import { userAdminScope } from './tokens.ts';

/** Who holds an access token. */
export interface TokenHolder {
  readonly pool: UserPool;
  readonly client: AppClient;
  readonly user: User;
  readonly grant: Grant;
  readonly claims: JWTPayload;
}

/** The user that may call the API with this token. Throws NotAuthorizedException for every token that opens nothing. */
export async function holderOf(cloud: Cloud, token: string | undefined, scope = userAdminScope): Promise<TokenHolder> {
  const claims = await verified(cloud, token ?? '');
  const pool = findPool(cloud, poolIdOf(claims.iss));
  const grant = pool?.grants.get(String(claims['event_id']));
  const client = pool?.clients.get(String(claims['client_id']));
  const user = pool?.users.get(String(claims['username']));
  if (!pool || !grant || !client || claims['token_use'] !== 'access') throw notAuthorized('Invalid Access Token');
  if (grant.revoked || !user) throw notAuthorized('Access Token has been revoked');
  if (
    !String(claims['scope'] ?? '')
      .split(' ')
      .includes(scope)
  ) {
    throw notAuthorized('Access Token does not have required scopes');
  }
  if (!user.enabled) throw notAuthorized('User is disabled.');
  return { pool, client, user, grant, claims };
}

async function verified(cloud: Cloud, token: string): Promise<JWTPayload> {
  try {
    const pool = findPool(cloud, poolIdOf(decodeJwt(token).iss));
    if (!pool) throw notAuthorized('Invalid Access Token');
    const keys = createLocalJWKSet({ keys: await publicKeys(pool) });
    const currentDate = new Date(cloud.clock.now());
    const { payload } = await jwtVerify(token, keys, { algorithms: ['RS256'], issuer: issuerOf(pool), currentDate });
    return payload;
  } catch (error) {
    throw notAuthorized(error instanceof errors.JWTExpired ? 'Access Token has expired' : 'Invalid Access Token');
  }
}

function poolIdOf(issuer: string | undefined): string {
  return issuer?.split('/').at(-1) ?? '';
}
