import { isDeepStrictEqual } from 'node:util';
import { validationError } from './errors.ts';
import { type EvaluatedResource, evaluateResource } from './evaluate-resource.ts';
import { failureReason } from './failure-reason.ts';
import { buildGraph, resourcesOf } from './graph.ts';
import { processTemplate } from './loops.ts';
import { type Operation, setResourceStatus } from './operation.ts';
import { evaluateOutputs } from './outputs.ts';
import { existingOf } from './plan.ts';
import { propertyChanges, replacementOf } from './resource-change.ts';
import { createResource, deleteResource, newRecord, updateResource } from './resource-steps.ts';
import { viewOf } from './resource-view.ts';
import { runGraph } from './run-graph.ts';
import { stackScope } from './scope.ts';
import type { StackPolicy } from './stack-policy.ts';
import type { Deployment, StackOutput, StackResource } from './state.ts';
import type { ResourceDefinition } from './template.ts';

/** What became of creating and updating a stack's resources. */
export interface Applied {
  /** Logical IDs of the resources that failed, those that were cut short included. */
  readonly failed: readonly string[];
  readonly outputs: readonly StackOutput[];
  readonly imports: readonly string[];
  /** Logical IDs the template has; what else the stack holds is to be removed. */
  readonly wanted: ReadonlySet<string>;
}

/**
 * Creates, updates and replaces resources until the stack has what the deployment wants, in parallel, in dependency
 * order. Removes nothing: what is replaced or no longer wanted stays until the operation has succeeded. Throws
 * ValidationError when the template's outputs can't be evaluated, or the stack's policy protects what is to be removed.
 */
export async function applyDeployment(
  operation: Operation,
  deployment: Deployment,
  policy?: StackPolicy,
): Promise<Applied> {
  const { stack } = operation;
  const template = processTemplate(deployment.templateBody, deployment.parameters);
  const scope = await stackScope(operation, template, deployment.parameters, (id) => viewOf(stack.resources.get(id)));
  const graph = buildGraph(template, scope.conditions);
  const definitions = resourcesOf(template, scope.conditions);
  checkRemovals(operation, definitions, policy);
  const cancel = new AbortController();
  const signal = AbortSignal.any([cancel.signal, operation.signal]);

  async function apply(logicalId: string): Promise<void> {
    const definition = definitions.get(logicalId) as ResourceDefinition;
    const existing = existingOf(stack.resources.get(logicalId));
    const { next, action } = await prepared(operation, logicalId, definition, async () => {
      const evaluated = await evaluateResource(logicalId, definition, scope, deployment.tags);
      const action = actionFor(operation, existing, evaluated);
      checkPolicy(policy, existing, action);
      return { next: evaluated, action };
    });
    const record = newRecord(logicalId, definition, next, graph.get(logicalId) ?? []);
    await carryOut(operation, action, record, existing, signal);
  }

  const failed = await runGraph(
    graph,
    (logicalId) =>
      apply(logicalId).catch((error) => {
        cancel.abort();
        throw error;
      }),
    { stopOnFailure: true },
  );
  const wanted = new Set(definitions.keys());
  if (failed.length > 0) return { failed, outputs: [], imports: [], wanted };
  return { failed, outputs: await evaluateOutputs(template, scope), imports: [...scope.imports], wanted };
}

/** Throws ValidationError for a change that the stack's policy does not allow. */
function checkPolicy(policy: StackPolicy | undefined, existing: StackResource | undefined, action: Action): void {
  if (!existing || (action !== 'update' && action !== 'replace')) return;
  const refused = policy?.(action === 'update' ? 'Update:Modify' : 'Update:Replace', existing.logicalId, existing.type);
  if (refused !== undefined) throw validationError(refused);
}

/** The same for what the template no longer has, before anything changes. */
function checkRemovals(
  operation: Operation,
  definitions: ReadonlyMap<string, ResourceDefinition>,
  policy: StackPolicy | undefined,
): void {
  for (const resource of operation.stack.resources.values()) {
    if (definitions.has(resource.logicalId)) continue;
    const refused = policy?.('Update:Delete', resource.logicalId, resource.type);
    if (refused === undefined) continue;
    setResourceStatus(operation, resource, 'UPDATE_FAILED', refused);
    throw validationError(refused);
  }
}

type Action = 'create' | 'keep' | 'update' | 'replace';

/** What is to be done for a resource. Throws ValidationError for what is wrong with it. */
function actionFor(operation: Operation, existing: StackResource | undefined, next: EvaluatedResource): Action {
  const [problem] = next.problems;
  if (problem) throw validationError(`${problem.message} (at ${problem.path})`);
  if (!existing) return 'create';
  const changes = propertyChanges(existing, next);
  if (replacementOf(changes) === 'True') {
    checkReplacement(operation, existing, next);
    return 'replace';
  }
  return changes.length > 0 || existing.status === 'UPDATE_FAILED' ? 'update' : 'keep';
}

async function carryOut(
  operation: Operation,
  action: Action,
  record: StackResource,
  existing: StackResource | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { resources } = operation.stack;
  if (!existing) {
    const failed = resources.get(record.logicalId);
    if (failed?.physicalId !== undefined) await deleteResource(operation, failed, 'Delete');
    return createResource(operation, record, undefined, signal);
  }
  if (action === 'replace') return createResource(operation, record, existing, signal);
  if (action === 'update') {
    Object.assign(record, { physicalId: existing.physicalId, attributes: existing.attributes });
    resources.set(record.logicalId, record);
    return updateResource(operation, record, existing.properties, signal);
  }
  // Policies and metadata are CloudFormation's own: nothing to do for the service.
  const { deletionPolicy, updateReplacePolicy, metadata, dependencies } = record;
  resources.set(record.logicalId, { ...existing, deletionPolicy, updateReplacePolicy, metadata, dependencies });
}

/** What AWS refuses to replace. */
function checkReplacement({ stack }: Operation, existing: StackResource, next: EvaluatedResource): void {
  if (stack.disableRollback) {
    throw validationError('Replacement type updates not supported on stack with disable-rollback.');
  }
  const names = next.specification?.nameProperties ?? [];
  const isNamed = names.length > 0 && names.every((name) => next.properties[name] !== undefined);
  if (isNamed && names.every((name) => isDeepStrictEqual(next.properties[name], existing.properties[name]))) {
    const name = names.map((property) => String(next.properties[property])).join('|');
    throw validationError(
      `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${name} and update the stack again.`,
    );
  }
}

/** Runs what comes before a resource's own work; a failure is an event of the resource like any other. */
async function prepared<Result>(
  operation: Operation,
  logicalId: string,
  definition: ResourceDefinition,
  run: () => Promise<Result>,
): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    const existing = operation.stack.resources.get(logicalId);
    const record = existing ?? placeholder(logicalId, definition);
    operation.stack.resources.set(logicalId, record);
    setResourceStatus(operation, record, existing ? 'UPDATE_FAILED' : 'CREATE_FAILED', failureReason(error));
    throw error;
  }
}

function placeholder(logicalId: string, definition: ResourceDefinition): StackResource {
  const nothing = { properties: {}, deletionPolicy: 'Delete', updateReplacePolicy: 'Delete' } as EvaluatedResource;
  return newRecord(logicalId, definition, nothing, []);
}
