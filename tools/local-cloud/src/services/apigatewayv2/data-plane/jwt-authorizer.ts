import type { Authorizer } from '@aws-sdk/client-apigatewayv2';
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { fetchOnLoopback, isLoopback } from '../../../loopback.ts';
import type { Cloud } from '../../../service.ts';
import { HttpError } from './http-error.ts';
import type { HttpRequest } from './http-request.ts';
import { identityOf } from './identity-source.ts';

/**
 * "Control access to HTTP APIs with JWT authorizers in API Gateway": signature (RSA) by the issuer's keys, iss, aud or
 * client_id, exp, nbf, iat, and one of the route's scopes in `scope` or `scp`. Throws 401 and 403.
 */
export async function jwtAuthorizer(request: HttpRequest, authorizer: Authorizer): Promise<void> {
  const [given] = identityOf(request, authorizer.IdentitySource) ?? [];
  if (given === undefined) throw new HttpError(401, 'Unauthorized', { 'www-authenticate': 'Bearer' });
  const claims = await verified(request, authorizer, given.replace(/^Bearer /i, ''));
  const scopes = scopesOf(claims);
  const wanted = request.found?.route.AuthorizationScopes ?? [];
  if (wanted.length > 0 && !wanted.some((scope) => scopes.includes(scope))) {
    throw new HttpError(403, 'Forbidden', {
      'www-authenticate': `Bearer scope="${wanted.join(' ')}" error="insufficient_scope" error_description="the token does not have any of the required scopes"`,
    });
  }
  request.authorizer = {
    jwt: {
      claims: Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, claimText(value)])),
      scopes: scopes.length > 0 ? scopes : null,
    },
  };
}

async function verified({ cloud, api }: HttpRequest, authorizer: Authorizer, token: string): Promise<JWTPayload> {
  const { Issuer = '', Audience = [] } = authorizer.JwtConfiguration ?? {};
  const keys = await keysOf(cloud, Issuer).catch((error: Error) => {
    cloud.log(`API ${api.id}: authorizer ${authorizer.Name}: ${error.message}`);
    throw invalidToken('the issuer cannot be reached');
  });
  try {
    const algorithms = ['RS256', 'RS384', 'RS512'];
    const currentDate = new Date(cloud.clock.now());
    const { payload } = await jwtVerify(token, keys, { issuer: Issuer, algorithms, currentDate });
    if (payload.iat !== undefined && payload.iat * 1000 > cloud.clock.now())
      throw invalidToken('the token was issued in the future');
    if (payload.exp === undefined) throw invalidToken('the token has no expiry');
    // "aud or client_id: API Gateway evaluates client_id only if aud isn't present."
    const audiences = [payload.aud ?? payload['client_id']].flat();
    if (!audiences.some((one) => Audience.includes(String(one))))
      throw invalidToken('the token has an invalid audience');
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) throw invalidToken(error.message);
    throw error;
  }
}

type Keys = ReturnType<typeof createRemoteJWKSet>;
const keySets = new WeakMap<Cloud, Map<string, Keys>>();

/**
 * The issuer's keys, where its OpenID configuration says. User pools have AWS's address as their issuer and are reached on
 * the endpoint; other issuers must be on this machine.
 */
async function keysOf(cloud: Cloud, issuer: string): Promise<Keys> {
  const known = keySets.get(cloud) ?? new Map<string, Keys>();
  keySets.set(cloud, known);
  const there = known.get(issuer);
  if (there) return there;
  const base = issuer.replace(/^https:\/\/cognito-idp\.[\w-]+\.amazonaws\.com/, cloud.endpoint).replace(/\/$/, '');
  const response = await fetchOnLoopback(`${base}/.well-known/openid-configuration`);
  const { jwks_uri } = (await response.json()) as { jwks_uri?: string };
  if (!response.ok || jwks_uri === undefined) throw new Error(`issuer ${issuer} has no OpenID configuration`);
  if (!isLoopback(new URL(jwks_uri).hostname)) throw new Error(`the keys of issuer ${issuer} are not on this machine`);
  const keys = createRemoteJWKSet(new URL(jwks_uri));
  known.set(issuer, keys);
  return keys;
}

function invalidToken(reason: string): HttpError {
  const description = reason.replaceAll('"', "'");
  return new HttpError(401, 'Unauthorized', {
    'www-authenticate': `Bearer scope="" error="invalid_token" error_description="${description}"`,
  });
}

function scopesOf({ scope, scp }: JWTPayload): string[] {
  const given = scope ?? scp;
  if (Array.isArray(given)) return given.map(String);
  return typeof given === 'string' && given !== '' ? given.split(' ') : [];
}

/** Functions get all claims as texts: lists as `[a b]`. */
function claimText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.join(' ')}]`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
