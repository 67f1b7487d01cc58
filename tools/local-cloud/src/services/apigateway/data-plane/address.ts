import type { RawRequest } from '../../../service.ts';

/** Path below the endpoint under which APIs are served. */
const executeApiPath = '/execute-api/';

/** Which API a request is for. */
export interface Address {
  readonly apiId: string;
  /** Path below the API, the stage's name included: HTTP APIs have a stage without one. */
  readonly rawPath: string;
  readonly stageName: string;
  /** Path below the stage, beginning with a slash, as sent. */
  readonly path: string;
}

/**
 * AWS puts the API's id into the host name: `https://<api>.execute-api.<region>.amazonaws.com/<stage>/…`. One port serves
 * everything here, so the id is the beginning of the path, `/execute-api/<api>/<stage>/…`; who sets the Host header may
 * also use AWS's own paths.
 */
export function addressOf({ path, headers }: Pick<RawRequest, 'path' | 'headers'>): Address | undefined {
  if (path.startsWith(executeApiPath)) {
    const [apiId = '', ...rest] = path.slice(executeApiPath.length).split('/');
    return below(apiId, rest);
  }
  const [, apiId] = /^([a-z0-9]+)\.execute-api\./.exec(headers.host ?? '') ?? [];
  return apiId === undefined ? undefined : below(apiId, path.slice(1).split('/'));
}

function below(apiId: string, [stageName = '', ...rest]: readonly string[]): Address {
  return { apiId, rawPath: `/${[stageName, ...rest].join('/')}`, stageName, path: `/${rest.join('/')}` };
}
