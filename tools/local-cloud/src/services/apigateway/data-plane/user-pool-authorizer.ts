import type { Authorizer } from '@aws-sdk/client-api-gateway';
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { GatewayError } from './gateway-error.ts';
import type { GatewayRequest } from './gateway-request.ts';
import { identityOf } from './identity-source.ts';

/**
 * COGNITO_USER_POOLS: the token of one of the pools, an ID token, or an access token that has one of the method's scopes
 * ("Control access to REST APIs using Amazon Cognito user pools as an authorizer"). The pools' keys are fetched where the
 * embedded cloud serves them: `<endpoint>/<pool>/.well-known/jwks.json`.
 */
export async function userPoolAuthorizer(request: GatewayRequest, authorizer: Authorizer): Promise<void> {
  const [given] = identityOf(request, authorizer.identitySource) ?? [];
  const token = given?.replace(/^Bearer /, '');
  if (token === undefined) throw unauthorized();
  const claims = await claimsOf(request, authorizer.providerARNs ?? [], token);
  if (!claims) throw unauthorized();
  const scopes = request.route?.method.authorizationScopes ?? [];
  const held = String(claims['scope'] ?? '').split(' ');
  if (scopes.length === 0 && claims['token_use'] !== 'id') throw unauthorized();
  if (scopes.length > 0 && (claims['token_use'] !== 'access' || !scopes.some((scope) => held.includes(scope)))) {
    throw unauthorized();
  }
  request.authorizer = {
    claims: Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, textOf(value)])),
  };
}

async function claimsOf(
  request: GatewayRequest,
  pools: readonly string[],
  token: string,
): Promise<JWTPayload | undefined> {
  const { cloud } = request;
  for (const arn of pools) {
    const [, , , region = '', , resource = ''] = arn.split(':');
    const pool = resource.replace('userpool/', '');
    const keys = createRemoteJWKSet(new URL(`${cloud.endpoint}/${pool}/.well-known/jwks.json`));
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: `https://cognito-idp.${region}.amazonaws.com/${pool}`,
        algorithms: ['RS256'],
        currentDate: new Date(cloud.clock.now()),
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new GatewayError('UNAUTHORIZED', 'The incoming token has expired');
      if (!(error instanceof errors.JOSEError)) throw error;
    }
  }
  return undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : Array.isArray(value) ? value.join(',') : JSON.stringify(value);
}

function unauthorized(): GatewayError {
  return new GatewayError('UNAUTHORIZED', 'Unauthorized');
}
