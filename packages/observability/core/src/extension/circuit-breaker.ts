/** Keeps an outage from costing every invocation a flush deadline. */
export interface CircuitBreaker {
  /** False while it is too early to try again. */
  readonly closed: boolean;
  /** True from the first failure until something is accepted. */
  readonly tripped: boolean;
  /** Something was accepted. True when it had been open. */
  succeeded(): boolean;
  /** Nothing was accepted. Milliseconds until the next try. */
  failed(): number;
}

const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/** Opens at the first failure, for one second; each failure after it doubles the pause, up to a minute. */
export function createCircuitBreaker(now: () => number = Date.now): CircuitBreaker {
  let pauseMs = 0;
  let failedAt = 0;
  return {
    get closed() {
      const sinceMs = now() - failedAt;
      // A clock that was set back says nothing about the pause.
      return sinceMs >= pauseMs || sinceMs < 0;
    },
    get tripped() {
      return pauseMs > 0;
    },
    succeeded() {
      const wasOpen = pauseMs > 0;
      pauseMs = 0;
      return wasOpen;
    },
    failed() {
      pauseMs = Math.min(Math.max(firstPauseMs, pauseMs * 2), longestPauseMs);
      failedAt = now();
      return pauseMs;
    },
  };
}
