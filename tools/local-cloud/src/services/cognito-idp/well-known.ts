import type { ServerResponse } from 'node:http';
import type { Cloud, RawRequest, Route } from '../../service.ts';
import { domainUrl } from './domain-address.ts';
import { issuerOf } from './issuer.ts';
import { findPool } from './references.ts';
import { publicKeys } from './signing-keys.ts';
import type { UserPool } from './state.ts';

const path = /^\/([\w-]+_[0-9a-zA-Z]+)\/\.well-known\/(jwks\.json|openid-configuration)$/;

/**
 * `<endpoint>/<pool>/.well-known/jwks.json` and `openid-configuration` stand for those under the pool's issuer,
 * `https://cognito-idp.<region>.amazonaws.com/<pool>`. Anybody may read them.
 */
export const wellKnown: Route = {
  matches: ({ method, path: asked }) => (method === 'GET' || method === 'HEAD') && path.test(asked),
  async handle(request: RawRequest, response: ServerResponse, cloud: Cloud) {
    const [, id = '', document] = path.exec(request.path) ?? [];
    const pool = findPool(cloud, id);
    if (!pool) return json(response, 404, { message: `User pool ${id} does not exist.` });
    if (document === 'jwks.json') return json(response, 200, { keys: await publicKeys(pool) });
    return json(response, 200, configuration(pool, cloud.endpoint));
  },
};

/** "openid-configuration", Cognito Developer Guide. The issuer is AWS's; everything that is called is on this endpoint. */
function configuration(pool: UserPool, endpoint: string): object {
  const domain = pool.domain === undefined ? undefined : domainUrl(endpoint, pool.domain);
  return {
    ...(domain && {
      authorization_endpoint: `${domain}/oauth2/authorize`,
      end_session_endpoint: `${domain}/logout`,
      revocation_endpoint: `${domain}/oauth2/revoke`,
      token_endpoint: `${domain}/oauth2/token`,
      userinfo_endpoint: `${domain}/oauth2/userInfo`,
    }),
    id_token_signing_alg_values_supported: ['RS256'],
    issuer: issuerOf(pool),
    jwks_uri: `${endpoint}/${pool.id}/.well-known/jwks.json`,
    response_types_supported: ['code', 'token'],
    scopes_supported: ['openid', 'email', 'phone', 'profile'],
    subject_types_supported: ['public'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  };
}

function json(response: ServerResponse, status: number, document: object): void {
  const headers = { 'content-type': 'application/json', 'access-control-allow-origin': '*' };
  response.writeHead(status, headers);
  response.end(JSON.stringify(document));
}
