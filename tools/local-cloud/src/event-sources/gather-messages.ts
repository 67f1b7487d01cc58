import { AwsError } from '../errors.ts';
import { filterOf } from './filter.ts';
import { envelopeBytes, largestPayload } from './lane.ts';
import type { QueueRun } from './queue-poller.ts';
import type { QueueMessage } from './queue-source.ts';

/** "Lambda uses long polling to poll a queue until it becomes active": the longest there is. */
const longestWaitSeconds = 20;

/**
 * The messages of the next batch: as many as its size, or those that came within the batching window after the first, or
 * those that fill the 6 MB of an invocation. None when there were none for a while. Messages that no filter lets pass are
 * deleted ("Lambda automatically deletes messages that don't match", Control which events Lambda sends to your function).
 */
export async function gatherMessages(run: QueueRun): Promise<QueueMessage[]> {
  const { cloud, mapping, source, signal } = run;
  const { batchSize, batchingWindowSeconds, filters } = mapping.settings;
  const passes = filterOf(filters);
  const messages: QueueMessage[] = [];
  let bytes = envelopeBytes;
  let deadline: number | undefined;
  for (;;) {
    const left = deadline === undefined ? longestWaitSeconds * 1000 : deadline - cloud.clock.now();
    // What is left of the last second is slept through: SQS waits whole ones.
    if (left > 0 && left < 1000) await cloud.clock.sleep(left, signal);
    const wait = Math.min(longestWaitSeconds, Math.floor(Math.max(0, left) / 1000));
    const received = await receive(run, batchSize - messages.length, wait);
    const passing = received.filter(passes);
    const others = received.filter((message) => !passing.includes(message));
    if (others.length > 0) await source.remove(others);
    messages.push(...passing);
    bytes += passing.reduce((sum, message) => sum + message.bytes + 1, 0);
    if (received.length === 0 && messages.length === 0) return [];
    if (messages.length > 0) deadline ??= cloud.clock.now() + batchingWindowSeconds * 1000;
    const isDue = deadline !== undefined && cloud.clock.now() >= deadline;
    if (messages.length >= batchSize || bytes >= largestPayload || isDue) return messages;
  }
}

/** A queue that throttles, or has too many messages in flight, is asked again a second later. */
async function receive({ cloud, source, signal }: QueueRun, most: number, wait: number): Promise<QueueMessage[]> {
  for (;;) {
    try {
      return await source.receive(most, wait);
    } catch (error) {
      if (!(error instanceof AwsError && ['RequestThrottled', 'OverLimit'].includes(error.code))) throw error;
      await cloud.clock.sleep(1000, signal);
    }
  }
}
