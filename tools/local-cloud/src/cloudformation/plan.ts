import { isDeepStrictEqual } from 'node:util';
import type { Change, ResourceChange } from '@aws-sdk/client-cloudformation';
import { validationError } from './errors.ts';
import { knownAfterApply, type ResourceView } from './evaluate.ts';
import { type EvaluatedResource, evaluateResource } from './evaluate-resource.ts';
import { buildGraph, resourcesOf } from './graph.ts';
import { evaluateOutputs } from './outputs.ts';
import { providerOf, resourceTypes } from './providers/index.ts';
import { referencesIn } from './references.ts';
import { describeChange, propertyChanges, replacementOf } from './resource-change.ts';
import { checkRules } from './rules.ts';
import { type Surroundings, stackScope } from './scope.ts';
import type { Deployment, StackOutput, StackResource, ValidationProblem } from './state.ts';
import type { ResourceDefinition, Template } from './template.ts';

/** What a deployment would do to a stack. */
export interface Plan {
  readonly changes: readonly Change[];
  /** Nothing can be deployed while there are any. */
  readonly problems: readonly ValidationProblem[];
  /** The outputs differ though no resource does. */
  readonly outputsChange: boolean;
}

interface Planned {
  readonly change?: ResourceChange;
  readonly view: ResourceView;
  /** Attributes of it may change. */
  readonly changing: boolean;
}

/**
 * Compares a deployment with the resources a stack has. Values that depend on resources yet to be created are
 * {@link knownAfterApply}. Throws ValidationError when the template can't be evaluated, or wants to change a type.
 */
export async function planDeployment(
  surroundings: Surroundings,
  template: Template,
  deployment: Deployment,
  current: { readonly resources: ReadonlyMap<string, StackResource>; readonly outputs: readonly StackOutput[] },
): Promise<Plan> {
  const planned = new Map<string, Planned>();
  const scope = await stackScope(surroundings, template, deployment.parameters, (id) => planned.get(id)?.view);
  await checkRules(template, scope);
  const graph = buildGraph(template, scope.conditions);
  const definitions = resourcesOf(template, scope.conditions);
  checkProviders(definitions);
  checkTypes(definitions, current.resources);

  const problems: ValidationProblem[] = [];
  for (const logicalId of graph.keys()) {
    const definition = definitions.get(logicalId) as ResourceDefinition;
    const next = await evaluateResource(logicalId, definition, scope, deployment.tags);
    problems.push(...next.problems);
    const existing = existingOf(current.resources.get(logicalId));
    const causes = (property: string) =>
      referencesIn(definition.Properties?.[property], scope.conditions).filter(
        (reference) => planned.get(reference.logicalId)?.changing,
      );
    planned.set(
      logicalId,
      existing ? planUpdate(existing, definition, next, causes) : planCreation(logicalId, definition, next),
    );
  }
  const added = [...planned.values()].flatMap(({ change }) => change ?? []);
  const removed = [...current.resources.values()]
    .filter(({ logicalId }) => !definitions.has(logicalId))
    .map(planRemoval);
  const changes = [...added, ...removed];
  const outputsChange =
    changes.length === 0 && !isDeepStrictEqual(await evaluateOutputs(template, scope), current.outputs);
  return {
    changes: changes.map((change) => ({ Type: 'Resource', ResourceChange: change })),
    problems,
    outputsChange,
  };
}

/** A resource whose creation failed (and was kept, without a rollback) is created anew. */
export function existingOf(resource: StackResource | undefined): StackResource | undefined {
  return resource?.status === 'CREATE_FAILED' ? undefined : resource;
}

function checkProviders(definitions: ReadonlyMap<string, ResourceDefinition>): void {
  const types = new Set([...definitions.values()].map(({ Type }) => Type).filter((type) => !providerOf(type)));
  if (types.size > 0) {
    throw validationError(
      `The embedded cloud has no resource types [${[...types].join(', ')}]. It has: ${resourceTypes.join(', ')}.`,
    );
  }
}

