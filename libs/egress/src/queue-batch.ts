import type { FoldableEvent } from '@stackyard/event-folding';
import { logger } from '@stackyard/handler-kit/logger';
import type { SQSRecord } from 'aws-lambda';
import { type Egress, tasksOf } from './carry-out.ts';
import type { BatchResponse } from './stream-batch.ts';

/**
 * Carries out a batch of a queue. A message that holds no event fails alone; a subject whose calls fail takes all of its messages
 * of the batch with it, so that a FIFO queue gives them again in their order, and no other's.
 */
export async function carryOutQueue<Event extends FoldableEvent>(
  records: readonly SQSRecord[],
  read: (body: string) => Event,
  egress: Egress<Event>,
): Promise<BatchResponse> {
  const failed: string[] = [];
  const messageIds = new Map<Event, string>();
  const fail = (ids: readonly string[], error: unknown) => {
    logger.error('messages.failed', { messageIds: ids, error: error as Error });
    failed.push(...ids);
  };
  for (const { messageId, body } of records) {
    try {
      messageIds.set(read(body), messageId);
    } catch (error) {
      fail([messageId], error);
    }
  }
  for (const { events, run } of await tasksOf([...messageIds.keys()], egress)) {
    await run().catch((error) =>
      fail(
        events.flatMap((event) => messageIds.get(event) ?? []),
        error,
      ),
    );
  }
  logger.info('batch', { records: records.length, failed: failed.length });
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}
