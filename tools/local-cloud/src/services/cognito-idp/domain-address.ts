/**
 * Sign-in pages of a pool are under `/cognito-domain/<prefix>/…` of the endpoint, which stands for
 * `https://<prefix>.auth.<region>.amazoncognito.com/…`: names under `localhost` do not resolve everywhere.
 */
export const domainPath = '/cognito-domain/';

export function domainUrl(endpoint: string, domain: string): string {
  return `${endpoint}${domainPath}${domain}`;
}
