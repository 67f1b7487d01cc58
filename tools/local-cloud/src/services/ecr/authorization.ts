import { randomBytes } from 'node:crypto';
import type { GetAuthorizationTokenCommandInput, GetAuthorizationTokenCommandOutput } from '@aws-sdk/client-ecr';
import { type Caller, type Cloud, operation } from '../../service.ts';
import { registryHost } from './state.ts';

/** "GetAuthorizationToken": a token is valid for 12 hours. */
const validityMs = 12 * 3_600_000;

interface Grant {
  readonly caller: Caller;
  readonly region: string;
  readonly expires: number;
}

function grantsOf(cloud: Cloud): Map<string, Grant> {
  return cloud.store('ecr-tokens', 'global', 'global', () => ({ grants: new Map<string, Grant>() })).grants;
}

export const getAuthorizationToken = operation<GetAuthorizationTokenCommandInput, GetAuthorizationTokenCommandOutput>({
  demands: () => [{ action: 'ecr:GetAuthorizationToken', resource: '*' }],
  run(input, { cloud, caller, account, region }) {
    const grants = grantsOf(cloud);
    const now = cloud.clock.now();
    for (const [password, { expires }] of grants) if (expires <= now) grants.delete(password);
    return {
      authorizationData: (input.registryIds ?? [account]).map((registryId) => {
        const password = randomBytes(48).toString('base64url');
        const expires = now + validityMs;
        grants.set(password, { caller, region, expires });
        return {
          authorizationToken: Buffer.from(`AWS:${password}`).toString('base64'),
          expiresAt: new Date(expires),
          proxyEndpoint: `https://${registryHost(registryId, region)}`,
        };
      }),
    };
  },
});

/** Who an `Authorization: Basic` header with a token stands for; `undefined` when it is none, unknown or expired. */
export function grantOf(cloud: Cloud, authorization: string | undefined): Grant | undefined {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]+)$/.exec(authorization ?? '') ?? [];
  const [, password] = /^AWS:(.+)$/.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? [];
  const grant = grantsOf(cloud).get(password ?? '');
  return grant && grant.expires > cloud.clock.now() ? grant : undefined;
}
