/** The time a limiter waits by; of durations only, so it never matters what time of day it has. */
export interface Clock {
  /** Milliseconds; never goes back. */
  now(): number;
  /** Runs the task after `ms`; the returned function cancels it. Nobody waits for a background task: it keeps no process alive. */
  after(ms: number, task: () => void, background?: boolean): () => void;
}

const longestTimeout = 2 ** 31 - 1;

/** The machine's monotonic clock. */
export const machineClock: Clock = {
  now: () => performance.now(),
  after(ms, task, background) {
    const handle = setTimeout(task, Math.min(Math.max(0, Math.ceil(ms)), longestTimeout));
    if (background) handle.unref();
    return () => clearTimeout(handle);
  },
};
