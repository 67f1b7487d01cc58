import { randomBytes } from 'node:crypto';
import { notAuthorized } from './errors.ts';
import type { AppClient, AuthSession, UserPool } from './state.ts';

/** A sign-in that waits for the user's next answer: for as long as the client's AuthSessionValidity, 3 minutes by default. */
export function openSession(
  pool: UserPool,
  client: AppClient,
  session: Omit<AuthSession, 'clientId' | 'expires'>,
  now: number,
  id = `AYAB${randomBytes(180).toString('base64url')}`,
): string {
  for (const [old, { expires }] of pool.sessions) if (expires <= now) pool.sessions.delete(old);
  const expires = now + (client.settings.AuthSessionValidity ?? 3) * 60_000;
  pool.sessions.set(id, { ...session, clientId: client.id, expires });
  return id;
}

/** The session behind a string of the client. Throws NotAuthorizedException when it is over or for another challenge. */
export function sessionOf(
  pool: UserPool,
  client: AppClient,
  id: string | undefined,
  challenges: readonly string[],
  now: number,
): AuthSession {
  const session = pool.sessions.get(id ?? '');
  if (!session || session.clientId !== client.id || !challenges.includes(session.challenge)) {
    throw notAuthorized('Invalid session for the user.');
  }
  if (session.expires <= now) throw notAuthorized('Invalid session for the user, session is expired.');
  return session;
}

/** Ends every sign-in of a user: access tokens open nothing any more, refresh tokens give no new ones. */
export function revokeAll(pool: UserPool, username: string): void {
  for (const grant of pool.grants.values()) if (grant.user === username) grant.revoked = true;
}
