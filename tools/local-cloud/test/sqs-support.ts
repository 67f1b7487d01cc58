import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  type QueueAttributeName,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  type SQSClient,
} from '@aws-sdk/client-sqs';

let queues = 0;

export type QueueAttributes = Partial<Record<QueueAttributeName, string>>;

/** A queue of its own for one test, and what is done to it over and over. */
export async function newQueue(sqs: SQSClient, Attributes: QueueAttributes = {}, name = `queue-${++queues}`) {
  const QueueName = Attributes.FifoQueue ? `${name}.fifo` : name;
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  return {
    name: QueueName,
    url: QueueUrl,
    arn: `arn:aws:sqs:us-east-1:000000000000:${QueueName}`,
    send: (MessageBody: string, input: Partial<SendMessageCommandInput> = {}) =>
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...input })),
    async receive(input: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
      const defaults = { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All' as const] };
      return (await sqs.send(new ReceiveMessageCommand({ ...defaults, ...input }))).Messages ?? [];
    },
    delete: (message: Message | undefined) =>
      sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle })),
    async counts() {
      const { Attributes: all = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
      );
      const number = (name: QueueAttributeName) => Number(all[name]);
      return {
        visible: number('ApproximateNumberOfMessages'),
        inFlight: number('ApproximateNumberOfMessagesNotVisible'),
        delayed: number('ApproximateNumberOfMessagesDelayed'),
      };
    },
  };
}

export type TestQueue = Awaited<ReturnType<typeof newQueue>>;

export const bodies = (messages: readonly Message[]) => messages.map(({ Body }) => Body);

/** The attributes that send messages to `dead` after so many receives. */
export function redrive(dead: { readonly arn: string }, maxReceiveCount: number): QueueAttributes {
  return { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount }) };
}
