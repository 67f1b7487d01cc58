import { parameterPrefix } from '@stackyard/contracts';
import { Annotations, type IAspect, Names, Stack } from 'aws-cdk-lib';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import type { IConstruct } from 'constructs';
import type { ContextVariables } from './context-variables.ts';

type Place = Pick<ContextVariables, 'stage' | 'context'>;

/**
 * The name a parameter has under the policy `/{stage}/{context}/…`. A conforming name stays; otherwise the place is put in
 * front, without repeating a leading segment that already is the stage or the context. Only whole segments count:
 * `/devices/x` keeps its `devices` in stage `dev`.
 */
export function conformingName(name: string, { stage, context }: Place): string {
  const prefix = parameterPrefix(stage, context);
  if (name.startsWith(prefix) && name.length > prefix.length) return name;
  const segments = name.split('/').filter((segment) => segment !== '');
  if (segments[0] === stage && segments.length > 1) segments.shift();
  if (segments[0] === context && segments.length > 1) segments.shift();
  return prefix + segments.join('/');
}

/** Gives every SSM parameter of a stack its conforming name, and warns where that changed what the author wrote. */
export class ParameterNamingPolicy implements IAspect {
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  visit(node: IConstruct): void {
    if (!(node instanceof CfnParameter)) return;
    const written: unknown = Stack.of(node).resolve(node.name);
    // A name that only CloudFormation will know can't be judged here.
    if (typeof written !== 'string' && written !== undefined) return;
    const conforming = conformingName(written ?? Names.uniqueResourceName(node, { maxLength: 200 }), this.#place);
    if (conforming === written) return;
    Annotations.of(node).addWarningV2(
      '@stackyard/cdk-core:parameterName',
      `SSM parameter ${written ?? 'without a name'} is renamed to ${conforming}: names start with ${parameterPrefix(this.#place.stage, this.#place.context)}. Write that name yourself, since readers of the old one would not find it.`,
    );
    node.name = conforming;
  }
}
