import { generateSecret } from 'otplib';
import { AwsError } from '../../../errors.ts';
import { setPassword } from '../passwords.ts';
import { openSession, sessionOf } from '../sessions.ts';
import { afterAuthentication, type Proven, proveByPassword, type SignIn, secondFactor } from '../sign-in.ts';
import type { AuthSession, User } from '../state.ts';
import { takesTotp } from '../totp.ts';
import type { HostedAnswer, HostedRequest } from './answers.ts';
import { type AuthorizationRequest, readAuthorizationRequest, sendBack } from './authorize.ts';
import { csrfHolds, startBrowserSession } from './cookies.ts';
import { errorPage, formPage } from './pages.ts';

/** One form of the sign-in, while an authorization request waits for its end. */
interface Step {
  readonly request: HostedRequest;
  readonly wanted: AuthorizationRequest;
  readonly signIn: SignIn;
}

/** `/login` and the pages after it: new password, authenticator app, its set-up. */
export async function login(request: HostedRequest, page: string): Promise<HostedAnswer> {
  const wanted = readAuthorizationRequest(request);
  if (!('client' in wanted)) return wanted;
  const step: Step = { request, wanted, signIn: { cloud: request.cloud, pool: request.pool, client: wanted.client } };
  if (request.raw.method === 'GET' && page === 'login') return loginPage(step);
  if (request.raw.method !== 'POST') return errorPage(405, 'invalid_request', 'This page takes forms.');
  if (!csrfHolds(request))
    return errorPage(403, 'invalid_request', 'The form is not from this page. Go back and reload it.');
  switch (page) {
    case 'login':
      return takePassword(step);
    case 'new-password':
      return takeNewPassword(step);
    case 'mfa':
      return takeCode(step);
    default:
      return takeFirstCode(step);
  }
}

function loginPage({ request }: Step, error?: string): HostedAnswer {
  const fields = [
    { name: 'username', label: 'Username', type: 'text', autocomplete: 'username' },
    { name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' },
  ] as const;
  return formPage(request, { title: 'Sign in', action: '/login', fields, submit: 'Sign in', error });
}

async function takePassword(step: Step): Promise<HostedAnswer> {
  const { form } = step.request;
  const attempt = proveByPassword(step.signIn, form.get('username') ?? '', form.get('password') ?? '');
  return next(step, await orRefusal(attempt), (error) => loginPage(step, error));
}

/** The page for what is asked next, or back to the app. */
async function next(
  step: Step,
  proven: Proven | { readonly refusal: string },
  again: (error: string) => HostedAnswer,
): Promise<HostedAnswer> {
  if ('refusal' in proven) return again(proven.refusal);
  const { user, next: challenge } = proven;
  if (challenge === undefined) return finish(step, user);
  const { cloud, pool, client } = step.signIn;
  const totpSecret = challenge === 'MFA_SETUP' ? generateSecret({ length: 32 }) : undefined;
  const session = openSession(pool, client, { user: user.name, challenge, totpSecret }, cloud.clock.now());
  return challengePage(step, challenge, session, totpSecret);
}

function challengePage(step: Step, challenge: string, session: string, secret?: string, error?: string): HostedAnswer {
  const code = { name: 'code', label: 'Code', type: 'text', autocomplete: 'one-time-code' } as const;
  const page = { session, error, submit: 'Continue' };
  if (challenge === 'NEW_PASSWORD_REQUIRED') {
    const fields = [
      { name: 'password', label: 'New password', type: 'password', autocomplete: 'new-password' },
      { name: 'confirmation', label: 'New password again', type: 'password', autocomplete: 'new-password' },
    ] as const;
    return formPage(step.request, { ...page, title: 'Change your password', action: '/new-password', fields });
  }
  if (challenge === 'SOFTWARE_TOKEN_MFA') {
    const note = 'Enter the code that your authenticator app shows.';
    return formPage(step.request, { ...page, title: 'Confirm it is you', action: '/mfa', fields: [code], note });
  }
  const note = `Add this key to your authenticator app, then enter the code it shows: ${secret}`;
  return formPage(step.request, {
    ...page,
    title: 'Set up an authenticator app',
    action: '/mfa-setup',
    fields: [code],
    note,
  });
}

async function takeNewPassword(step: Step): Promise<HostedAnswer> {
  return withSession(step, 'NEW_PASSWORD_REQUIRED', async (id, user) => {
    const { cloud, pool } = step.signIn;
    const { form } = step.request;
    const password = form.get('password') ?? '';
    const again = (error: string) => challengePage(step, 'NEW_PASSWORD_REQUIRED', id, undefined, error);
    if (password !== form.get('confirmation')) return again('The two passwords differ.');
    const set = await orRefusal(Promise.resolve().then(() => setPassword(pool, user, password, cloud.clock.now())));
    if (set !== undefined) return again(set.refusal);
    user.status = 'CONFIRMED';
    user.modified = new Date(cloud.clock.now());
    pool.sessions.delete(id);
    return next(step, { user, next: secondFactor(pool, user) }, again);
  });
}

async function takeCode(step: Step): Promise<HostedAnswer> {
  return withSession(step, 'SOFTWARE_TOKEN_MFA', async (id, user) => {
    const isTaken = user.totp && (await takesTotp(user.totp, codeOf(step), step.signIn.cloud.clock.now()));
    if (!isTaken) return challengePage(step, 'SOFTWARE_TOKEN_MFA', id, undefined, 'Invalid code received for user');
    step.signIn.pool.sessions.delete(id);
    return finish(step, user);
  });
}

async function takeFirstCode(step: Step): Promise<HostedAnswer> {
  return withSession(step, 'MFA_SETUP', async (id, user, { totpSecret = '' }) => {
    const totp = { secret: totpSecret, verified: true, lastStep: 0 };
    if (!(await takesTotp(totp, codeOf(step), step.signIn.cloud.clock.now()))) {
      return challengePage(step, 'MFA_SETUP', id, totpSecret, 'Code mismatch');
    }
    Object.assign(user, { totp, mfaEnabled: true, mfaPreferred: true });
    step.signIn.pool.sessions.delete(id);
    return finish(step, user);
  });
}

const codeOf = ({ request }: Step) => (request.form.get('code') ?? '').replaceAll(/\s/g, '');

async function withSession(
  step: Step,
  challenge: string,
  run: (id: string, user: User, session: AuthSession) => Promise<HostedAnswer>,
): Promise<HostedAnswer> {
  const { cloud, pool, client } = step.signIn;
  const id = step.request.form.get('session') ?? '';
  const found = await orRefusal(
    Promise.resolve().then(() => {
      const session = sessionOf(pool, client, id, [challenge], cloud.clock.now());
      return { session, user: session.user === undefined ? undefined : pool.users.get(session.user) };
    }),
  );
  if ('refusal' in found) return loginPage(step, found.refusal);
  if (!found.user) return loginPage(step, 'Invalid session for the user.');
  return run(id, found.user, found.session);
}

async function finish(step: Step, user: User): Promise<HostedAnswer> {
  const done = await orRefusal(afterAuthentication(step.signIn, user));
  if (done !== undefined) return loginPage(step, done.refusal);
  const cookie = startBrowserSession(step.request, user.name);
  return sendBack(step.request, step.wanted, user, { 'set-cookie': cookie });
}

/** What Cognito would refuse a call with is what the page says. */
async function orRefusal<T>(attempt: Promise<T>): Promise<T | { readonly refusal: string }> {
  try {
    return await attempt;
  } catch (error) {
    if (error instanceof AwsError) return { refusal: error.message };
    throw error;
  }
}
