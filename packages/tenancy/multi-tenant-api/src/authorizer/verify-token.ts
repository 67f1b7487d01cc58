import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { type JwksCache, SimpleJwksCache } from 'aws-jwt-verify/jwk';
import type { Claims } from './decide.ts';

interface App {
  readonly userPoolId: string;
  readonly clientId: string;
}

/**
 * Verifies `Bearer <ID token>`: signature, issuer, audience, token use, expiry and not-before. Keys are fetched when they are needed
 * first, and again for a key ID that is new.
 *
 * @returns for every token that is not this app's only why, for the log.
 */
export function tokenVerifier(app: App, jwksCache: JwksCache = new SimpleJwksCache()) {
  const verifier = CognitoJwtVerifier.create({ ...app, tokenUse: 'id' }, { jwksCache });
  return async (authorization: string): Promise<Claims | { readonly refusal: string }> => {
    const [, token = '', signature = ''] = /^Bearer ([\w-]+\.[\w-]+\.([\w-]+))$/.exec(authorization) ?? [];
    // The last character of base64url has bits that decoders ignore: one token must not have two spellings.
    if (token === '' || Buffer.from(signature, 'base64url').toString('base64url') !== signature) {
      return { refusal: 'no bearer token' };
    }
    try {
      const claims = await verifier.verify(token);
      // The verifier compares the expiry of tokens that have one.
      return typeof claims.exp === 'number' ? claims : { refusal: 'no expiry' };
    } catch (error) {
      return { refusal: (error as Error).message };
    }
  };
}
