/**
 * The one clock all waiting goes through, so that a proof can cross a day in a millisecond.
 *
 * Time runs as the machine's does, plus whatever `advance` and `jump` have added.
 */
export interface Clock {
  /** Whole milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` of this clock's time; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Runs `task` after `ms`; the returned function cancels it. */
  after(ms: number, task: () => void): () => void;
  /**
   * Moves time forward; every timer that falls due runs, in order of its due time. What they start gets to run, but is
   * waited for only with `settled`: before each of them and at the end.
   */
  advance(ms: number, settled?: () => Promise<void>): Promise<void>;
  /** Sets the clock forward, or back with a negative `ms`, as an operator does: what waits goes on waiting for as long. */
  jump(ms: number): void;
  /** How far it was set away from the machine's, in milliseconds; what passed by `advance` doesn't count. */
  readonly jumped: number;
}

interface Timer {
  due: number;
  readonly task: () => void;
  handle: NodeJS.Timeout | undefined;
}

/** setTimeout's own limit; longer waits are re-armed. */
const longestTimeout = 2 ** 31 - 1;

export function createClock(): Clock {
  let ahead = 0;
  let jumped = 0;
  const timers = new Set<Timer>();
  const now = () => Date.now() + ahead;

  function fire(timer: Timer): void {
    if (!timers.delete(timer)) return;
    clearTimeout(timer.handle);
    timer.task();
  }

  function arm(timer: Timer): void {
    clearTimeout(timer.handle);
    const wait = Math.min(Math.max(0, timer.due - now()), longestTimeout);
    timer.handle = setTimeout(() => (timer.due <= now() ? fire(timer) : arm(timer)), wait);
    // A pending timer alone keeps no process alive: the server does that.
    timer.handle.unref();
  }

  function after(ms: number, task: () => void): () => void {
    const timer: Timer = { due: now() + Math.ceil(ms), task, handle: undefined };
    timers.add(timer);
    arm(timer);
    return () => {
      timers.delete(timer);
      clearTimeout(timer.handle);
    };
  }

  return {
    now,
    after,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const cancel = after(ms, () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        });
        const abort = () => {
          cancel();
          reject(signal?.reason);
        };
        signal?.addEventListener('abort', abort, { once: true });
      });
    },
    async advance(ms, settled) {
      const target = now() + Math.ceil(ms);
      for (;;) {
        await settled?.();
        const next = [...timers].filter((timer) => timer.due <= target).sort((a, b) => a.due - b.due)[0];
        if (!next) break;
        ahead += Math.max(0, next.due - now());
        fire(next);
        // What the timer started gets to run, and to arm timers of its own, before time moves on.
        await new Promise((resolve) => setImmediate(resolve));
      }
      ahead += Math.max(0, target - now());
      for (const timer of timers) arm(timer);
    },
    jump(ms) {
      const by = Math.round(ms);
      ahead += by;
      jumped += by;
      for (const timer of timers) timer.due += by;
    },
    get jumped() {
      return jumped;
    },
  };
}
