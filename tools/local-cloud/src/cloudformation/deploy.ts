import { type Applied, applyDeployment } from './apply.ts';
import { deleteResources } from './clean-up.ts';
import { checkExports } from './exports.ts';
import { failureReason } from './failure-reason.ts';
import { closedReason, type Operation, setStackStatus } from './operation.ts';
import { rollBack } from './roll-back.ts';
import { readStackPolicy, type StackPolicy } from './stack-policy.ts';
import type { Deployment, StableState, Stack, StackResource } from './state.ts';
import { parseTemplate } from './template.ts';

export interface DeployOptions {
  /** The stack keeps it for its next operations. */
  readonly roleArn: string | undefined;
  /** Leave a stack that failed as it is, for RollbackStack or another attempt. */
  readonly disableRollback: boolean;
  /** Remove the stack whose creation failed and was rolled back (`OnFailure: DELETE`). */
  readonly deleteOnFailure: boolean;
  /** A rollback deletes what the operation created even where its DeletionPolicy is Retain. */
  readonly retainExceptOnCreate: boolean;
  /** A stack policy's text that holds for this update in place of the stack's own. */
  readonly policyDuringUpdate?: string | undefined;
}

/**
 * Creates or updates a stack, from its first event to its last: resources, outputs, then the removal of what is no longer
 * wanted; on failure the way back ("Stack failure options", CloudFormation User Guide).
 */
export async function deployStack(operation: Operation, deployment: Deployment, options: DeployOptions): Promise<void> {
  const { stack } = operation;
  const verb = stack.deployment ? 'UPDATE' : 'CREATE';
  stack.before ??= stableState(stack);
  stack.deployment = deployment;
  stack.description = parseTemplate(deployment.templateBody).Description;
  stack.disableRollback = options.disableRollback;
  stack.roleArn = options.roleArn;
  // Change sets were made for the stack as it was.
  stack.changeSets.clear();
  setStackStatus(operation, `${verb}_IN_PROGRESS`, 'User Initiated');

  const policyText = options.policyDuringUpdate ?? stack.policy;
  const policy = verb === 'CREATE' || policyText === undefined ? undefined : readStackPolicy(policyText);
  const result = await applyAll(operation, deployment, policy);
  if (operation.signal.aborted) return setStackStatus(operation, `${verb}_FAILED`, closedReason);
  if ('reason' in result) {
    if (options.disableRollback) setStackStatus(operation, `${verb}_FAILED`, result.reason);
    else
      await rollBack(operation, {
        ...options,
        reason: `${result.reason}${verb === 'CREATE' ? 'Rollback requested by user.' : ''}`,
      });
    if (options.deleteOnFailure && stack.status === 'ROLLBACK_COMPLETE') setStackStatus(operation, 'DELETE_COMPLETE');
    return;
  }
  stack.outputs = result.outputs;
  stack.imports = result.imports;
  if (verb === 'CREATE') setStackStatus(operation, 'CREATE_COMPLETE');
  else await finishUpdate(operation, stack.before, result.wanted);
  stack.before = undefined;
}

/** What a rollback returns to: a copy, since records change as the operation goes on. */
function stableState(stack: Stack): StableState {
  return {
    deployment: stack.deployment,
    resources: structuredClone(stack.resources),
    outputs: stack.outputs,
    imports: stack.imports,
  };
}

async function applyAll(
  operation: Operation,
  deployment: Deployment,
  policy: StackPolicy | undefined,
): Promise<Applied | { readonly reason: string }> {
  try {
    const applied = await applyDeployment(operation, deployment, policy);
    if (applied.failed.length > 0) return { reason: failuresOf(operation.stack, applied.failed) };
    checkExports(operation, applied.outputs);
    return applied;
  } catch (error) {
    return { reason: `${failureReason(error)} ` };
  }
}

function failuresOf(stack: Stack, failed: readonly string[]): string {
  const created = failed.filter((logicalId) => stack.resources.get(logicalId)?.status === 'CREATE_FAILED');
  const updated = failed.filter((logicalId) => !created.includes(logicalId));
  return [
    created.length > 0 ? `The following resource(s) failed to create: [${created.join(', ')}]. ` : '',
    updated.length > 0 ? `The following resource(s) failed to update: [${updated.join(', ')}]. ` : '',
  ].join('');
}

/** Removes what was replaced and what the template no longer has. What can't be deleted stays behind, as on AWS. */
async function finishUpdate(operation: Operation, before: StableState, wanted: ReadonlySet<string>): Promise<void> {
  const { stack } = operation;
  const unwanted = [...stack.resources.values()].filter(({ logicalId }) => !wanted.has(logicalId));
  const replaced = [...before.resources.values()].filter(({ logicalId, physicalId }) => {
    return (
      wanted.has(logicalId) && physicalId !== undefined && stack.resources.get(logicalId)?.physicalId !== physicalId
    );
  });
  setStackStatus(operation, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
  const isReplaced = (resource: StackResource) => replaced.includes(resource);
  const failed = await deleteResources(operation, [...unwanted, ...replaced], (resource) =>
    isReplaced(resource) ? resource.updateReplacePolicy : resource.deletionPolicy,
  );
  for (const logicalId of failed) if (!wanted.has(logicalId)) stack.resources.delete(logicalId);
  setStackStatus(operation, 'UPDATE_COMPLETE');
}
