import type {
  ListDeadLetterSourceQueuesCommandInput,
  ListDeadLetterSourceQueuesCommandOutput,
} from '@aws-sdk/client-sqs';
import { type Cloud, operation } from '../../service.ts';
import { onQueue } from './demands.ts';
import { page } from './page.ts';
import { addMessage, removeMessage } from './queue-messages.ts';
import { locateArn, queueUrl } from './queue-reference.ts';
import { readRedrivePolicy } from './redrive-policy.ts';
import { type Message, type Queue, queueAt, queueOf, sqsState } from './state.ts';

/**
 * Moves a message that was received as often as the redrive policy allows to the dead-letter queue and answers true. While
 * that queue is not there, the message stays and goes on being received.
 */
export function moveIfDead(cloud: Cloud, queue: Queue, message: Message, now: number): boolean {
  const text = queue.attributes['RedrivePolicy'];
  if (text === undefined) return false;
  const { deadLetterTargetArn, maxReceiveCount } = readRedrivePolicy(text);
  if (message.receivesHere < maxReceiveCount) return false;
  const target = queueAt(cloud, locateArn('deadLetterTargetArn', deadLetterTargetArn));
  if (!target) return false;
  removeMessage(queue, message);
  // "For standard queues the enqueue timestamp is unchanged. For FIFO queues it resets", Using dead-letter queues.
  const retainedFrom = target.fifo ? now : message.retainedFrom;
  addMessage(target, { ...message, retainedFrom, deadLetterSource: queue.arn }, 0, now);
  return true;
}

/** The queues of the account and region whose redrive policy names this one. */
export function sourcesOf(cloud: Cloud, queue: Queue): Queue[] {
  return [...sqsState(cloud, queue).queues.values()].filter(({ attributes }) => {
    const text = attributes['RedrivePolicy'];
    return text !== undefined && readRedrivePolicy(text).deadLetterTargetArn === queue.arn;
  });
}

export const listDeadLetterSourceQueues = operation<
  ListDeadLetterSourceQueuesCommandInput,
  ListDeadLetterSourceQueuesCommandOutput
>({
  demands: onQueue('ListDeadLetterSourceQueues'),
  run(input, call) {
    const { items, next } = page(sourcesOf(call.cloud, queueOf(input, call)), input);
    return { queueUrls: items.map((queue) => queueUrl(call.cloud, queue)), NextToken: next };
  },
});
