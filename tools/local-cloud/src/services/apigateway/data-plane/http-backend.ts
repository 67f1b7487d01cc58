import { fetchOnLoopback, Unreachable } from '../../../loopback.ts';
import { internalError } from './gateway-error.ts';
import { complain, type GatewayRequest } from './gateway-request.ts';
import type { HttpAnswer } from './gateway-response.ts';
import { passedOn, withPathParameters } from './http-parts.ts';
import type { BackendAnswer } from './integrate.ts';
import { type IntegrationRequest, integrationRequest } from './integration-request.ts';
import { withStageVariables } from './stage-variables.ts';

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
  const headers = passedOn([...request.headers].map(([name, values]) => [name, values.join(',')] as const));
  const query = Object.fromEntries([...request.query].map(([name, values]) => [name, values.at(-1) ?? '']));
  const response = await send(
    request,
    { ...mapped, body: request.raw.body, querystring: { ...query, ...mapped.querystring } },
    { ...headers, ...mapped.header },
  );
  const { status } = response;
  return { status, headers: passedOn(response.headers), body: Buffer.from(await response.arrayBuffer()) };
}

/** Throws INTEGRATION_FAILURE when nobody answers there, or it is not on this machine: the real network is never touched. */
async function send(
  request: GatewayRequest,
  mapped: IntegrationRequest,
  headers: Record<string, string>,
): Promise<Response> {
  const { uri, httpMethod = 'GET' } = request.route?.method.methodIntegration ?? {};
  const method = httpMethod === 'ANY' ? request.raw.method : httpMethod;
  const bodyless = method === 'GET' || method === 'HEAD' || mapped.body.length === 0;
  const body = typeof mapped.body === 'string' ? mapped.body : new Uint8Array(mapped.body);
  const address = withQuery(withPathParameters(withStageVariables(uri, request), mapped.path), mapped.querystring);
  try {
    return await fetchOnLoopback(address, { method, headers, ...(!bodyless && { body }) });
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    complain(request, error.message);
    throw internalError('INTEGRATION_FAILURE');
  }
}

function withQuery(address: string, query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(query).toString();
  if (text === '') return address;
  return `${address}${address.includes('?') ? '&' : '?'}${text}`;
}
