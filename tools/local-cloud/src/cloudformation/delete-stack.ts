import { deleteResources } from './clean-up.ts';
import { checkExports } from './exports.ts';
import { closedReason, type Operation, setStackStatus } from './operation.ts';

export interface DeleteOptions {
  /** Logical IDs to leave behind; only for a stack whose deletion has failed. */
  readonly retain: readonly string[];
  /** Leave behind whatever can't be deleted (`DeletionMode: FORCE_DELETE_STACK`). */
  readonly force: boolean;
}

/** Deletes a stack's resources and then the stack; ends as DELETE_COMPLETE or DELETE_FAILED. */
export async function deleteStack(operation: Operation, { retain, force }: DeleteOptions): Promise<void> {
  const { stack } = operation;
  const { status } = stack;
  setStackStatus(operation, 'DELETE_IN_PROGRESS', 'User Initiated');
  try {
    checkExports(operation, []);
  } catch (error) {
    setStackStatus(operation, status, (error as Error).message);
    return;
  }
  const failed = await deleteResources(operation, [...stack.resources.values()], (resource) =>
    retain.includes(resource.logicalId) ? 'Retain' : resource.deletionPolicy,
  );
  if (operation.signal.aborted) return setStackStatus(operation, 'DELETE_FAILED', closedReason);
  if (failed.length > 0 && !force) {
    setStackStatus(operation, 'DELETE_FAILED', `The following resource(s) failed to delete: [${failed.join(', ')}]. `);
    return;
  }
  stack.resources.clear();
  stack.outputs = [];
  stack.imports = [];
  stack.changeSets.clear();
  setStackStatus(operation, 'DELETE_COMPLETE');
}
