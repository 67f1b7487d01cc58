import { randomBytes } from 'node:crypto';
import type { AppClient, User } from '../state.ts';
import { issueTokens, newGrant } from '../tokens.ts';
import { type HostedAnswer, type HostedRequest, redirect } from './answers.ts';
import { signedIn } from './cookies.ts';
import { errorPage } from './pages.ts';

/** What an app wants, after it was checked. */
export interface AuthorizationRequest {
  readonly client: AppClient;
  readonly responseType: 'code' | 'token';
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state: string | undefined;
  readonly nonce: string | undefined;
  readonly codeChallenge: string | undefined;
}

/** Authorization codes live five minutes ("Token endpoint", Cognito Developer Guide: "invalid_grant … has expired"). */
const codeLifetime = 300_000;

/** `GET /oauth2/authorize`: to the sign-in page, or straight back for a browser that is signed in. */
export async function authorize(request: HostedRequest): Promise<HostedAnswer> {
  const wanted = readAuthorizationRequest(request);
  if (!('client' in wanted)) return wanted;
  const name = request.raw.query.get('prompt') === 'login' ? undefined : signedIn(request);
  const user = name === undefined ? undefined : request.pool.users.get(name);
  if (user) return sendBack(request, wanted, user);
  return redirect(`${request.base}/login?${request.raw.query}`);
}

/**
 * The query as an authorization request, or what the browser is answered instead: a page while it is not known where the
 * app is, the app's error redirect from then on ("Authorize endpoint", Cognito Developer Guide).
 */
export function readAuthorizationRequest({ pool, raw }: HostedRequest): AuthorizationRequest | HostedAnswer {
  const { query } = raw;
  const client = pool.clients.get(query.get('client_id') ?? '');
  if (!client) return errorPage(400, 'invalid_request', 'Client does not exist.');
  const { CallbackURLs = [], DefaultRedirectURI, AllowedOAuthFlows = [], AllowedOAuthScopes = [] } = client.settings;
  const redirectUri =
    query.get('redirect_uri') ?? DefaultRedirectURI ?? (CallbackURLs.length === 1 ? CallbackURLs[0] : undefined);
  if (redirectUri === undefined || !CallbackURLs.includes(redirectUri)) {
    return errorPage(400, 'redirect_mismatch', 'The redirect_uri is none of the app client.');
  }
  const state = query.get('state') ?? undefined;
  const refuse = (error: string, description: string) =>
    redirect(withParameters(redirectUri, { error_description: description, error, state }));
  const responseType = query.get('response_type');
  if (responseType !== 'code' && responseType !== 'token') return refuse('invalid_request', 'Invalid response_type');
  const flow = responseType === 'code' ? 'code' : 'implicit';
  if (!client.settings.AllowedOAuthFlowsUserPoolClient || !AllowedOAuthFlows.includes(flow)) {
    return refuse('unauthorized_client', `${flow} flow not enabled for this client`);
  }
  const scopes = (query.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  if (scopes.some((scope) => !AllowedOAuthScopes.includes(scope)))
    return refuse('invalid_scope', 'Invalid scope requested');
  const codeChallenge = query.get('code_challenge') ?? undefined;
  if (codeChallenge !== undefined && query.get('code_challenge_method') !== 'S256') {
    return refuse('invalid_request', 'code_challenge_method must be S256');
  }
  if (codeChallenge !== undefined && !/^[\w-]{43}$/.test(codeChallenge)) {
    return refuse('invalid_request', 'code_challenge is no SHA-256 digest in base64url');
  }
  const nonce = query.get('nonce') ?? undefined;
  const granted = scopes.length > 0 ? scopes : AllowedOAuthScopes;
  return { client, responseType, redirectUri, scopes: granted, state, nonce, codeChallenge };
}

/** Back to the app with a code, or with tokens where it may have them at once. */
export async function sendBack(
  { cloud, pool }: HostedRequest,
  wanted: AuthorizationRequest,
  user: User,
  headers: Record<string, string | string[]> = {},
): Promise<HostedAnswer> {
  const { client, redirectUri, scopes, state, nonce, codeChallenge } = wanted;
  if (wanted.responseType === 'code') {
    const now = cloud.clock.now();
    for (const [old, { expires }] of pool.authorizationCodes) if (expires <= now) pool.authorizationCodes.delete(old);
    const code = randomBytes(24).toString('hex');
    const expires = now + codeLifetime;
    pool.authorizationCodes.set(code, {
      user: user.name,
      clientId: client.id,
      redirectUri,
      scopes,
      nonce,
      codeChallenge,
      expires,
    });
    return redirect(withParameters(redirectUri, { code, state }), headers);
  }
  const context = { cloud, pool, client, user, reason: 'HostedAuth', nonce };
  const tokens = await issueTokens(context, newGrant(context, scopes), { withRefreshToken: false });
  const fragment = new URLSearchParams({
    ...(scopes.includes('openid') && { id_token: tokens.IdToken as string }),
    access_token: tokens.AccessToken as string,
    token_type: 'Bearer',
    expires_in: String(tokens.ExpiresIn),
    ...(state !== undefined && { state }),
  });
  return redirect(`${redirectUri}#${fragment}`, headers);
}

function withParameters(uri: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const url = new URL(uri);
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}
