import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  type QueueAttributeName,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import type { Target } from './contract.ts';

export const MiB = 1024 * 1024;
export const reference = (operation: string) => `Amazon SQS API Reference, ${operation}`;
export const guide = (page: string) => `Amazon SQS Developer Guide, ${page}`;

export type Attributes = Partial<Record<QueueAttributeName, string>>;

/** A queue of its own with what is done to it, each in one call. */
export async function queue(target: Target, { fifo = false, attributes = {} as Attributes } = {}) {
  const sqs = target.client(SQSClient);
  const QueueName = `${target.name()}${fifo ? '.fifo' : ''}`;
  const Attributes = { ...attributes, ...(fifo && { FifoQueue: 'true' }) };
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  target.afterwards(() => sqs.send(new DeleteQueueCommand({ QueueUrl })));
  const receive = async (input: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...input }),
    );
    return Messages;
  };
  return {
    sqs,
    QueueName,
    QueueUrl: QueueUrl as string,
    arn: `arn:aws:sqs:${target.region}:${target.account}:${QueueName}`,
    send: (MessageBody: string, input: Partial<SendMessageCommandInput> = {}) =>
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...input })),
    receive,
    /** The one message of the queue, when it can be received. */
    arrived: () =>
      target.until(async () => {
        const messages = await receive();
        expect(messages).toHaveLength(1);
        return messages[0] as Message;
      }),
    async attributes(...AttributeNames: QueueAttributeName[]): Promise<Attributes> {
      return (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }))).Attributes ?? {};
    },
    set: (Attributes: Attributes) => sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes })),
    remove: (message: Message | undefined) =>
      sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle })),
  };
}

export const bodies = (messages: readonly Message[]) => messages.map(({ Body }) => Body);
