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
  /** The environment is frozen: nothing new is sent until it thaws. */
  pause(): void;
  resume(): void;
  /** Sends what is buffered now; resolves when nothing waits or is on its way any more. */
  flush(): Promise<void>;
  /** Posts a body of its own, whatever it is; rejects when it is not taken. */
  post(body: string): Promise<void>;
  destroy(): void;
}

interface Batch {
  readonly events: string[];
  bytes: number;
  /** When it is sent at the latest: in so many milliseconds of the time in which the environment is not frozen. */
  leftMs: number;
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
  let sending: Promise<void> | undefined;
  let paused = false;
  let stopTimer: () => void = () => {};
  let timerStartedAt = 0;

  function startTimer(): void {
    if (!open || paused) return;
    timerStartedAt = clock.now();
    stopTimer = clock.after(open.leftMs, closeBatch);
  }

  /** A freeze stops the time of whatever is frozen, so what waits goes on waiting for as long after it. */
  function holdTimer(): void {
    stopTimer();
    if (!open || paused) return;
    // The clock may have been set back meanwhile.
    const passed = Math.max(0, clock.now() - timerStartedAt);
    open.leftMs = Math.max(0, open.leftMs - passed);
  }

  function closeBatch(): void {
    stopTimer();
    if (!open) return;
    const batch = open;
    open = undefined;
    if (waiting.length < waitingBatches) waiting.push(batch);
    else drop(batch, 'Some logs were dropped because the downstream consumer is slower than the logs production rate');
    sendWaiting();
  }

  function drop(batch: Batch, reason: string): void {
    options.onDropped({ droppedBytes: batch.bytes, droppedRecords: batch.events.length, reason });
  }

  function sendWaiting(): void {
    sending ??= sendAll().finally(() => {
      sending = undefined;
      // A batch may have been closed after the last look.
      if (waiting.length > 0 && !paused && !ended.signal.aborted) sendWaiting();
    });
  }

  async function sendAll(): Promise<void> {
    while (!paused && !ended.signal.aborted) {
      const batch = waiting.shift();
      if (!batch) return;
      await send(batch);
    }
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
        open = { events: [], bytes: 0, leftMs: subscription.timeoutMs };
        startTimer();
      }
      open.events.push(event);
      open.bytes += Buffer.byteLength(event);
      // A batch ends after the event that reaches a limit, so it may be larger than maxBytes.
      if (open.events.length >= subscription.maxItems || open.bytes >= subscription.maxBytes) closeBatch();
    },
    pause() {
      holdTimer();
      paused = true;
    },
    resume() {
      paused = false;
      startTimer();
      sendWaiting();
    },
    async flush() {
      closeBatch();
      while (sending) await sending;
    },
    post: (body) => destination.send(body),
    destroy() {
      stopTimer();
      ended.abort();
      destination.destroy();
    },
  };
}
