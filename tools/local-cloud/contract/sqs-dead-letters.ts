import {
  CancelMessageMoveTaskCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  type Message,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Claim, refusal, type Target } from './contract.ts';
import { guide, queue, reference } from './sqs-support.ts';

/** A queue whose messages go to a dead-letter queue after one receive. */
async function withDeadLetters(target: Target) {
  const dead = await queue(target);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 });
  const source = await queue(target, { attributes: { RedrivePolicy, VisibilityTimeout: '0' } });
  return { source, dead };
}

/** Sends to the source and receives until the message has gone to the dead-letter queue. */
async function kill(target: Target, { source, dead }: Awaited<ReturnType<typeof withDeadLetters>>) {
  await source.send('poison');
  return target.until(async () => {
    await source.receive();
    const [message] = await dead.receive({ VisibilityTimeout: 0, MessageSystemAttributeNames: ['All'] });
    expect(message?.Body).toBe('poison');
    return message as Message;
  });
}

/** Claims about dead-letter queues and moving messages back out of them. */
export const deadLetterClaims: readonly Claim[] = [
  {
    operation: 'ReceiveMessage',
    claim: 'moves what was received too often to the dead-letter queue, with its id and where it came from',
    source: guide('Using dead-letter queues in Amazon SQS'),
    async run(target) {
      const queues = await withDeadLetters(target);
      const message = await kill(target, queues);
      expect(message.Attributes).toMatchObject({ DeadLetterQueueSourceArn: queues.source.arn });
      expect(await queues.source.receive()).toEqual([]);
    },
  },
  {
    operation: 'ListDeadLetterSourceQueues',
    claim: 'lists the queues that send their dead letters here',
    source: reference('ListDeadLetterSourceQueues'),
    async run(target) {
      const { source, dead } = await withDeadLetters(target);
      await target.until(async () => {
        const call = new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead.QueueUrl });
        expect((await dead.sqs.send(call)).queueUrls).toEqual([source.QueueUrl]);
      });
    },
  },
  {
    operation: 'StartMessageMoveTask',
    beside: ['ListMessageMoveTasks'],
    claim: 'moves dead letters back to where they came from, as new messages',
    source: guide('Configure a dead-letter queue redrive'),
    async run(target) {
      const queues = await withDeadLetters(target);
      const { source, dead } = queues;
      const before = await kill(target, queues);
      await source.set({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 100 }) });
      await dead.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: dead.arn }));
      await target.until(async () => {
        const { Results } = await dead.sqs.send(new ListMessageMoveTasksCommand({ SourceArn: dead.arn }));
        expect(Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 }]);
      });
      const [after] = await source.receive();
      expect(after?.Body).toBe('poison');
      expect(after?.MessageId).not.toBe(before.MessageId);
    },
  },
  {
    operation: 'StartMessageMoveTask',
    claim: 'refuses a queue that is no dead-letter queue',
    source: reference('StartMessageMoveTask'),
    async run(target) {
      const { sqs, arn } = await queue(target);
      const { message } = await refusal(sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arn })));
      expect(message).toBe('Source queue must be configured as a Dead Letter Queue.');
    },
  },
  {
    operation: 'CancelMessageMoveTask',
    claim: 'ends a task before it has moved everything; the rest stays',
    source: reference('CancelMessageMoveTask'),
    async run(target) {
      const { dead } = await withDeadLetters(target);
      const other = await queue(target);
      for (const body of ['a', 'b', 'c']) await dead.send(body);
      const { TaskHandle } = await dead.sqs.send(
        new StartMessageMoveTaskCommand({
          SourceArn: dead.arn,
          DestinationArn: other.arn,
          MaxNumberOfMessagesPerSecond: 1,
        }),
      );
      await dead.sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
      await target.until(async () => {
        const { Results } = await dead.sqs.send(new ListMessageMoveTasksCommand({ SourceArn: dead.arn }));
        expect(Results?.[0]?.Status).toBe('CANCELLED');
      });
      const task = await refusal(dead.sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle: 'none' })));
      expect(task.message).toBe('Value for parameter TaskHandle is invalid.');
    },
  },
];
