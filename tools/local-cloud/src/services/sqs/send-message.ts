import type {
  SendMessageBatchCommandInput,
  SendMessageBatchCommandOutput,
  SendMessageCommandInput,
  SendMessageCommandOutput,
} from '@aws-sdk/client-sqs';
import { AwsError } from '../../errors.ts';
import { emitQueueMetric } from '../../metrics/sqs-metrics.ts';
import { type Call, operation } from '../../service.ts';
import { checkBatch, inBatch } from './batch.ts';
import { rememberSent, sentBefore } from './deduplication.ts';
import { onQueue } from './demands.ts';
import { attributesMd5 } from './message-attributes.ts';
import { checkIds, checkMessage, contentOf, type MessageInput, sizeOf } from './message-input.ts';
import { addMessage } from './queue-messages.ts';
import { type Queue, queueOf } from './state.ts';
import { takeThroughput } from './throughput.ts';

/** "The maximum total payload size (the sum of all of the batched messages) is 1 MiB 1,048,576 bytes", SendMessageBatch. */
const largestBatch = 1_048_576;

export const sendMessage = operation<SendMessageCommandInput, SendMessageCommandOutput>({
  demands: onQueue('SendMessage'),
  run(input, call) {
    const queue = queueOf(input, call);
    checkMessage(queue, input);
    takeThroughput(queue, 'Send', call.cloud.clock.now());
    return send(queue, input, call);
  },
});

export const sendMessageBatch = operation<SendMessageBatchCommandInput, SendMessageBatchCommandOutput>({
  demands: onQueue('SendMessage'),
  run(input, call) {
    const queue = queueOf(input, call);
    const entries = input.Entries ?? [];
    checkBatch('SendMessageBatchRequestEntry', entries);
    for (const entry of entries) checkIds(queue, entry);
    const bytes = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
    if (bytes > largestBatch) {
      const message = `Batch requests cannot be longer than ${largestBatch} bytes. You have sent ${bytes} bytes.`;
      throw new AwsError('BatchRequestTooLong', message);
    }
    takeThroughput(queue, 'Send', call.cloud.clock.now());
    return inBatch(entries, (entry) => {
      checkMessage(queue, entry);
      return { Id: entry.Id, ...send(queue, entry, call) };
    });
  },
});

function send(queue: Queue, input: MessageInput, call: Call) {
  const { cloud } = call;
  const now = cloud.clock.now();
  const content = contentOf(queue, input, call);
  const answer = {
    MD5OfMessageBody: content.bodyMd5,
    MD5OfMessageAttributes: content.attributesMd5,
    MD5OfMessageSystemAttributes: attributesMd5(input.MessageSystemAttributes ?? {}),
  };
  const before = sentBefore(queue, content, now);
  if (before) {
    emitQueueMetric(cloud, queue, 'NumberOfDeduplicatedSentMessages', 1);
    return { ...answer, MessageId: before.id, SequenceNumber: before.sequenceNumber };
  }
  const delay = queue.fifo ? undefined : input.DelaySeconds;
  const delayMs = (delay ?? Number(queue.attributes['DelaySeconds'])) * 1000;
  const arrival = { ...content, sentAt: now, retainedFrom: now, deadLetterSource: undefined };
  const message = addMessage(queue, arrival, delayMs, now);
  rememberSent(queue, message, now);
  emitQueueMetric(cloud, queue, 'NumberOfMessagesSent', 1);
  emitQueueMetric(cloud, queue, 'SentMessageSize', content.bytes);
  return { ...answer, MessageId: message.id, SequenceNumber: message.sequenceNumber };
}
