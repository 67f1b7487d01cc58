import { gatherMessages } from './gather-messages.ts';
import { processMessages } from './process-messages.ts';
import type { QueueMessage, QueueSource } from './queue-source.ts';
import { createBell, heardUntil, type Run } from './run.ts';

/** One enabled mapping of a queue at work. */
export interface QueueRun extends Pick<Run, 'cloud' | 'mapping' | 'signal'> {
  readonly source: QueueSource;
}

/**
 * "When messages are available, Lambda starts processing five batches at a time. If messages are still available, Lambda
 * increases the number of processes by up to 300 more instances per minute", to 1,250 in all; errors and throttling reduce
 * it ("Configuring scaling behavior for SQS event source mappings"). By how much AWS does not say: here by one a batch.
 */
const firstConcurrency = 5;
const leastConcurrency = 2;
const mostConcurrency = 1250;
const growth = { every: 1000, by: 5 };

/** Polls a queue until the run ends: then, or at an error, it rejects, once no batch is under way any more. */
export async function pollQueue(run: QueueRun): Promise<void> {
  const { cloud, mapping, signal } = run;
  const bell = createBell();
  const active = new Set<Promise<void>>();
  const isFifo = mapping.eventSourceArn.endsWith('.fifo');
  const most = mapping.settings.maximumConcurrency ?? mostConcurrency;
  // Batches of FIFO queues are as many as there are groups: those under way lock theirs.
  const first = isFifo ? most : Math.min(firstConcurrency, most);
  let allowed = first;
  let growsAt: number | undefined;
  let failure: unknown;

  /** Waits until one more batch may begin: when one ends, or when enough time has passed for more of them at once. */
  async function roomForOne(): Promise<void> {
    while (active.size >= allowed) {
      growsAt ??= cloud.clock.now() + growth.every;
      await heardUntil(bell, run, growsAt);
      if (cloud.clock.now() < growsAt) continue;
      allowed = Math.min(most, allowed + growth.by);
      growsAt = undefined;
    }
  }

  function begin(messages: readonly QueueMessage[]): void {
    const work = processMessages(run, messages)
      .then((failed) => {
        if (!failed) allowed = Math.max(allowed, Math.min(first, allowed + 1));
        else if (!isFifo && !mapping.settings.reportBatchItemFailures)
          allowed = Math.max(leastConcurrency, allowed - 1);
      })
      .catch((error) => {
        failure ??= error;
      })
      .finally(() => {
        active.delete(work);
        bell.ring();
      });
    active.add(work);
  }

  try {
    for (;;) {
      await roomForOne();
      if (failure) throw failure;
      const messages = await gatherMessages(run);
      if (messages.length > 0) begin(messages);
      else {
        // "When traffic is low, Lambda scales back the processing to five concurrent batches."
        growsAt = undefined;
        if (active.size === 0) allowed = first;
      }
      signal.throwIfAborted();
    }
  } finally {
    await Promise.allSettled(active);
  }
}
