import {
  AspectPriority,
  Aspects,
  NestedStack,
  type NestedStackProps,
  RemovalPolicies,
  Stack,
  type StackProps,
  Tags,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { assertContextVariables, type ContextVariables } from './context-variables.ts';
import { deleteAfterADay } from './ephemeral.ts';
import { CdkCoreError } from './errors.ts';
import { ParameterNamingPolicy } from './parameter-naming.ts';
import { checkWithNag } from './validations.ts';

export interface EnforcedStackProps extends StackProps {
  readonly contextVariables: ContextVariables;
}

/**
 * A stack that follows the conventions without being asked: valid context variables, the name `{stage}-{context}`, tags on
 * every taggable resource, SSM parameters under `/{stage}/{context}/`, cdk-nag; and, unless its usage is PRODUCTION, no
 * resource that outlives it. An EPHEMERAL stack deletes itself after 24 hours.
 *
 * @throws CdkCoreError (`CONFIGURATION_INVALID`) with all problems of the context variables at once.
 */
export class EnforcedStack extends Stack {
  readonly contextVariables: ContextVariables;

  constructor(scope: Construct, id: string, props: EnforcedStackProps) {
    const variables = assertContextVariables(props.contextVariables);
    const { context, stage, owner, usage } = variables;
    const tags = { context, stage, owner, usage };
    super(scope, id, {
      stackName: `${stage}-${context}`,
      ...props,
      tags: { ...props.tags, ...tags },
    });
    this.contextVariables = variables;
    checkWithNag(this);
    // Stack tags reach the resources through CloudFormation; written into the template they are seen in reviews and diffs too.
    for (const [name, value] of Object.entries(tags)) Tags.of(this).add(name, value);
    Aspects.of(this).add(new ParameterNamingPolicy(variables), { priority: AspectPriority.MUTATING });
    if (usage !== 'PRODUCTION') RemovalPolicies.of(this).destroy();
    if (usage === 'EPHEMERAL') deleteAfterADay(this);
  }
}

/** A nested stack of an {@link EnforcedStack}: every convention of its parent holds in it, since all of them apply to the tree. */
export class EnforcedNestedStack extends NestedStack {
  readonly contextVariables: ContextVariables;

  constructor(scope: Construct, id: string, props?: NestedStackProps) {
    super(scope, id, props);
    this.contextVariables = contextVariablesOf(scope);
  }
}

/**
 * The context variables of the stack a construct is in.
 * @throws CdkCoreError (`NO_ENFORCED_STACK`)
 */
export function contextVariablesOf(scope: Construct): ContextVariables {
  const stack = Stack.of(scope);
  if (stack instanceof EnforcedStack || stack instanceof EnforcedNestedStack) return stack.contextVariables;
  throw new CdkCoreError('NO_ENFORCED_STACK', [
    `${scope.node.path} is in ${stack.node.path}; put it into an EnforcedStack`,
  ]);
}
