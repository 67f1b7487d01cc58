import recommended from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };

/**
 * The CDK feature flags of every app in this repository: all that the pinned aws-cdk-lib recommends to new apps, read from
 * the library so that an upgrade can't leave one out. `write-feature-flags.ts` copies them into each cdk.json, where the CDK
 * CLI looks for them.
 */
export const featureFlags: Readonly<Record<string, unknown>> = recommended;

/** The content of a cdk.json with its `context` holding exactly the flags, and beside them what is no feature flag. */
export function withFeatureFlags(cdkJson: { readonly context?: Readonly<Record<string, unknown>> }): object {
  const own = Object.entries(cdkJson.context ?? {}).filter(([key]) => !key.startsWith('@aws-cdk'));
  return { ...cdkJson, context: { ...Object.fromEntries(own), ...featureFlags } };
}
