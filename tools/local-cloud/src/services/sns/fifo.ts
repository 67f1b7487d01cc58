import type { Message, Published, Topic } from './state.ts';

/** "Message deduplication for FIFO topics": the interval. */
const deduplicationMs = 5 * 60_000;
/** Twenty digits; later messages have greater ones. */
const firstSequenceNumber = 10_000_000_000_000_000_000n;

/** Numbers a message of a FIFO topic; one that came within the last five minutes is answered as it was then. */
export function accept(topic: Topic, message: Message): { published: Published; isDuplicate: boolean } {
  const at = message.published;
  if (!topic.isFifo) return { published: { messageId: message.id, at }, isDuplicate: false };
  for (const [key, earlier] of topic.recent) {
    if (at - earlier.at < deduplicationMs) break;
    topic.recent.delete(key);
  }
  // FifoThroughputScope: ids are unique within the topic, or within each group.
  const group = topic.attributes.get('FifoThroughputScope') === 'MessageGroup' ? message.groupId : undefined;
  const key = JSON.stringify([group, message.deduplicationId]);
  const before = topic.recent.get(key);
  if (before) return { published: before, isDuplicate: true };
  topic.taken += 1;
  const sequenceNumber = String(firstSequenceNumber + BigInt(topic.taken));
  const published = { messageId: message.id, sequenceNumber, at };
  topic.recent.set(key, published);
  return { published, isDuplicate: false };
}
