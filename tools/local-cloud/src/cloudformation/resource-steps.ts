import { validationError } from './errors.ts';
import type { EvaluatedResource } from './evaluate-resource.ts';
import { failureReason } from './failure-reason.ts';
import { type Operation, setResourceStatus } from './operation.ts';
import type { ResourceRequest, ResourceResult } from './provider.ts';
import { providerOf } from './providers/index.ts';
import { resourceRequest } from './resource-request.ts';
import type { StackResource } from './state.ts';
import type { DeletionPolicy, ResourceDefinition } from './template.ts';

/** What is told of a resource whose work was cut short because another one failed. */
const cancelled = { create: 'Resource creation cancelled', update: 'Resource update cancelled' } as const;

/** The record a resource has while its work is under way. */
export function newRecord(
  logicalId: string,
  definition: ResourceDefinition,
  next: EvaluatedResource,
  dependencies: readonly string[],
): StackResource {
  return {
    logicalId,
    type: definition.Type,
    physicalId: undefined,
    properties: next.properties,
    attributes: {},
    metadata: definition.Metadata,
    deletionPolicy: next.deletionPolicy,
    updateReplacePolicy: next.updateReplacePolicy,
    dependencies,
    status: 'CREATE_IN_PROGRESS',
    statusReason: undefined,
    updated: new Date(0),
  };
}

/** Creates a resource, as part of the stack's creation or in place of `replaced`. Throws after writing the failure's event. */
export async function createResource(
  operation: Operation,
  record: StackResource,
  replaced: StackResource | undefined,
  signal: AbortSignal,
): Promise<void> {
  const verb = replaced ? 'UPDATE' : 'CREATE';
  operation.stack.resources.set(record.logicalId, record);
  if (replaced) {
    const reason = 'Requested update requires the creation of a new physical resource; hence creating one.';
    setResourceStatus(operation, record, 'UPDATE_IN_PROGRESS', reason);
  } else {
    setResourceStatus(operation, record, 'CREATE_IN_PROGRESS');
  }
  await step(operation, record, `${verb}_FAILED`, signal, replaced ? cancelled.update : cancelled.create, async () => {
    const created = (physicalId: string) => {
      if (record.physicalId === physicalId) return;
      record.physicalId = physicalId;
      setResourceStatus(operation, record, `${verb}_IN_PROGRESS`, 'Resource creation Initiated');
    };
    const result = await provider(record).create({ ...request(operation, record, signal), created });
    created(result.physicalId);
    finish(record, result);
    setResourceStatus(operation, record, `${verb}_COMPLETE`);
  });
}

/** Updates a resource in place to the properties of `record`. Throws after writing the failure's event. */
export async function updateResource(
  operation: Operation,
  record: StackResource,
  previous: StackResource['properties'],
  signal: AbortSignal,
): Promise<void> {
  setResourceStatus(operation, record, 'UPDATE_IN_PROGRESS');
  await step(operation, record, 'UPDATE_FAILED', signal, cancelled.update, async () => {
    const { update } = provider(record);
    const physicalId = record.physicalId;
    if (!update || physicalId === undefined) {
      throw validationError(`${record.type} ${record.logicalId} cannot be updated`);
    }
    const { attributes } = record;
    finish(record, await update({ ...request(operation, record, signal), physicalId, previous, attributes }));
    setResourceStatus(operation, record, 'UPDATE_COMPLETE');
  });
}

/** Deletes a resource, or leaves it when its policy says so. Throws after writing the failure's event. */
export async function deleteResource(
  operation: Operation,
  record: StackResource,
  policy: DeletionPolicy,
): Promise<void> {
  if (policy !== 'Delete') {
    setResourceStatus(operation, record, 'DELETE_SKIPPED');
    return;
  }
  setResourceStatus(operation, record, 'DELETE_IN_PROGRESS');
  await step(operation, record, 'DELETE_FAILED', operation.signal, 'Resource deletion cancelled', async () => {
    const { physicalId } = record;
    if (physicalId !== undefined) {
      await provider(record).delete({ ...request(operation, record, operation.signal), physicalId });
    }
    setResourceStatus(operation, record, 'DELETE_COMPLETE');
  });
}

async function step(
  operation: Operation,
  record: StackResource,
  failed: 'CREATE_FAILED' | 'UPDATE_FAILED' | 'DELETE_FAILED',
  signal: AbortSignal,
  cancelledReason: string,
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    setResourceStatus(operation, record, failed, signal.aborted ? cancelledReason : failureReason(error));
    throw error;
  }
}

function finish(record: StackResource, result: ResourceResult): void {
  record.physicalId = result.physicalId;
  record.attributes = result.attributes ?? {};
}

function provider(record: StackResource) {
  const found = providerOf(record.type);
  if (!found) throw validationError(`The embedded cloud has no resource type ${record.type}.`);
  return found;
}

function request(operation: Operation, record: StackResource, signal: AbortSignal): ResourceRequest {
  return resourceRequest(operation, record, signal, operation.stack.deployment?.capabilities);
}
