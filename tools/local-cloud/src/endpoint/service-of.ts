import type { RawRequest, Service } from '../service.ts';
import { credentialScope } from './credential-scope.ts';

/** The service a signed request is for: its credential scope says so, and the path where two services share the name. */
export function serviceOf(request: RawRequest, services: ReadonlyMap<string, Service>): Service | undefined {
  const name = credentialScope(request)?.service ?? '';
  for (const service of services.values()) {
    const { signedAs } = service;
    if (signedAs?.name === name && request.path.startsWith(signedAs.path)) return service;
  }
  return services.get(name);
}
