import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Cloud, RawRequest, Route } from '../../../service.ts';
import { grantOf } from '../authorization.ts';
import { beginUpload, continueUpload, readBlob } from './blobs.ts';
import { type Exchange, errorReply, isAwsError, type Reply, registryError } from './exchange.ts';
import { listTags, manifest } from './manifests.ts';

const host = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com/;

/**
 * The OCI Distribution API of every registry, as `docker push` and its like speak it, under `/v2/`. The registry is the one
 * the Host header names (`<account>.dkr.ecr.<region>.amazonaws.com`), otherwise that of the token's caller.
 */
export const registryRoute: Route = {
  // Other services have paths below /v2/, too; their requests carry a signature, the registry's never do.
  matches: ({ path, headers, query }) =>
    (path === '/v2' || path.startsWith('/v2/')) &&
    !headers.authorization?.startsWith('AWS4-') &&
    !query.has('X-Amz-Signature'),

  async handle(request, response, cloud) {
    send(response, answer(request, cloud));
  },
};

function answer(request: RawRequest, cloud: Cloud): Reply {
  const grant = grantOf(cloud, request.headers.authorization);
  if (!grant) {
    const reply = registryError(401, 'UNAUTHORIZED', 'Not Authorized: log in with the token of GetAuthorizationToken');
    const challenge = `Basic realm="${cloud.endpoint}/",service="ecr.amazonaws.com"`;
    return { ...reply, headers: { ...reply.headers, 'www-authenticate': challenge } };
  }
  const { caller } = grant;
  const [, registryId = caller.account, region = grant.region] = host.exec(request.headers.host ?? '') ?? [];
  const call = { cloud, caller, account: caller.account, region, requestId: randomUUID(), signal: request.signal };
  try {
    return dispatch({ request, call, registryId, repositoryName: '' });
  } catch (error) {
    if (isAwsError(error)) return errorReply(error);
    throw error;
  }
}

function dispatch(exchange: Exchange): Reply {
  // Of the characters a name, tag or digest may have, only the colon is ever encoded.
  const path = exchange.request.path.replaceAll(/%3a/gi, ':');
  if (path === '/v2' || path === '/v2/')
    return { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' };
  const [, repositoryName = '', rest = ''] = /^\/v2\/(.+?)\/((?:blobs|manifests|tags)\/.+)$/.exec(path) ?? [];
  const within = { ...exchange, repositoryName };
  const [, reference] = /^manifests\/([^/]+)$/.exec(rest) ?? [];
  if (reference) return manifest(within, reference);
  if (/^blobs\/uploads\/?$/.test(rest) && exchange.request.method === 'POST') return beginUpload(within);
  const [, upload] = /^blobs\/uploads\/([^/]+)$/.exec(rest) ?? [];
  if (upload) return continueUpload(within, upload);
  const [, digest] = /^blobs\/(sha256:[0-9a-f]{64})$/.exec(rest) ?? [];
  if (digest && ['GET', 'HEAD'].includes(exchange.request.method)) return readBlob(within, digest);
  if (rest === 'tags/list') return listTags(within);
  return registryError(404, 'UNSUPPORTED', `${exchange.request.method} ${path} is no request of the Distribution API`);
}

function send(response: ServerResponse, { status, headers, body = '' }: Reply): void {
  response.writeHead(status, {
    'docker-distribution-api-version': 'registry/2.0',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  });
  response.end(body);
}
