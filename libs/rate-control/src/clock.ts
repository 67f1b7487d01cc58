/** The time a limiter waits by; of durations only, so it never matters what time of day it has. */
export interface Clock {
  /** Milliseconds; never goes back. */
  now(): number;
  /** Runs the task after `ms`; the returned function cancels it. */
  after(ms: number, task: () => void): () => void;
}

const longestTimeout = 2 ** 31 - 1;

/** The machine's monotonic clock. Its timers keep no process alive. */
export const machineClock: Clock = {
  now: () => performance.now(),
  after(ms, task) {
    const handle = setTimeout(task, Math.min(Math.max(0, Math.ceil(ms)), longestTimeout)).unref();
    return () => clearTimeout(handle);
  },
};
