import { createHmac, timingSafeEqual } from 'node:crypto';
import { notAuthorized } from './errors.ts';
import type { AppClient } from './state.ts';

/**
 * "Computing secret hash values", Cognito Developer Guide: Base64(HMAC-SHA256(secret, username + client ID)). Clients with
 * a secret must send it, others must not.
 */
export function checkSecretHash({ id, secret }: AppClient, username: string, given: string | undefined): void {
  if (secret === undefined) {
    if (given === undefined) return;
    throw notAuthorized(`Client ${id} is not configured with secret but SECRET_HASH was received`);
  }
  if (given === undefined)
    throw notAuthorized(`Client ${id} is configured with secret but SECRET_HASH was not received`);
  const expected = createHmac('sha256', secret).update(`${username}${id}`).digest();
  const hash = Buffer.from(given, 'base64');
  if (hash.length !== expected.length || !timingSafeEqual(hash, expected)) {
    throw notAuthorized(`SecretHash does not match for the client: ${id}`);
  }
}
