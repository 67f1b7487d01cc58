import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { HostedRequest } from './answers.ts';

/** "Managed login: session cookies": an hour, whatever the tokens live. */
const sessionSeconds = 3600;

function cookie({ raw }: HostedRequest, name: string): string | undefined {
  const pairs = (raw.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** Without `Secure`: the embedded cloud speaks HTTP, on loopback only. */
function setCookie({ base }: HostedRequest, name: string, value: string, maxAge: number): string {
  return `${name}=${value}; Path=${base || '/'}; Max-Age=${maxAge}; HttpOnly; SameSite=Lax`;
}

/** The user whom this browser signed in less than an hour ago. */
export function signedIn(request: HostedRequest): string | undefined {
  const { pool, cloud } = request;
  const session = pool.browserSessions.get(cookie(request, 'cognito') ?? '');
  if (!session || session.expires <= cloud.clock.now()) return undefined;
  return pool.users.get(session.user)?.enabled ? session.user : undefined;
}

/** Signs a browser in; the cookie to set. */
export function startBrowserSession(request: HostedRequest, user: string): string {
  const { pool, cloud } = request;
  const id = randomBytes(32).toString('base64url');
  pool.browserSessions.set(id, { user, expires: cloud.clock.now() + sessionSeconds * 1000 });
  return setCookie(request, 'cognito', id, sessionSeconds);
}

/** Signs a browser out; the cookie that takes its cookie away. */
export function endBrowserSession(request: HostedRequest): string {
  request.pool.browserSessions.delete(cookie(request, 'cognito') ?? '');
  return setCookie(request, 'cognito', '', 0);
}

/** A token that is in a cookie and in each form: another site's form can't know it. */
export function csrfToken(request: HostedRequest): { readonly token: string; readonly setCookie: string } {
  const token = cookie(request, 'XSRF-TOKEN') ?? randomBytes(24).toString('base64url');
  return { token, setCookie: setCookie(request, 'XSRF-TOKEN', token, sessionSeconds) };
}

/** Did the form come from a page that this browser was given? */
export function csrfHolds(request: HostedRequest): boolean {
  const known = Buffer.from(cookie(request, 'XSRF-TOKEN') ?? '');
  const given = Buffer.from(request.form.get('_csrf') ?? '');
  return known.length > 0 && known.length === given.length && timingSafeEqual(known, given);
}
