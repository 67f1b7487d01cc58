import type { HttpAnswer } from '../../apigateway/data-plane/gateway-response.ts';
import { HttpError } from './http-error.ts';
import type { HttpRequest } from './http-request.ts';

/** Not passed on: the connection's own, and what `fetch` sets or has undone. */
const dropped = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'host',
  'keep-alive',
  'transfer-encoding',
]);

/** HTTP_PROXY: the request is passed on, and so is the answer. Throws 500 when nobody answers on this machine. */
export async function httpProxy(request: HttpRequest): Promise<HttpAnswer> {
  const { raw, found, cloud, api } = request;
  const { IntegrationUri = '', IntegrationMethod = 'ANY' } = found?.integration ?? {};
  const url = new URL(IntegrationUri.replace(/\{(\w+)\+?\}/g, (_, name: string) => found?.pathParameters[name] ?? ''));
  for (const [name, value] of raw.query) url.searchParams.append(name, value);
  if (!/^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(url.hostname)) {
    cloud.log(`API ${api.id}: ${url.origin} is not on this machine: HTTP integrations reach loopback only`);
    throw new HttpError(500, 'Internal Server Error');
  }
  const headers = Object.entries(request.headers).filter(([name]) => !dropped.has(name));
  const method = IntegrationMethod === 'ANY' ? raw.method : IntegrationMethod;
  const body = method === 'GET' || method === 'HEAD' ? {} : { body: new Uint8Array(raw.body) };
  try {
    const response = await fetch(url, { method, headers, redirect: 'manual', ...body });
    const kept = [...response.headers].filter(([name]) => !dropped.has(name));
    return {
      status: response.status,
      headers: Object.fromEntries(kept),
      body: Buffer.from(await response.arrayBuffer()),
    };
  } catch (error) {
    cloud.log(`API ${api.id}: ${url.origin}: ${(error as Error).message}`);
    throw new HttpError(500, 'Internal Server Error');
  }
}
