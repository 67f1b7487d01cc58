import type {
  GetTokensFromRefreshTokenCommandInput,
  GetTokensFromRefreshTokenCommandOutput,
  RevokeTokenCommandInput,
  RevokeTokenCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import { AwsError } from '../../errors.ts';
import { operation } from '../../service.ts';
import { invalidParameter, notAuthorized } from './errors.ts';
import { required } from './initiate-auth.ts';
import { clientById, forAnybody } from './references.ts';
import { checkSecretHash } from './secret-hash.ts';
import type { SignIn, SignInAnswer } from './sign-in.ts';
import type { AppClient, Grant, User } from './state.ts';
import { issueTokens, newRefreshToken } from './tokens.ts';

/** REFRESH_TOKEN_AUTH: new ID and access tokens, the refresh token stays. Clients that rotate refresh tokens can't use it. */
export async function refresh(signIn: SignIn, parameters: Readonly<Record<string, string>>): Promise<SignInAnswer> {
  const { client } = signIn;
  if (rotates(client))
    throw invalidParameter('REFRESH_TOKEN_AUTH is not supported when refresh token rotation is enabled.');
  const { grant, user } = holderOfRefreshToken(signIn, required(parameters, 'REFRESH_TOKEN'));
  const hash = parameters['SECRET_HASH'];
  if (client.secret !== undefined || hash !== undefined) {
    // "For REFRESH_TOKEN_AUTH, the username in the hash is the user's own or their sub."
    try {
      checkSecretHash(client, user.name, hash);
    } catch {
      checkSecretHash(client, user.attributes.get('sub') ?? '', hash);
    }
  }
  const context = { ...signIn, user, reason: 'RefreshTokens' };
  const AuthenticationResult = await issueTokens(context, grant, { withRefreshToken: false });
  return { AuthenticationResult, ChallengeParameters: {} };
}

/** The same by the client's secret, and the way to refresh where refresh tokens rotate: each is good once, and a moment more. */
export const getTokensFromRefreshToken = operation<
  GetTokensFromRefreshTokenCommandInput,
  GetTokensFromRefreshTokenCommandOutput
>({
  demands: forAnybody,
  async run(input, { cloud }) {
    const { pool, client } = clientById(cloud, input.ClientId);
    if (client.secret !== input.ClientSecret) {
      throw notAuthorized(`Unable to verify client secret for client ${client.id}`);
    }
    const signIn = { cloud, pool, client, metadata: input.ClientMetadata };
    const token = input.RefreshToken ?? '';
    const { grant, user } = holderOfRefreshToken(signIn, token);
    const context = { ...signIn, user, reason: 'RefreshTokens' };
    const AuthenticationResult = await issueTokens(context, grant, { withRefreshToken: false });
    if (!rotates(client)) return { AuthenticationResult };
    const grace = (client.settings.RefreshTokenRotation?.RetryGracePeriodSeconds ?? 0) * 1000;
    const known = pool.refreshTokens.get(token);
    if (known) {
      const until = Math.min(known.until, cloud.clock.now() + grace);
      pool.refreshTokens.set(token, { ...known, until, isReplaced: true });
    }
    return { AuthenticationResult: { ...AuthenticationResult, RefreshToken: newRefreshToken(context, grant) } };
  },
});

export const revokeToken = operation<RevokeTokenCommandInput, RevokeTokenCommandOutput>({
  demands: forAnybody,
  run(input, { cloud }) {
    const { pool, client } = clientById(cloud, input.ClientId);
    if (client.secret !== input.ClientSecret) {
      throw notAuthorized(`Unable to verify client secret for client ${client.id}`);
    }
    if (client.settings.EnableTokenRevocation === false) {
      throw new AwsError('UnsupportedOperationException', 'Token revocation is not enabled for this client.');
    }
    const known = pool.refreshTokens.get(input.Token ?? '');
    const grant = known && pool.grants.get(known.eventId);
    if (!known && (input.Token ?? '').split('.').length === 3) {
      throw new AwsError('UnsupportedTokenTypeException', 'Unsupported token type');
    }
    // "RevokeToken" of a token nobody knows is no error (RFC 7009); another client's is.
    if (grant && grant.clientId !== client.id) throw notAuthorized('Token was not issued to this client.');
    if (grant) grant.revoked = true;
    return {};
  },
});

/** Whose refresh token it is. Throws NotAuthorizedException when it is not this client's, too old or revoked. */
export function holderOfRefreshToken({ cloud, pool, client }: SignIn, token: string): { grant: Grant; user: User } {
  const known = pool.refreshTokens.get(token);
  const grant = known && pool.grants.get(known.eventId);
  if (!known || !grant || grant.clientId !== client.id) throw notAuthorized('Invalid Refresh Token');
  if (grant.revoked) throw notAuthorized('Refresh Token has been revoked');
  if (known.until <= cloud.clock.now()) {
    // "RefreshTokenReuseException", Amazon Cognito User Pools API Reference: a token that rotation has made invalid.
    if (known.isReplaced) throw new AwsError('RefreshTokenReuseException', 'Refresh token has been invalidated');
    throw notAuthorized('Refresh Token has expired');
  }
  const user = pool.users.get(grant.user);
  if (!user) throw notAuthorized('Invalid Refresh Token');
  if (!user.enabled) throw notAuthorized('User is disabled.');
  return { grant, user };
}

/** Does each refresh give another refresh token? */
export function rotates({ settings }: AppClient): boolean {
  return settings.RefreshTokenRotation?.Feature === 'ENABLED';
}
