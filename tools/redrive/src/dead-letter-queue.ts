import { setTimeout as sleep } from 'node:timers/promises';
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import type { Redrivable } from './redrivable.ts';

/** The dead-letter queue of a queue, if it has one. */
export async function deadLetterQueueOf(sqs: SQSClient, QueueUrl: string): Promise<Redrivable | undefined> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy', 'QueueArn'] }),
  );
  const { RedrivePolicy, QueueArn } = Attributes ?? {};
  if (!RedrivePolicy) return undefined;
  const { deadLetterTargetArn: SourceArn } = JSON.parse(RedrivePolicy) as { deadLetterTargetArn: string };
  const from = nameOf(SourceArn);
  return {
    from,
    to: nameOf(QueueArn ?? QueueUrl),
    async waiting() {
      const { QueueUrl: url } = await sqs.send(new GetQueueUrlCommand({ QueueName: from }));
      const counted = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['ApproximateNumberOfMessages'] }),
      );
      return Number(counted.Attributes?.['ApproximateNumberOfMessages'] ?? 0);
    },
    async redrive(onProgress) {
      await sqs.send(new StartMessageMoveTaskCommand({ SourceArn }));
      for (;;) {
        const { Results = [] } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 1 }));
        const { Status, ApproximateNumberOfMessagesMoved = 0, FailureReason } = Results[0] ?? {};
        onProgress(ApproximateNumberOfMessagesMoved);
        if (Status === 'COMPLETED') return ApproximateNumberOfMessagesMoved;
        if (Status !== 'RUNNING')
          throw new Error(`The message move task of ${from} is ${Status}: ${FailureReason ?? 'no reason given'}`);
        await sleep(500);
      }
    },
  };
}

const nameOf = (arn: string) => arn.split(':').at(-1) ?? arn;
