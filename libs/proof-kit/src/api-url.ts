/**
 * Where a stack's API is reached. Outputs have AWS's address, `https://<api>.execute-api.<region>.amazonaws.com/<stage>/`, which is
 * right on AWS; the embedded cloud serves it on its one port, at `/execute-api/<api>/<stage>/`. Other URLs are answered as they are.
 */
export function apiUrl(url: string): string {
  const endpoint = process.env['AWS_ENDPOINT_URL'];
  const [, api, path = '/'] = /^https:\/\/([a-z0-9]+)\.execute-api\.[^/]+(\/.*)?$/.exec(url) ?? [];
  return endpoint === undefined || api === undefined ? url : `${endpoint}/execute-api/${api}${path}`;
}
