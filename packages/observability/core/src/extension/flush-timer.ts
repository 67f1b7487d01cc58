import type { RecordBuffer } from './buffer.ts';
import { startTimer } from './timers.ts';

/** Ships in the background what nobody else ships in time. */
export interface FlushTimer {
  /** To be called when records were put into the buffer. */
  recordsCame(): void;
  /** Whether the oldest record has waited for the configured age, or there is enough for a full request. */
  due(): boolean;
  /** Waiting begins anew: an invocation begins, and what waited through a freeze can wait for its end. */
  restart(): void;
  stop(): void;
}

/** A request's worth: more would only make the next one wait. */
const fullRecords = 500;
const fullBytes = 1024 * 1024;

export function createFlushTimer(buffer: RecordBuffer, ageMs: number, ship: () => Promise<void>): FlushTimer {
  let waitingSince: number | undefined;
  let stopTimer = () => {};
  let shipping = false;
  let stopped = false;

  function full(): boolean {
    return buffer.length >= fullRecords || buffer.waitingBytes >= fullBytes;
  }

  function wait(): void {
    stopTimer();
    waitingSince = buffer.length > 0 && !stopped ? performance.now() : undefined;
    if (waitingSince !== undefined) stopTimer = startTimer(ageMs, flush);
  }

  async function flush(): Promise<void> {
    if (shipping || stopped) return;
    shipping = true;
    try {
      await ship();
    } finally {
      shipping = false;
      wait();
    }
  }

  return {
    recordsCame() {
      if (full()) void flush();
      else if (waitingSince === undefined) wait();
    },
    due: () => full() || (waitingSince !== undefined && performance.now() - waitingSince >= ageMs),
    restart: wait,
    stop() {
      stopped = true;
      stopTimer();
    },
  };
}
