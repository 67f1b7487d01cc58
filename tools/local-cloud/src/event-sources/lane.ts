import { createBatchProcessor } from './process-batch.ts';
import type { Progress } from './progress.ts';
import { createBell, heardUntil, type Run } from './run.ts';
import type { SourceRecord } from './source.ts';
import { type TumblingWindow, windowAt } from './tumbling-window.ts';

/** "The payload size reaches 6 MB. You cannot modify this limit", How Lambda processes records from event sources. */
export const largestPayload = 6_291_456;
/** Room for what an event has beside its records. */
export const envelopeBytes = 1024;

/** Batches of one shard, one after the other. With a parallelization factor a shard has several lanes. */
export interface Lane {
  readonly waitingBytes: number;
  add(record: SourceRecord): void;
  /** Everything that had arrived by then (milliseconds since the epoch) has been added. */
  caughtUp(time: number): void;
  /** Nothing will be added any more. */
  close(): void;
  /** Works until the lane is closed and empty; rejects when the run ends. */
  work(): Promise<void>;
}

export function createLane(run: Run, shardId: string, progress: Progress): Lane {
  const { cloud, mapping } = run;
  const { batchSize, batchingWindowSeconds, tumblingWindowSeconds } = mapping.settings;
  const bell = createBell();
  const processor = createBatchProcessor(run, shardId, progress);
  const queue: SourceRecord[] = [];
  let waitingBytes = 0;
  let caughtUpAt = 0;
  let closed = false;
  let window: TumblingWindow | undefined;

  /** How many records of the queue's head fit into one batch. */
  function fitting(): number {
    let bytes = envelopeBytes + (window ? Buffer.byteLength(JSON.stringify(window.state)) : 0);
    let count = 0;
    for (const record of queue) {
      if (window && record.arrived >= window.end) break;
      bytes += record.bytes + 1;
      if (count > 0 && (count >= batchSize || bytes > largestPayload)) break;
      count += 1;
    }
    return Math.min(count, batchSize);
  }

  /** Full: another record would not change the batch. */
  const isFull = (count: number) => count >= batchSize || count < queue.length;

  /** The next batch; none when the current tumbling window is over or the lane has come to its end. */
  async function gather(): Promise<SourceRecord[]> {
    let deadline: number | undefined;
    for (;;) {
      const head = queue[0];
      if (head && tumblingWindowSeconds > 0) window ??= windowAt(head.arrived, tumblingWindowSeconds);
      const count = fitting();
      if (count > 0) deadline ??= cloud.clock.now() + batchingWindowSeconds * 1000;
      const isDue = deadline !== undefined && cloud.clock.now() >= deadline;
      const isWindowOver = window !== undefined && (caughtUpAt >= window.end || (head && count === 0));
      if (count > 0 && (isDue || closed || isFull(count) || isWindowOver)) return take(count);
      if (count === 0 && (isWindowOver || closed)) return [];
      await heardUntil(bell, run, deadline);
    }
  }

  function take(count: number): SourceRecord[] {
    const batch = queue.splice(0, count);
    waitingBytes -= batch.reduce((sum, record) => sum + record.bytes, 0);
    return batch;
  }

  return {
    get waitingBytes() {
      return waitingBytes;
    },
    add(record) {
      queue.push(record);
      waitingBytes += record.bytes;
      bell.ring();
    },
    caughtUp(time) {
      caughtUpAt = time;
      if (window) bell.ring();
    },
    close() {
      closed = true;
      bell.ring();
    },
    async work() {
      for (;;) {
        const batch = await gather();
        if (batch.length > 0) {
          window = await processor.process(batch, window);
        } else if (window) {
          await processor.finish(window);
          window = undefined;
        } else return;
      }
    },
  };
}
