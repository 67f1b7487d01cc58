/**
 * Where a user pool's sign-in pages and OAuth 2.0 endpoints are reached. A stack's outputs have AWS's address,
 * `https://<prefix>.auth.<region>.amazoncognito.com/…`; the embedded cloud serves them on its one port, at
 * `/cognito-domain/<prefix>/…`. Other URLs are answered as they are.
 */
export function signInUrl(url: string): string {
  const endpoint = process.env['AWS_ENDPOINT_URL'];
  const [, prefix, path = ''] = /^https:\/\/([a-z0-9-]+)\.auth\.[^/]+\.amazoncognito\.com(\/.*)?$/.exec(url) ?? [];
  return endpoint === undefined || prefix === undefined ? url : `${endpoint}/cognito-domain/${prefix}${path}`;
}
