import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { keyAttribute } from './key-attribute.ts';

/** What a consumer does to its queue, beside what its event source mapping does. */
export interface SourceQueue {
  /** Lets nobody see a received message for so long from now on. */
  hide(receiptHandle: string, seconds: number): Promise<void>;
  /** Counts a failed call for a message; answers how many there have been. */
  countFailure(messageId: string): Promise<number>;
  /** Puts a message into the dead-letter queue. */
  giveUp(message: { readonly body: string; readonly key: string; readonly why: string }): Promise<void>;
}

export interface SourceQueueOptions {
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** Its partition key is the string `id`; items go at `expiration`. */
  readonly failuresTable: string;
}

export function sourceQueue(options: SourceQueueOptions): SourceQueue {
  const { sqs, dynamodb, queueUrl, deadLetterQueueUrl, failuresTable } = options;
  return {
    async hide(ReceiptHandle, VisibilityTimeout) {
      await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle, VisibilityTimeout }));
    },
    async countFailure(messageId) {
      const update = new UpdateItemCommand({
        TableName: failuresTable,
        Key: { id: { S: messageId } },
        UpdateExpression: 'ADD failures :one SET expiration = :expiration',
        ExpressionAttributeValues: {
          ':one': { N: '1' },
          ':expiration': { N: String(Math.ceil(Date.now() / 1000) + longestRetentionSeconds) },
        },
        ReturnValues: 'UPDATED_NEW',
      });
      const { Attributes } = await dynamodb.send(update);
      return Number(Attributes?.['failures']?.N);
    },
    async giveUp({ body, key, why }) {
      const MessageAttributes = {
        [keyAttribute]: { DataType: 'String', StringValue: key },
        Problem: { DataType: 'String', StringValue: why },
      };
      await sqs.send(new SendMessageCommand({ QueueUrl: deadLetterQueueUrl, MessageBody: body, MessageAttributes }));
    },
  };
}

/** No queue keeps a message for longer than 14 days ("Amazon SQS message quotas"). */
const longestRetentionSeconds = 14 * 24 * 3600;
