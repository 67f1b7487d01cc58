import { isDeepStrictEqual } from 'node:util';
import type { Replacement, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';
import { knownAfterApply } from './evaluate.ts';
import type { EvaluatedResource } from './evaluate-resource.ts';
import type { Recreation } from './resource-specification.ts';
import type { StackResource } from './state.ts';

/** One property that an update changes. */
export interface PropertyChange {
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly recreation: Recreation;
  /** The new value is only known once another resource was created or updated. */
  readonly dynamic: boolean;
}

/** The properties whose values differ from what the resource was last given. */
export function propertyChanges(current: StackResource, next: EvaluatedResource): PropertyChange[] {
  const names = new Set([...Object.keys(current.properties), ...Object.keys(next.properties)]);
  return [...names].flatMap((name) => {
    const [before, after] = [current.properties[name], next.properties[name]];
    if (isDeepStrictEqual(before, after)) return [];
    const recreation = next.specification?.recreation(name, before, after) ?? customRecreation(name);
    return [{ name, before, after, recreation, dynamic: isUnknown(after) }];
  });
}

/** A custom resource decides itself, except that its provider can't change ("AWS::CloudFormation::CustomResource"). */
const customRecreation = (name: string): Recreation => (name === 'ServiceToken' ? 'Always' : 'Never');

const isUnknown = (value: unknown) => JSON.stringify(value ?? null).includes(knownAfterApply);

/** Whether an update with these changes needs a new physical resource ("ResourceChange", CloudFormation API Reference). */
export function replacementOf(changes: readonly PropertyChange[]): Replacement {
  if (changes.some(({ recreation, dynamic }) => recreation === 'Always' && !dynamic)) return 'True';
  return changes.some(({ recreation }) => recreation !== 'Never') ? 'Conditional' : 'False';
}

/** A property's change as DescribeChangeSet tells it. `causes`: the references through which an unknown value comes. */
export function describeChange(
  change: PropertyChange,
  next: EvaluatedResource,
  causes: readonly { readonly logicalId: string; readonly attribute?: string }[],
): ResourceChangeDetail[] {
  const { name, before, after, recreation, dynamic } = change;
  const isTags = next.specification?.tags?.property === name;
  const target = {
    Attribute: isTags ? ('Tags' as const) : ('Properties' as const),
    Name: name,
    RequiresRecreation: recreation,
    Path: `/Properties/${name}`,
    ...(before !== undefined && { BeforeValue: asText(before) }),
    ...(after !== undefined && { AfterValue: asText(after) }),
    AttributeChangeType:
      before === undefined ? ('Add' as const) : after === undefined ? ('Remove' as const) : ('Modify' as const),
  };
  if (!dynamic) return [{ Target: target, Evaluation: 'Static', ChangeSource: 'DirectModification' }];
  return causes.map(({ logicalId, attribute }) => ({
    Target: target,
    Evaluation: 'Dynamic',
    ChangeSource: attribute === undefined ? 'ResourceReference' : 'ResourceAttribute',
    CausingEntity: attribute === undefined ? logicalId : `${logicalId}.${attribute}`,
  }));
}

const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
