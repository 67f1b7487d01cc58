import { createHash, timingSafeEqual } from 'node:crypto';
import type { AppClient } from '../state.ts';
import { type HostedRequest, OAuthError } from './answers.ts';

/** The app client that calls: by HTTP Basic, or in the form (RFC 6749, section 2.3.1). Clients with a secret must show it. */
export function authenticatedClient({ pool, raw, form }: HostedRequest): AppClient {
  const basic = /^Basic\s+(.+)$/i.exec(raw.headers.authorization ?? '')?.[1];
  const [id, secret] = basic === undefined ? [form.get('client_id'), form.get('client_secret')] : readBasic(basic);
  const client = pool.clients.get(id ?? '');
  if (!client || (form.has('client_id') && form.get('client_id') !== client.id)) throw new OAuthError('invalid_client');
  if (client.secret === undefined) return client;
  if (!secret || !same(client.secret, secret)) throw new OAuthError('invalid_client', 'invalid_client_secret');
  return client;
}

function readBasic(encoded: string): readonly [string, string | undefined] {
  const [id = '', ...rest] = Buffer.from(encoded, 'base64').toString().split(':');
  return [decode(id), rest.length > 0 ? decode(rest.join(':')) : undefined];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
