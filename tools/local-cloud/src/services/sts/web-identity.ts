import { createLocalJWKSet, decodeJwt, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { AwsError } from '../../errors.ts';
import { type OidcProvider, oidcProviders } from '../../iam/oidc-providers.ts';
import type { Cloud } from '../../service.ts';

/** What an identity provider of the account vouches for. */
export interface WebIdentity {
  readonly provider: OidcProvider;
  readonly claims: JWTPayload;
  /** The client the token was made for: `azp` where there is one, `aud` otherwise. */
  readonly audience: string;
}

/** "Create an OpenID Connect identity provider in IAM", IAM User Guide. */
const algorithms = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'];

/**
 * Verifies an ID token against the keys its issuer publishes on this machine. Throws InvalidIdentityToken,
 * ExpiredTokenException or IDPCommunicationError as AssumeRoleWithWebIdentity answers them.
 */
export async function verifyToken(cloud: Cloud, account: string, token: string): Promise<WebIdentity> {
  const issuer = issuerOf(token);
  const url = issuer.replace(/^https?:\/\//, '').replace(/\/$/, '');
  const provider = oidcProviders(cloud, account).get(`arn:aws:iam::${account}:oidc-provider/${url}`);
  if (!provider) throw invalidToken(`No OpenIDConnect provider found in your account for ${issuer}`);
  const keys = createLocalJWKSet(await keysOf(issuer));
  const claims = await verified(token, keys, new Date(cloud.clock.now()));
  const audiences = [claims.aud ?? []].flat();
  if (!audiences.some((audience) => provider.clientIds.has(audience))) throw invalidToken('Incorrect token audience');
  const azp = claims['azp'];
  return { provider, claims, audience: typeof azp === 'string' ? azp : (audiences[0] as string) };
}

function issuerOf(token: string): string {
  try {
    const { iss } = decodeJwt(token);
    if (iss !== undefined) return iss;
  } catch {
    throw invalidToken(
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    );
  }
  throw invalidToken('Missing a required claim: iss');
}

async function verified(token: string, keys: ReturnType<typeof createLocalJWKSet>, now: Date): Promise<JWTPayload> {
  try {
    return (
      await jwtVerify(token, keys, { algorithms, currentDate: now, requiredClaims: ['aud', 'exp', 'iat', 'sub'] })
    ).payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) {
      const ended = error.payload.exp ?? 0;
      throw new AwsError(
        'ExpiredTokenException',
        `Token expired: current date/time ${Math.floor(now.getTime() / 1000)} must be before the expiration date/time ${ended}`,
        { status: 400 },
      );
    }
    if (error instanceof errors.JOSEError) throw invalidToken(`The ID Token provided is not valid: ${error.message}`);
    throw error;
  }
}

/** The issuer's keys, found through its discovery document ("OpenID Connect Discovery 1.0", section 4). */
async function keysOf(issuer: string): Promise<JSONWebKeySet> {
  const { jwks_uri: uri } = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  return (await fetchJson(String(uri))) as unknown as JSONWebKeySet;
}

/** Loopback only: the embedded cloud never touches the network. */
async function fetchJson(url: string): Promise<Record<string, unknown>> {
  const host = URL.parse(url)?.hostname ?? '';
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(host)) {
    throw unreachable(`the embedded cloud asks only identity providers on 127.0.0.1, not ${url}`);
  }
  try {
    const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(5000) });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return (await answer.json()) as Record<string, unknown>;
  } catch (error) {
    throw unreachable(`${url}: ${(error as Error).message}`);
  }
}

function unreachable(reason: string): AwsError {
  return new AwsError(
    'IDPCommunicationError',
    `Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements (${reason})`,
    { status: 400 },
  );
}

function invalidToken(message: string): AwsError {
  return new AwsError('InvalidIdentityToken', message, { status: 400 });
}
