import type { RawRequest, Service } from '../service.ts';

/** The service whose operation a request names that needs no signature; `undefined` for any other request. */
export function unsignedService(request: RawRequest, services: Iterable<Service>): Service | undefined {
  const name = operationOf(request);
  if (name === undefined) return undefined;
  return [...services].find(({ unsigned }) => unsigned?.includes(name));
}

/** The JSON protocols name it in a header, the query protocol in the form, and links in the URL. */
function operationOf({ method, query, headers, body }: RawRequest): string | undefined {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target;
  if (method === 'GET') return query.get('Action') ?? undefined;
  if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return undefined;
  return new URLSearchParams(body.toString()).get('Action') ?? undefined;
}
