import { randomUUID } from 'node:crypto';
import type { ResourceStatus, StackStatus } from '@aws-sdk/client-cloudformation';
import type { Caller, Cloud } from '../service.ts';
import type { Stack, StackResource } from './state.ts';

/** One operation on a stack, from its first event to its last. */
export interface Operation {
  readonly cloud: Cloud;
  readonly stack: Stack;
  readonly account: string;
  readonly region: string;
  /** The stack's role, or who asked for the operation when it has none. */
  readonly caller: Caller;
  /** Told apart in the events: a rollback has one of its own. */
  readonly id: string;
  /** The request's ClientRequestToken, carried by each event. */
  readonly token: string | undefined;
  /** Aborted when the cloud closes. */
  readonly signal: AbortSignal;
}

/** Why an operation ended early that was under way when the cloud closed. It can be tried again, or rolled back. */
export const closedReason = 'The embedded cloud was closed before the operation ended.';

/** Moves the stack to a status and writes the event of it. */
export function setStackStatus(operation: Operation, status: StackStatus, reason?: string): void {
  const { stack } = operation;
  stack.status = status;
  stack.statusReason = reason;
  const resource = { logicalId: stack.name, physicalId: stack.id, type: 'AWS::CloudFormation::Stack' };
  const time = addEvent(operation, resource, status as ResourceStatus, reason);
  if (status === 'UPDATE_IN_PROGRESS' || status.includes('ROLLBACK_IN_PROGRESS')) stack.updated = time;
  if (status === 'DELETE_IN_PROGRESS') stack.deleted = time;
}

/** Moves a resource to a status and writes the event of it. */
export function setResourceStatus(
  operation: Operation,
  resource: StackResource,
  status: ResourceStatus,
  reason?: string,
): void {
  resource.status = status;
  resource.statusReason = reason;
  resource.updated = addEvent(operation, resource, status, reason, JSON.stringify(resource.properties));
}

/** Each event of a stack is later than the one before, so that sorting by time keeps their order. */
function addEvent(
  { cloud, stack, id, token }: Operation,
  { logicalId, physicalId, type }: Pick<StackResource, 'logicalId' | 'physicalId' | 'type'>,
  status: ResourceStatus,
  reason: string | undefined,
  properties?: string,
): Date {
  const last = stack.events.at(-1)?.time.getTime() ?? 0;
  const time = new Date(Math.max(cloud.clock.now(), last + 1));
  const eventId = type === 'AWS::CloudFormation::Stack' ? randomUUID() : `${logicalId}-${status}-${time.toISOString()}`;
  stack.events.push({
    id: eventId,
    operationId: id,
    logicalId,
    physicalId,
    type,
    status,
    reason,
    properties,
    token,
    time,
  });
  return time;
}
