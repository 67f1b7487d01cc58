import type { PolicyDocument } from '../../iam/policy-document.ts';
import type { Call, Demand } from '../../service.ts';
import { locateUrl, type QueueLocation, queueArn } from './queue-reference.ts';
import { queueAt } from './state.ts';

/** "Cross-account permissions don't apply to the following actions", Basic examples of Amazon SQS policies. */
const ownersOnly = new Set([
  'AddPermission',
  'CancelMessageMoveTask',
  'CreateQueue',
  'DeleteQueue',
  'ListMessageMoveTasks',
  'ListQueues',
  'ListQueueTags',
  'RemovePermission',
  'SetQueueAttributes',
  'StartMessageMoveTask',
  'TagQueue',
  'UntagQueue',
]);

/** Demands one `sqs:` action on the queue whose URL the input holds. Batches demand the action on one message. */
export function onQueue(action: string) {
  return (input: { QueueUrl?: string | undefined }, call: Call): readonly Demand[] => [
    demand(action, locateUrl(input.QueueUrl, call), call),
  ];
}

export function demand(action: string, location: QueueLocation, call: Pick<Call, 'cloud' | 'account'>): Demand {
  const policy = queueAt(call.cloud, location)?.attributes['Policy'];
  const isShared = !ownersOnly.has(action) || location.account === call.account;
  return {
    action: `sqs:${action}`,
    resource: queueArn(location),
    resourcePolicy: policy !== undefined && isShared ? (JSON.parse(policy) as PolicyDocument) : undefined,
  };
}
