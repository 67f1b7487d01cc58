import type { Cloud, RawRequest } from '../../../service.ts';
import { domainOf } from '../domain-address.ts';
import { findDomain } from '../domains.ts';
import { type HostedAnswer, type HostedRequest, OAuthError, redirect } from './answers.ts';
import { authorize } from './authorize.ts';
import { authenticatedClient } from './client-authentication.ts';
import { endBrowserSession } from './cookies.ts';
import { login } from './login.ts';
import { errorPage } from './pages.ts';
import { token } from './token.ts';
import { userInfo } from './user-info.ts';

/** "User pool endpoints and managed login reference", Cognito Developer Guide, by method and path. */
const endpoints: Readonly<Record<string, (request: HostedRequest) => HostedAnswer | Promise<HostedAnswer>>> = {
  'GET /oauth2/authorize': authorize,
  'GET /login': (request) => login(request, 'login'),
  'POST /login': (request) => login(request, 'login'),
  'POST /new-password': (request) => login(request, 'new-password'),
  'POST /mfa': (request) => login(request, 'mfa'),
  'POST /mfa-setup': (request) => login(request, 'mfa-setup'),
  'POST /oauth2/token': token,
  'GET /oauth2/userInfo': userInfo,
  'POST /oauth2/userInfo': userInfo,
  'POST /oauth2/revoke': revoke,
  'GET /logout': logout,
};

/** Answers a request to a pool’s domain: 404 for a domain or page there is not, an OAuth error where the request breaks its rules. */
export async function answerHosted(raw: RawRequest, cloud: Cloud): Promise<HostedAnswer> {
  const { domain = '', base = '' } = domainOf(raw) ?? {};
  const pool = findDomain(cloud, domain);
  const endpoint = endpoints[`${raw.method} ${raw.path.slice(base.length)}`];
  if (!pool) return errorPage(404, 'not_found', `There is no user pool domain '${domain}'.`);
  if (!endpoint) return errorPage(404, 'not_found', `${raw.method} ${raw.path} is no page of a user pool domain.`);
  const isForm = raw.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  const form = new URLSearchParams(isForm ? raw.body.toString() : '');
  try {
    return await endpoint({ cloud, pool, raw, base, form });
  } catch (error) {
    if (error instanceof OAuthError) return error.answer();
    throw error;
  }
}

/** `POST /oauth2/revoke` (RFC 7009): the sign-in behind a refresh token ends. A token nobody knows is no error. */
function revoke(request: HostedRequest): HostedAnswer {
  const { pool, form } = request;
  const given = form.get('token');
  if (given === null) throw new OAuthError('invalid_request', 'token is required');
  const client = authenticatedClient(request);
  const known = pool.refreshTokens.get(given);
  if (!known && given.split('.').length === 3) throw new OAuthError('unsupported_token_type');
  const grant = known && pool.grants.get(known.eventId);
  if (grant && grant.clientId !== client.id) throw new OAuthError('unauthorized_client');
  if (grant) grant.revoked = true;
  return { status: 200, headers: { 'content-type': 'application/json;charset=UTF-8' } };
}

/** `GET /logout`: the browser's session ends; then to one of the client's sign-out URLs, or to the sign-in page again. */
function logout(request: HostedRequest): HostedAnswer {
  const { pool, raw, base } = request;
  const client = pool.clients.get(raw.query.get('client_id') ?? '');
  if (!client) return errorPage(400, 'invalid_request', 'Client does not exist.');
  const headers = { 'set-cookie': endBrowserSession(request) };
  const logoutUri = raw.query.get('logout_uri');
  if (logoutUri === null) return redirect(`${base}/login?${raw.query}`, headers);
  if (!client.settings.LogoutURLs?.includes(logoutUri)) {
    return errorPage(400, 'invalid_request', 'The logout_uri is none of the app client.');
  }
  return redirect(logoutUri, headers);
}
