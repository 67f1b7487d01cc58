import type { Cloud } from '../service.ts';

/** An OpenID Connect identity provider of an account. */
export interface OidcProvider {
  readonly arn: string;
  /** Without its scheme, as condition keys name it: `token.actions.githubusercontent.com`. */
  readonly url: string;
  readonly createDate: Date;
  readonly clientIds: Set<string>;
  thumbprints: readonly string[];
  readonly tags: Map<string, string>;
}

/** By ARN. */
export function oidcProviders(cloud: Cloud, account: string): Map<string, OidcProvider> {
  return cloud.store('iam-oidc', account, 'global', () => ({ providers: new Map<string, OidcProvider>() })).providers;
}
