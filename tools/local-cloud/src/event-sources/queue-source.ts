import type {
  DeleteMessageBatchCommandOutput,
  GetQueueAttributesCommandOutput,
  Message,
  ReceiveMessageCommandOutput,
} from '@aws-sdk/client-sqs';
import type { Caller, Cloud } from '../service.ts';
import { queueUrlOfArn } from '../services/sqs/queue-reference.ts';
import { type Filterable, parsedText } from './filter.ts';

/** A message on its way to the function. */
export interface QueueMessage extends Filterable {
  readonly id: string;
  readonly receiptHandle: string;
  /** When it was received. Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** The message as it stands in the event, and its length there in bytes. */
  readonly event: object;
  readonly bytes: number;
}

/** A queue as event source mappings use it: every call as the function's execution role. */
export interface QueueSource {
  /** At most ten messages; waits up to `waitSeconds` for the first. */
  receive(most: number, waitSeconds: number): Promise<QueueMessage[]>;
  remove(messages: readonly QueueMessage[]): Promise<void>;
  visibilityTimeoutMs(): Promise<number>;
}

/** "A single message batch request can include a maximum of 10 messages", Amazon SQS message quotas. */
const mostPerCall = 10;

export function queueSource(
  cloud: Cloud,
  arn: string,
  roleSession: () => Promise<{ caller: Caller }>,
  signal: AbortSignal,
): QueueSource {
  const region = arn.split(':')[3] as string;
  const call = async <Output>(operation: string, input: object, waiting?: AbortSignal): Promise<Output> => {
    const { caller } = await roleSession();
    const as = { caller, region, ...(waiting && { signal: waiting }) };
    return cloud.call<Output>('sqs', operation, { QueueUrl: queueUrlOfArn(cloud, arn), ...input }, as);
  };
  return {
    async receive(most, WaitTimeSeconds) {
      const input = {
        MaxNumberOfMessages: Math.min(most, mostPerCall),
        WaitTimeSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      };
      const { Messages = [] } = await call<ReceiveMessageCommandOutput>('ReceiveMessage', input, signal);
      return Messages.map((message) => queueMessage(message, arn, cloud.clock.now()));
    },
    async remove(messages) {
      for (let i = 0; i < messages.length; i += mostPerCall) {
        const Entries = messages
          .slice(i, i + mostPerCall)
          .map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
        // What can't be deleted, because it took too long, will be received again.
        await call<DeleteMessageBatchCommandOutput>('DeleteMessageBatch', { Entries });
      }
    },
    async visibilityTimeoutMs() {
      const input = { AttributeNames: ['VisibilityTimeout'] };
      const { Attributes } = await call<GetQueueAttributesCommandOutput>('GetQueueAttributes', input);
      return Number(Attributes?.VisibilityTimeout) * 1000;
    },
  };
}

/** "Example standard queue message event" and "Example FIFO queue message event", Using Lambda with Amazon SQS. */
function queueMessage(message: Message, arn: string, receivedAt: number): QueueMessage {
  const { MessageId: id = '', ReceiptHandle: receiptHandle = '', Body = '' } = message;
  const event = {
    messageId: id,
    receiptHandle,
    body: Body,
    attributes: message.Attributes ?? {},
    messageAttributes: eventAttributes(message.MessageAttributes),
    ...(message.MD5OfMessageAttributes && { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: arn,
    awsRegion: arn.split(':')[3],
  };
  const bytes = Buffer.byteLength(JSON.stringify(event));
  return { id, receiptHandle, receivedAt, event, bytes, filterable: () => ({ body: parsedText(Body) }) };
}

function eventAttributes(attributes: Message['MessageAttributes'] = {}): object {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      {
        ...(StringValue !== undefined && { stringValue: StringValue }),
        ...(BinaryValue !== undefined && { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
        stringListValues: [],
        binaryListValues: [],
        dataType: DataType,
      },
    ]),
  );
}
