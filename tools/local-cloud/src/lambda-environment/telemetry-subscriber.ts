import type { Clock } from '../clock.ts';
import type { PlatformRecords } from './platform-events.ts';
import type { TelemetryDestination } from './telemetry-destination.ts';
import type { Subscription } from './telemetry-subscription.ts';

/** Buffers the events of one subscription and posts them batch by batch, one at a time and in order. */
export interface TelemetrySubscriber {
  readonly name: string;
  readonly subscription: Subscription;
  /** Takes one event, already JSON. */
  push(event: string): void;
  /** The environment is frozen: nothing new is sent and no time passes for the buffer. */
  pause(): void;
  resume(): void;
  flush(): void;
  destroy(): void;
}

interface Batch {
  readonly events: string[];
  bytes: number;
}

/**
 * Full batches that may wait while one is on its way. AWS names the loss ("slower than the logs production rate"), not
 * the amount it holds; 32 batches are 8 MiB at the smallest buffer.
 */
const waitingBatches = 32;
/** AWS names retries with back-off, not their number. */
const retryDelaysMs = [100, 200, 400, 800, 1_600];

export function createTelemetrySubscriber(options: {
  name: string;
  subscription: Subscription;
  destination: TelemetryDestination;
  clock: Clock;
  onDropped(record: PlatformRecords['platform.logsDropped']): void;
}): TelemetrySubscriber {
  const { subscription, destination, clock } = options;
  const waiting: Batch[] = [];
  const ended = new AbortController();
  let open: Batch | undefined;
  let sending = false;
  let paused = false;
  let stopTimer: () => void = () => {};

  function startTimer(): void {
    stopTimer();
    if (open && !paused) stopTimer = clock.after(subscription.timeoutMs, closeBatch);
  }

  function closeBatch(): void {
    stopTimer();
    if (!open) return;
    const batch = open;
    open = undefined;
    if (waiting.length < waitingBatches) waiting.push(batch);
    else drop(batch, 'Some logs were dropped because the downstream consumer is slower than the logs production rate');
    void sendWaiting();
  }

  function drop(batch: Batch, reason: string): void {
    options.onDropped({ droppedBytes: batch.bytes, droppedRecords: batch.events.length, reason });
  }

  async function sendWaiting(): Promise<void> {
    if (sending) return;
    sending = true;
    while (!paused && !ended.signal.aborted) {
      const batch = waiting.shift();
      if (!batch) break;
      await send(batch);
    }
    sending = false;
  }

  async function send(batch: Batch): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await destination.send(batch.events);
      } catch (error) {
        const delay = retryDelaysMs[attempt];
        if (ended.signal.aborted) return;
        if (delay === undefined) return drop(batch, `could not send events: ${(error as Error).message}`);
        await clock.sleep(delay, ended.signal).catch(() => {});
        if (ended.signal.aborted) return;
      }
    }
  }

  return {
    name: options.name,
    subscription,
    push(event) {
      if (!open) {
        open = { events: [], bytes: 0 };
        startTimer();
      }
      open.events.push(event);
      open.bytes += Buffer.byteLength(event);
      // A batch ends after the event that reaches a limit, so it may be larger than maxBytes.
      if (open.events.length >= subscription.maxItems || open.bytes >= subscription.maxBytes) closeBatch();
    },
    pause() {
      paused = true;
      stopTimer();
    },
    resume() {
      paused = false;
      startTimer();
      void sendWaiting();
    },
    flush: closeBatch,
    destroy() {
      stopTimer();
      ended.abort();
      destination.destroy();
    },
  };
}
