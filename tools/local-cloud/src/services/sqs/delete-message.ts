import type {
  DeleteMessageBatchCommandInput,
  DeleteMessageBatchCommandOutput,
  DeleteMessageCommandInput,
  DeleteMessageCommandOutput,
} from '@aws-sdk/client-sqs';
import { emitQueueMetric } from '../../metrics/sqs-metrics.ts';
import { type Call, operation } from '../../service.ts';
import { checkBatch, inBatch } from './batch.ts';
import { onQueue } from './demands.ts';
import { removeMessage, settle } from './queue-messages.ts';
import { handleExpired, readReceiptHandle } from './receipt-handle.ts';
import { type Queue, queueOf } from './state.ts';
import { takeThroughput } from './throughput.ts';

export const deleteMessage = operation<DeleteMessageCommandInput, DeleteMessageCommandOutput>({
  demands: onQueue('DeleteMessage'),
  run(input, call) {
    const queue = queueOf(input, call);
    takeThroughput(queue, 'Delete', call.cloud.clock.now());
    remove(queue, input.ReceiptHandle as string, call);
    return {};
  },
});

export const deleteMessageBatch = operation<DeleteMessageBatchCommandInput, DeleteMessageBatchCommandOutput>({
  demands: onQueue('DeleteMessage'),
  run(input, call) {
    const queue = queueOf(input, call);
    const entries = input.Entries ?? [];
    checkBatch('DeleteMessageBatchRequestEntry', entries);
    takeThroughput(queue, 'Delete', call.cloud.clock.now());
    return inBatch(entries, ({ Id, ReceiptHandle = '' }) => {
      remove(queue, ReceiptHandle, call);
      return { Id };
    });
  },
});

/**
 * "You must provide the most recently received ReceiptHandle for the message (otherwise, the request succeeds, but the
 * message will not be deleted)", DeleteMessage. FIFO queues refuse a handle whose visibility timeout is over; deleting what
 * is gone already succeeds.
 */
function remove(queue: Queue, handle: string, { cloud }: Call): void {
  settle(queue, cloud.clock.now());
  const { message, isNewest } = readReceiptHandle(queue, handle);
  if (!message) return;
  if (queue.fifo && (!isNewest || message.state !== 'in-flight')) throw handleExpired(handle);
  if (!isNewest) return;
  removeMessage(queue, message);
  emitQueueMetric(cloud, queue, 'NumberOfMessagesDeleted', 1);
}
