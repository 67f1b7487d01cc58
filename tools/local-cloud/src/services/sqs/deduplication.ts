import type { Message, MessageContent, Queue } from './state.ts';

/** "The deduplication interval: 5 minutes", Using the Amazon SQS message deduplication ID. */
const intervalMs = 300_000;

/** The message that this one is a duplicate of, though it may have been received and deleted already. */
export function sentBefore(queue: Queue, content: MessageContent, now: number) {
  if (!queue.fifo) return undefined;
  const before = queue.deduplication.get(keyOf(queue, content));
  return before && before.until > now ? before : undefined;
}

export function rememberSent(queue: Queue, message: Message, now: number): void {
  if (!queue.fifo) return;
  const key = keyOf(queue, message);
  queue.deduplication.delete(key);
  // In order of time: the oldest go first. Looking only now and then keeps this cheap.
  if (queue.deduplication.size % 1000 === 999) forget(queue, now);
  const { id, sequenceNumber = '' } = message;
  queue.deduplication.set(key, { until: now + intervalMs, id, sequenceNumber });
}

function forget(queue: Queue, now: number): void {
  for (const [key, { until }] of queue.deduplication) {
    if (until > now) return;
    queue.deduplication.delete(key);
  }
}

/** "DeduplicationScope: whether message deduplication occurs at the message group or queue level", CreateQueue. */
function keyOf(queue: Queue, { groupId, deduplicationId = '' }: MessageContent): string {
  return queue.attributes['DeduplicationScope'] === 'messageGroup' ? `${groupId}\n${deduplicationId}` : deduplicationId;
}
