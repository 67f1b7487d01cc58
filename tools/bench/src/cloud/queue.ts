import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  type QueueAttributeName,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Measurement } from '../figure.ts';
import { interleaved, median } from '../statistics.ts';
import { type CloudProcess, withCloud } from './cloud-process.ts';

const messageBytes = 200;
const messagesPerCall = 10;
const callsAtOnce = 4;
const windows = 5;
const windowMs = 1_000;

/** Without high throughput a FIFO queue takes 300 calls a second, here as on AWS ("Amazon SQS FIFO queue quotas"). */
const fifo = {
  FifoQueue: 'true',
  ContentBasedDeduplication: 'true',
  DeduplicationScope: 'messageGroup',
  FifoThroughputLimit: 'perMessageGroupId',
};

/** What one SDK client gets through of messages that are sent, received and deleted, ten in a call. */
export const queue: Measurement = {
  title: 'Queues',
  run: (say) =>
    withCloud(async (cloud) => {
      const sides = {
        standard: await throughput(cloud, 'bench', {}),
        fifo: await throughput(cloud, 'bench.fifo', fifo),
      };
      say('warm-up');
      await interleaved(1, sides);
      const samples = await interleaved(windows, sides, (round) => say(`second ${round} of ${windows}`));
      const measured = `${messageBytes} bytes each, ${messagesPerCall} in a call: sent, received and deleted`;
      const figure = (name: string, values: readonly number[]) =>
        ({ name, value: median(values), unit: 'messages/s', goal: null, better: 'higher', measured }) as const;
      return [
        figure('cloud.queue.standard_messages_per_s', samples.standard),
        figure('cloud.queue.fifo_messages_per_s', samples.fifo),
      ];
    }),
};

/** Makes a queue and answers what measures it: messages that have come and gone in a second. */
async function throughput(
  { client }: Pick<CloudProcess, 'client'>,
  QueueName: string,
  Attributes: Partial<Record<QueueAttributeName, string>>,
): Promise<() => Promise<number>> {
  const sqs = new SQSClient(client);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  const isFifo = QueueName.endsWith('.fifo');
  let sent = 0;

  async function sendReceiveDelete(lane: number): Promise<number> {
    const Entries = Array.from({ length: messagesPerCall }, (_, i) => ({
      Id: String(i),
      MessageBody: String(sent++).padEnd(messageBytes, 'x'),
      ...(isFifo && { MessageGroupId: String(lane) }),
    }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: messagesPerCall }),
    );
    if (Messages.length === 0) return 0;
    const gone = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
    const { Successful = [] } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: gone }));
    return Successful.length;
  }

  return async () => {
    const begin = performance.now();
    let done = 0;
    const work = async (lane: number) => {
      while (performance.now() - begin < windowMs) done += await sendReceiveDelete(lane);
    };
    await Promise.all(Array.from({ length: callsAtOnce }, (_, lane) => work(lane)));
    return (done / (performance.now() - begin)) * 1_000;
  };
}
