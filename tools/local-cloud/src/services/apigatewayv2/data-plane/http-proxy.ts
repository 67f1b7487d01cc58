import { fetchOnLoopback, Unreachable } from '../../../loopback.ts';
import type { HttpAnswer } from '../../apigateway/data-plane/gateway-response.ts';
import { passedOn, withPathParameters } from '../../apigateway/data-plane/http-parts.ts';
import { HttpError } from './http-error.ts';
import type { HttpRequest } from './http-request.ts';

/** HTTP_PROXY: the request is passed on, and so is the answer. Throws 500 when nobody answers on this machine. */
export async function httpProxy(request: HttpRequest): Promise<HttpAnswer> {
  const { raw, found, cloud, api } = request;
  const { IntegrationUri = '', IntegrationMethod = 'ANY' } = found?.integration ?? {};
  const method = IntegrationMethod === 'ANY' ? raw.method : IntegrationMethod;
  const body = method === 'GET' || method === 'HEAD' ? {} : { body: new Uint8Array(raw.body) };
  const query = raw.query.size > 0 ? `?${raw.query}` : '';
  const address = `${withPathParameters(IntegrationUri, found?.pathParameters ?? {})}${query}`;
  try {
    const headers = passedOn(Object.entries(request.headers));
    const response = await fetchOnLoopback(address, { method, headers, ...body });
    const { status } = response;
    return { status, headers: passedOn(response.headers), body: Buffer.from(await response.arrayBuffer()) };
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    cloud.log(`API ${api.id}: ${error.message}`);
    throw new HttpError(500, 'Internal Server Error');
  }
}
