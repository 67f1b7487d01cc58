import { fetchOnLoopback } from '../../../loopback.ts';
import type { Cloud } from '../../../service.ts';
import { addQuery, named } from './http-parameters.ts';
import type { Connection } from './state.ts';

/** RFC 6749, 5.1, recommends `expires_in`; a token without it is taken anew after this long. */
const unknownLifetimeSeconds = 3600;
/** "Proactively during an HTTPS invocation, if the token is about to expire", Authorization methods for connections. */
const aheadMs = 60_000;
const timeoutMs = 5000;

/** Authorizes a connection; with OAuth by asking for a token, whose refusal leaves it DEAUTHORIZED with a reason. */
export async function authorize(cloud: Cloud, connection: Connection): Promise<void> {
  connection.token = undefined;
  try {
    if (connection.authorizationType === 'OAUTH_CLIENT_CREDENTIALS') await renewToken(cloud, connection);
    connection.state = 'AUTHORIZED';
    connection.stateReason = undefined;
    connection.authorized = new Date(cloud.clock.now());
  } catch (error) {
    connection.state = 'DEAUTHORIZED';
    connection.stateReason = (error as Error).message;
  }
}

/** The headers that a connection authorizes a request with. Rejects when there is no token to be had. */
export async function authorizationOf(cloud: Cloud, connection: Connection): Promise<Record<string, string>> {
  const { ApiKeyAuthParameters: key, BasicAuthParameters: basic, OAuthParameters: oauth } = connection.parameters ?? {};
  if (key) return { [key.ApiKeyName ?? '']: key.ApiKeyValue ?? '' };
  if (basic) {
    const credentials = Buffer.from(`${basic.Username}:${basic.Password}`).toString('base64');
    return { authorization: `Basic ${credentials}` };
  }
  if (!oauth) return {};
  const isFresh = connection.token && connection.token.until - aheadMs > cloud.clock.now();
  if (!isFresh) await renewToken(cloud, connection);
  return { authorization: connection.token?.header ?? '' };
}

/**
 * The client credentials grant (RFC 6749, 4.4) with the client's id and secret in the body, or in the query of a GET. AWS
 * does not say which of the ways the RFC leaves open it takes.
 */
async function renewToken(cloud: Cloud, connection: Connection): Promise<void> {
  const oauth = connection.parameters?.OAuthParameters;
  const more = oauth?.OAuthHttpParameters;
  const method = oauth?.HttpMethod ?? 'POST';
  const grant = {
    grant_type: 'client_credentials',
    client_id: oauth?.ClientParameters?.ClientID ?? '',
    client_secret: oauth?.ClientParameters?.ClientSecret ?? '',
    ...named(more?.BodyParameters),
  };
  const endpoint = oauth?.AuthorizationEndpoint ?? '';
  const query = { ...named(more?.QueryStringParameters), ...(method === 'GET' ? grant : {}) };
  const response = await fetchOnLoopback(addQuery(endpoint, query), {
    method,
    signal: AbortSignal.timeout(timeoutMs),
    headers: { accept: 'application/json', ...named(more?.HeaderParameters) },
    ...(method !== 'GET' && { body: new URLSearchParams(grant) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${endpoint} answered ${response.status} to the request for a token.`);
  const { access_token, token_type = 'Bearer', expires_in = unknownLifetimeSeconds } = tokenOf(text);
  if (access_token === undefined) throw new Error(`${endpoint} answered no access_token.`);
  // RFC 6750 writes the type of bearer tokens with a capital, whatever the answer does.
  const scheme = /^bearer$/i.test(token_type) ? 'Bearer' : token_type;
  const until = cloud.clock.now() + Number(expires_in) * 1000;
  connection.token = { header: `${scheme} ${access_token}`, until };
}

function tokenOf(text: string): { access_token?: string; token_type?: string; expires_in?: number } {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