function checkTypes(
  definitions: ReadonlyMap<string, ResourceDefinition>,
  resources: ReadonlyMap<string, StackResource>,
): void {
  const changed = [...definitions].filter(([id, { Type }]) => resources.has(id) && resources.get(id)?.type !== Type);
  if (changed.length > 0) {
    const names = changed.map(([logicalId]) => logicalId).join(', ');
    throw validationError(
      `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${names}]`,
    );
  }
}

const unknownView: ResourceView = { ref: knownAfterApply, attribute: () => knownAfterApply };

function planCreation(logicalId: string, definition: ResourceDefinition, next: EvaluatedResource): Planned {
  return {
    view: checkedView(logicalId, next, unknownView),
    changing: true,
    change: {
      Action: 'Add',
      LogicalResourceId: logicalId,
      ResourceType: definition.Type,
      Scope: [],
      Details: [],
      AfterContext: contextOf(next.properties),
    },
  };
}

function planUpdate(
  existing: StackResource,
  definition: ResourceDefinition,
  next: EvaluatedResource,
  causes: (property: string) => readonly { logicalId: string; attribute?: string }[],
): Planned {
  const { logicalId, physicalId } = existing;
  const changes = propertyChanges(existing, next);
  const isMetadataChanged = !isDeepStrictEqual(existing.metadata, definition.Metadata);
  const replacement = replacementOf(changes);
  const scopes = [
    ...(changes.length > 0 ? ['Properties' as const] : []),
    ...(isMetadataChanged ? ['Metadata' as const] : []),
    ...(existing.deletionPolicy === next.deletionPolicy ? [] : ['DeletionPolicy' as const]),
    ...(existing.updateReplacePolicy === next.updateReplacePolicy ? [] : ['UpdateReplacePolicy' as const]),
  ];
  const view: ResourceView = {
    ref: replacement === 'False' && physicalId !== undefined ? physicalId : knownAfterApply,
    attribute: (name) => (changes.length > 0 ? knownAfterApply : (existing.attributes[name] ?? knownAfterApply)),
  };
  const planned = { view: checkedView(logicalId, next, view), changing: changes.length > 0 };
  if (scopes.length === 0) return planned;
  const retain = next.updateReplacePolicy !== 'Delete';
  const change: ResourceChange = {
    Action: 'Modify',
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: existing.type,
    Replacement: replacement,
    ...(replacement === 'True' && { PolicyAction: retain ? 'ReplaceAndRetain' : 'ReplaceAndDelete' }),
    Scope: scopes,
    Details: [
      ...changes.flatMap((property) => describeChange(property, next, causes(property.name))),
      ...scopes
        .filter((attribute) => attribute !== 'Properties')
        .map((attribute) => ({
          Target: { Attribute: attribute, RequiresRecreation: 'Never' as const },
          Evaluation: 'Static' as const,
          ChangeSource: 'DirectModification' as const,
        })),
    ],
    BeforeContext: contextOf(existing.properties),
    AfterContext: contextOf(next.properties),
  };
  return { ...planned, change };
}

/** Attributes that AWS does not document are refused before anything changes. */
function checkedView(logicalId: string, { specification }: EvaluatedResource, view: ResourceView): ResourceView {
  return {
    ref: view.ref,
    attribute(name) {
      if (specification && !specification.hasAttribute(name)) {
        throw validationError(
          `Template error: resource ${logicalId} does not support attribute type ${name} in Fn::GetAtt`,
        );
      }
      return view.attribute(name);
    },
  };
}

function planRemoval({ logicalId, physicalId, type, properties, deletionPolicy }: StackResource): ResourceChange {
  return {
    Action: 'Remove',
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    PolicyAction: deletionPolicy === 'Delete' ? 'Delete' : 'Retain',
    Scope: [],
    Details: [],
    BeforeContext: contextOf(properties),
  };
}

const contextOf = (properties: unknown) => JSON.stringify({ Properties: properties });
