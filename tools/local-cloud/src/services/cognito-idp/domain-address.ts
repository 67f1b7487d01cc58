import type { RawRequest } from '../../service.ts';

/**
 * Sign-in pages of a pool are under `/cognito-domain/<prefix>/…` of the endpoint, which stands for
 * `https://<prefix>.auth.<region>.amazoncognito.com/…`: names under `localhost` do not resolve everywhere.
 */
const domainPath = '/cognito-domain/';

/** What the addresses of a domain’s pages begin with. */
export function domainUrl(endpoint: string, domain: string): string {
  return `${endpoint}${domainPath}${domain}`;
}

/** Which domain a request is for, and what its paths begin with; a Host header of AWS names it as well. */
export function domainOf({
  path,
  headers,
}: RawRequest): { readonly domain: string; readonly base: string } | undefined {
  const byHost = /^([a-z0-9-]+)\.auth\.[a-z0-9-]+\.amazoncognito\.com(?::\d+)?$/.exec(headers.host ?? '')?.[1];
  if (byHost !== undefined) return { domain: byHost, base: '' };
  if (!path.startsWith(domainPath)) return undefined;
  const [domain = ''] = path.slice(domainPath.length).split('/');
  return { domain, base: `${domainPath}${domain}` };
}
