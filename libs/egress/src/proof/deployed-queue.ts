import { randomUUID } from 'node:crypto';
import { ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { stackOutputs } from '@stackyard/proof-kit';
import type { DeployedPattern } from './claims.ts';

/** A pattern that is sent to by a queue. Outputs of its stack: `QueueUrl`, `DeadLetterQueueUrl`, `FunctionName`. */
export async function deployedQueue(context: string): Promise<DeployedPattern> {
  const outputs = await stackOutputs(`${process.env['STACKYARD_STAGE'] ?? 'dev'}-${context}`);
  const { QueueUrl = '', DeadLetterQueueUrl, FunctionName = '' } = outputs;
  const sqs = new SQSClient({});
  const isFifo = QueueUrl.endsWith('.fifo');
  return {
    functionName: FunctionName,
    async send(messages) {
      const Entries = messages.map(({ subject, text }, i) => ({
        Id: `${i}`,
        MessageBody: text,
        ...(isFifo && { MessageGroupId: subject, MessageDeduplicationId: randomUUID() }),
      }));
      const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
      if (Failed.length > 0) throw new Error(`${Failed.length} of ${messages.length} messages were not sent`);
    },
    async givenUp() {
      const found = new Map<string, string>();
      const request = { QueueUrl: DeadLetterQueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 };
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(request));
      for (const { MessageId = '', Body = '' } of Messages) found.set(MessageId, Body);
      return [...found.values()].map((body) => [body]);
    },
  };
}
