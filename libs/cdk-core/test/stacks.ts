import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { ContextVariables } from '../src/context-variables.ts';
import { EnforcedStack } from '../src/enforced-stack.ts';
import { featureFlags } from '../src/feature-flags.ts';

export const development: ContextVariables = {
  context: 'orders',
  stage: 'dev',
  owner: 'team-orders',
  usage: 'DEVELOPMENT',
};

/** An empty stack in an app with this repository's feature flags. */
export function stackWith(variables: Partial<ContextVariables> = {}): EnforcedStack {
  const app = new App({ context: featureFlags });
  return new EnforcedStack(app, 'orders', { contextVariables: { ...development, ...variables } });
}

type Resource = { Type: string; Properties: Record<string, unknown>; DeletionPolicy?: string };

/** The resources of a stack's template by logical id. */
export function resourcesOf(stack: EnforcedStack): Record<string, Resource> {
  return Template.fromStack(stack).toJSON()['Resources'];
}
