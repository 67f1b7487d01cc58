import type {
  CreateQueueCommandInput,
  CreateQueueCommandOutput,
  DeleteQueueCommandInput,
  DeleteQueueCommandOutput,
  GetQueueUrlCommandInput,
  GetQueueUrlCommandOutput,
  ListQueuesCommandInput,
  ListQueuesCommandOutput,
  PurgeQueueCommandInput,
  PurgeQueueCommandOutput,
} from '@aws-sdk/client-sqs';
import { AwsError } from '../../errors.ts';
import { type Call, operation } from '../../service.ts';
import { demand, onQueue } from './demands.ts';
import { invalidParameter, queueDoesNotExist, unknownAttribute } from './errors.ts';
import { emptyLine } from './line.ts';
import { page } from './page.ts';
import { newAttributes } from './queue-attributes.ts';
import { startMeasuring } from './queue-metrics.ts';
import { type QueueLocation, queueArn, queueUrl } from './queue-reference.ts';
import { type Queue, queueAt, queueOf, sqsState } from './state.ts';
import { checkTags } from './tags.ts';
import { ring } from './waiting.ts';

/** "You must wait 60 seconds after deleting a queue", and the same between two purges. */
const pauseMs = 60_000;

export const createQueue = operation<CreateQueueCommandInput, CreateQueueCommandOutput>({
  demands(input, call) {
    const location = locate(input.QueueName, call.account, call);
    const create = demand('CreateQueue', location, call);
    return Object.keys(input.tags ?? {}).length > 0 ? [create, demand('TagQueue', location, call)] : [create];
  },
  run(input, call) {
    const { cloud } = call;
    const location = locate(input.QueueName, call.account, call);
    const { FifoQueue, ...given } = input.Attributes ?? {};
    checkName(location.name, FifoQueue);
    checkTags(input.tags ?? {});
    const existing = queueAt(cloud, location);
    const attributes = newAttributes(cloud, location, given);
    if (existing) {
      refuseDifference(existing, given);
      return { QueueUrl: queueUrl(cloud, existing) };
    }
    const { queues, deleted } = sqsState(cloud, location);
    const now = cloud.clock.now();
    if ((deleted.get(location.name) ?? Number.NEGATIVE_INFINITY) + pauseMs > now) {
      const message =
        'You must wait 60 seconds after deleting a queue before you can create another with the same name.';
      throw new AwsError('QueueDeletedRecently', message);
    }
    deleted.delete(location.name);
    queues.set(location.name, emptyQueue(location, attributes, input.tags ?? {}, now));
    startMeasuring(cloud);
    return { QueueUrl: queueUrl(cloud, location) };
  },
});

export const getQueueUrl = operation<GetQueueUrlCommandInput, GetQueueUrlCommandOutput>({
  demands: (input, call) => [
    demand('GetQueueUrl', locate(input.QueueName, input.QueueOwnerAWSAccountId ?? call.account, call), call),
  ],
  run(input, call) {
    const location = locate(input.QueueName, input.QueueOwnerAWSAccountId ?? call.account, call);
    if (!queueAt(call.cloud, location)) throw queueDoesNotExist();
    return { QueueUrl: queueUrl(call.cloud, location) };
  },
});

export const listQueues = operation<ListQueuesCommandInput, ListQueuesCommandOutput>({
  demands: () => [{ action: 'sqs:ListQueues', resource: '*' }],
  run(input, call) {
    const queues = [...sqsState(call.cloud, call).queues.values()];
    const found = queues.filter(({ name }) => name.startsWith(input.QueueNamePrefix ?? ''));
    const { items, next } = page(found, input);
    const urls = items.map((queue) => queueUrl(call.cloud, queue));
    return { QueueUrls: urls.length > 0 ? urls : undefined, NextToken: next };
  },
});

export const deleteQueue = operation<DeleteQueueCommandInput, DeleteQueueCommandOutput>({
  demands: onQueue('DeleteQueue'),
  run(input, call) {
    const queue = queueOf(input, call);
    const { queues, deleted } = sqsState(call.cloud, queue);
    queues.delete(queue.name);
    deleted.set(queue.name, call.cloud.clock.now());
    ring(queue);
    return {};
  },
});

export const purgeQueue = operation<PurgeQueueCommandInput, PurgeQueueCommandOutput>({
  demands: onQueue('PurgeQueue'),
  run(input, call) {
    const queue = queueOf(input, call);
    const now = call.cloud.clock.now();
    if (queue.purgedAt !== undefined && queue.purgedAt + pauseMs > now) {
      const message = `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`;
      throw new AwsError('PurgeQueueInProgress', message);
    }
    queue.purgedAt = now;
    queue.messages.clear();
    queue.groups.clear();
    queue.inFlight = 0;
    queue.due.length = 0;
    return {};
  },
});

function locate(name: string | undefined, account: string, call: Call): QueueLocation {
  return { account, region: call.region, name: name ?? '' };
}

/** "The name of a FIFO queue must end with the .fifo suffix. The suffix counts towards the 80-character quota". */
function checkName(name: string, fifoQueue: string | undefined): void {
  if (fifoQueue === 'true') {
    if (/^[\w-]{1,75}\.fifo$/.test(name)) return;
    throw invalidParameter(
      'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length',
    );
  }
  // A standard queue has no such attribute, not even with the value false.
  if (fifoQueue !== undefined) throw unknownAttribute('FifoQueue');
  if (/^[\w-]{1,80}$/.test(name)) return;
  throw invalidParameter('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
}

/** "If you provide the name of an existing queue with different attribute values, CreateQueue returns an error". */
function refuseDifference(queue: Queue, given: Readonly<Record<string, string | undefined>>): void {
  const different = Object.entries(given).find(([name, value]) => (queue.attributes[name] ?? '') !== value);
  if (!different) return;
  const message = `A queue already exists with the same name and a different value for attribute ${different[0]}`;
  throw new AwsError('QueueNameExists', message);
}

function emptyQueue(
  location: QueueLocation,
  attributes: Record<string, string>,
  tags: Readonly<Record<string, string>>,
  now: number,
): Queue {
  return {
    ...location,
    arn: queueArn(location),
    fifo: location.name.endsWith('.fifo'),
    createdAt: now,
    modifiedAt: now,
    usedAt: now,
    attributes,
    tags: new Map(Object.entries(tags)),
    messages: new Map(),
    inFlight: 0,
    due: [],
    visible: emptyLine(),
    groups: new Map(),
    offeredGroups: emptyLine(),
    lastSequence: 18_849_496_460_467_696_128n,
    deduplication: new Map(),
    attempts: new Map(),
    throughput: new Map(),
    purgedAt: undefined,
  };
}
