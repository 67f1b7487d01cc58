import { internalError } from './gateway-error.ts';
import { complain, type GatewayRequest } from './gateway-request.ts';
import type { HttpAnswer } from './gateway-response.ts';
import type { BackendAnswer } from './integrate.ts';
import { type IntegrationRequest, integrationRequest } from './integration-request.ts';
import { withStageVariables } from './stage-variables.ts';

const dropped = new Set([
  'connection',
  'content-length',
  'content-encoding',
  'keep-alive',
  'transfer-encoding',
  'host',
  'upgrade',
]);

/** Integration type HTTP. */
export async function httpBackend(request: GatewayRequest, mapped: IntegrationRequest): Promise<BackendAnswer> {
  const headers = { 'content-type': mapped.contentType, ...mapped.header };
  const response = await send(request, mapped, headers);
  return {
    selection: String(response.status),
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  };
}

/** Integration type HTTP_PROXY: headers, query and body are passed on, and so is the answer. */
export async function httpProxy(request: GatewayRequest): Promise<HttpAnswer> {
  const mapped = integrationRequest(request);
  const headers = Object.fromEntries(
    [...request.headers]
      .map(([name, values]) => [name, values.join(',')])
      .filter(([name = '']) => !dropped.has(name.toLowerCase())),
  );
  const query = Object.fromEntries([...request.query].map(([name, values]) => [name, values.at(-1) ?? '']));
  const response = await send(
    request,
    { ...mapped, body: request.raw.body, querystring: { ...query, ...mapped.querystring } },
    { ...headers, ...mapped.header },
  );
  const kept = [...response.headers].filter(([name]) => !dropped.has(name));
  return {
    status: response.status,
    headers: Object.fromEntries(kept),
    body: Buffer.from(await response.arrayBuffer()),
  };
}

/** Throws INTEGRATION_FAILURE when nobody answers there, or it is not on this machine: the real network is never touched. */
async function send(
  request: GatewayRequest,
  mapped: IntegrationRequest,
  headers: Record<string, string>,
): Promise<Response> {
  const { uri, httpMethod = 'GET' } = request.route?.method.methodIntegration ?? {};
  const filled = withStageVariables(uri, request).replace(
    /\{(\w+)\+?\}/g,
    (_, name: string) => mapped.path[name] ?? '',
  );
  const url = new URL(filled);
  for (const [name, value] of Object.entries(mapped.querystring)) url.searchParams.set(name, value);
  if (!/^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(url.hostname)) {
    complain(request, `${url.origin} is not on this machine: HTTP integrations reach loopback only`);
    throw internalError('INTEGRATION_FAILURE');
  }
  const method = httpMethod === 'ANY' ? request.raw.method : httpMethod;
  const body =
    method === 'GET' || method === 'HEAD' || mapped.body.length === 0
      ? {}
      : { body: new Uint8Array(Buffer.from(mapped.body as string)) };
  try {
    return await fetch(url, { method, headers, redirect: 'manual', ...body });
  } catch (error) {
    complain(request, `${url.origin}: ${(error as Error).message}`);
    throw internalError('INTEGRATION_FAILURE');
  }
}
