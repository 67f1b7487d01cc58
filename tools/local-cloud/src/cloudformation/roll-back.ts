import { randomUUID } from 'node:crypto';
import { deleteResources } from './clean-up.ts';
import { inOrder } from './graph.ts';
import { type Operation, setResourceStatus, setStackStatus } from './operation.ts';
import { updateResource } from './resource-steps.ts';
import { runGraph } from './run-graph.ts';
import type { StableState, StackResource } from './state.ts';
import { parseTemplate } from './template.ts';

export interface RollBackOptions {
  readonly reason?: string;
  readonly retainExceptOnCreate?: boolean;
  /** Logical IDs not to be restored (ContinueUpdateRollback), or all that fail. */
  readonly skip?: readonly string[] | 'failing';
}

/** Returns a stack to how it stood before the operation that failed; a stack that did not exist loses its resources. */
export async function rollBack(failed: Operation, options: RollBackOptions): Promise<void> {
  const operation = { ...failed, id: randomUUID() };
  const { before } = operation.stack;
  if (!before) return;
  if (before.deployment) await rollBackUpdate(operation, before, options);
  else await rollBackCreation(operation, options);
}

async function rollBackCreation(operation: Operation, options: RollBackOptions): Promise<void> {
  const { stack } = operation;
  setStackStatus(operation, 'ROLLBACK_IN_PROGRESS', options.reason);
  const failed = await deleteResources(operation, [...stack.resources.values()], policyOfNew(options));
  if (failed.length > 0) {
    setStackStatus(
      operation,
      'ROLLBACK_FAILED',
      `The following resource(s) failed to delete: [${failed.join(', ')}]. `,
    );
    return;
  }
  stack.resources.clear();
  stack.before = undefined;
  setStackStatus(operation, 'ROLLBACK_COMPLETE');
}

async function rollBackUpdate(operation: Operation, before: StableState, options: RollBackOptions): Promise<void> {
  const { stack } = operation;
  setStackStatus(operation, 'UPDATE_ROLLBACK_IN_PROGRESS', options.reason);
  const created = createdSince(before, stack.resources);
  const failed = await restoreResources(operation, before, options);
  if (failed.length > 0) {
    const reason = `The following resource(s) failed to update: [${failed.join(', ')}]. `;
    setStackStatus(operation, 'UPDATE_ROLLBACK_FAILED', reason);
    return;
  }
  setStackStatus(operation, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
  await deleteResources(operation, created, policyOfNew(options));
  for (const { logicalId } of created) if (!before.resources.has(logicalId)) stack.resources.delete(logicalId);
  stack.deployment = before.deployment;
  stack.outputs = before.outputs;
  stack.imports = before.imports;
  stack.description = before.deployment && parseTemplate(before.deployment.templateBody).Description;
  stack.before = undefined;
  setStackStatus(operation, 'UPDATE_ROLLBACK_COMPLETE');
}

/** "DeletionPolicy attribute", CloudFormation Template Reference: RetainExceptOnCreate deletes what is rolled back. */
function policyOfNew({ retainExceptOnCreate }: RollBackOptions) {
  return ({ deletionPolicy }: StackResource) =>
    deletionPolicy === 'Retain' && !retainExceptOnCreate ? 'Retain' : 'Delete';
}

/** Resources the failed operation made: new ones, and replacements of those that stood. */
function createdSince(before: StableState, resources: ReadonlyMap<string, StackResource>): StackResource[] {
  return [...resources.values()].filter((resource) => {
    const old = before.resources.get(resource.logicalId);
    return !old || (old.physicalId !== resource.physicalId && resource.physicalId !== undefined);
  });
}

async function restoreResources(
  operation: Operation,
  before: StableState,
  { skip = [] }: RollBackOptions,
): Promise<string[]> {
  const edges = new Map(
    [...before.resources].map(([id, { dependencies }]) => [
      id,
      dependencies.filter((name) => before.resources.has(name)),
    ]),
  );
  return runGraph(
    inOrder(edges),
    async (logicalId) => {
      const old = before.resources.get(logicalId) as StackResource;
      if (skip !== 'failing' && skip.includes(logicalId)) return skipResource(operation, old);
      try {
        await restore(operation, old);
      } catch (error) {
        if (skip !== 'failing') throw error;
        skipResource(operation, old);
      }
    },
    { stopOnFailure: false },
  );
}

function skipResource(operation: Operation, old: StackResource): void {
  const resource = operation.stack.resources.get(old.logicalId) ?? structuredClone(old);
  operation.stack.resources.set(old.logicalId, resource);
  setResourceStatus(operation, resource, 'UPDATE_COMPLETE', 'Resource skipped during UpdateRollback');
}

async function restore(operation: Operation, old: StackResource): Promise<void> {
  const { resources } = operation.stack;
  const current = resources.get(old.logicalId);
  const restored = structuredClone(old);
  resources.set(old.logicalId, restored);
  if (current?.updated.getTime() === old.updated.getTime()) return;
  if (current?.physicalId === old.physicalId && current) {
    await updateResource(operation, restored, current.properties, operation.signal);
    return;
  }
  // It was replaced, and still stands: there is nothing to do.
  setResourceStatus(operation, restored, 'UPDATE_IN_PROGRESS');
  setResourceStatus(operation, restored, 'UPDATE_COMPLETE');
}
