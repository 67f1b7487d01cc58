import { createHash, randomUUID } from 'node:crypto';
import { AwsError } from '../../../errors.ts';
import { customScopes, tokenValidity } from '../client-settings.ts';
import { issuerOf } from '../issuer.ts';
import { holderOfRefreshToken, rotates } from '../refresh-token.ts';
import { keysOf } from '../signing-keys.ts';
import type { AppClient, Grant } from '../state.ts';
import { issueTokens, newGrant, newRefreshToken, sign, type TokenContext } from '../tokens.ts';
import { type HostedAnswer, type HostedRequest, json, OAuthError } from './answers.ts';
import { authenticatedClient } from './client-authentication.ts';

/** `POST /oauth2/token` ("Token endpoint", Cognito Developer Guide). */
export async function token(request: HostedRequest): Promise<HostedAnswer> {
  const { form } = request;
  const grantType = form.get('grant_type');
  if (grantType === null) throw new OAuthError('invalid_request', 'grant_type is required');
  const client = authenticatedClient(request);
  switch (grantType) {
    case 'authorization_code':
      return json(200, await redeemCode(request, client));
    case 'refresh_token':
      return json(200, await refresh(request, client));
    case 'client_credentials':
      return json(200, await forMachines(request, client));
    default:
      throw new OAuthError('unsupported_grant_type');
  }
}

/** A code is good once, for the client and redirect URI it was given to, with the verifier of its challenge (RFC 7636). */
async function redeemCode({ cloud, pool, form }: HostedRequest, client: AppClient): Promise<object> {
  if (!client.settings.AllowedOAuthFlows?.includes('code')) throw new OAuthError('unauthorized_client');
  const code = form.get('code') ?? '';
  const known = pool.authorizationCodes.get(code);
  pool.authorizationCodes.delete(code);
  const user = known && pool.users.get(known.user);
  if (!user?.enabled || known?.clientId !== client.id || known.expires <= cloud.clock.now()) {
    throw new OAuthError('invalid_grant');
  }
  if (known.redirectUri !== form.get('redirect_uri')) throw new OAuthError('invalid_grant');
  const verifier = form.get('code_verifier');
  const challenge = verifier === null ? undefined : createHash('sha256').update(verifier).digest('base64url');
  if (challenge !== known.codeChallenge) throw new OAuthError('invalid_grant');
  const context = { cloud, pool, client, user, reason: 'HostedAuth', nonce: known.nonce };
  return tokensFor(context, newGrant(context, known.scopes), { withRefreshToken: true });
}

async function refresh({ cloud, pool, form }: HostedRequest, client: AppClient): Promise<object> {
  const signIn = { cloud, pool, client };
  const given = form.get('refresh_token') ?? '';
  try {
    const { grant, user } = holderOfRefreshToken(signIn, given);
    const context = { ...signIn, user, reason: 'RefreshTokens' };
    const tokens = await tokensFor(context, grant, { withRefreshToken: false });
    if (!rotates(client)) return tokens;
    pool.refreshTokens.delete(given);
    return { ...tokens, refresh_token: newRefreshToken(context, grant) };
  } catch (error) {
    if (error instanceof AwsError && error.code === 'NotAuthorizedException') throw new OAuthError('invalid_grant');
    throw error;
  }
}

async function tokensFor(context: TokenContext, grant: Grant, options: { withRefreshToken: boolean }): Promise<object> {
  const made = await issueTokens(context, grant, options);
  return {
    ...(grant.scopes.includes('openid') && { id_token: made.IdToken }),
    access_token: made.AccessToken,
    ...(made.RefreshToken !== undefined && { refresh_token: made.RefreshToken }),
    expires_in: made.ExpiresIn,
    token_type: 'Bearer',
  };
}

/** An access token for the client itself, with scopes of the pool's resource servers. */
async function forMachines({ cloud, pool, form }: HostedRequest, client: AppClient): Promise<object> {
  const { AllowedOAuthFlows, AllowedOAuthScopes = [] } = client.settings;
  if (!AllowedOAuthFlows?.includes('client_credentials') || client.secret === undefined) {
    throw new OAuthError('unauthorized_client');
  }
  const known = customScopes(pool).filter((scope) => AllowedOAuthScopes.includes(scope));
  const asked = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  if (asked.some((scope) => !known.includes(scope))) throw new OAuthError('invalid_scope');
  const now = Math.floor(cloud.clock.now() / 1000);
  const { access } = tokenValidity(client);
  const claims = {
    sub: client.id,
    token_use: 'access',
    scope: (asked.length > 0 ? asked : known).join(' '),
    auth_time: now,
    iss: issuerOf(pool),
    exp: now + access,
    iat: now,
    version: 2,
    jti: randomUUID(),
    client_id: client.id,
  };
  return { access_token: await sign(claims, (await keysOf(pool)).access), expires_in: access, token_type: 'Bearer' };
}
