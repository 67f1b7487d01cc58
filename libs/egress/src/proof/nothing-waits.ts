import { LambdaClient, paginateListEventSourceMappings } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, GetQueueUrlCommand, type QueueAttributeName, SQSClient } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';

const counts: QueueAttributeName[] = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
];

/** Throws while a message waits, seen or unseen, in a queue that the function reads. Streams keep what was read: they are not looked at. */
export async function nothingWaits(FunctionName: string): Promise<void> {
  const [lambda, sqs] = [new LambdaClient({}), new SQSClient({})];
  for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings(
    { client: lambda },
    { FunctionName },
  )) {
    for (const { EventSourceArn = '' } of EventSourceMappings) {
      const [, , service, , , QueueName] = EventSourceArn.split(':');
      if (service !== 'sqs') continue;
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: counts }));
      expect(counts.map((name) => Number(Attributes?.[name]))).toEqual([0, 0, 0]);
    }
  }
}
