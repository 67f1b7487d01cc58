import { setImmediate as everythingSettled } from 'node:timers/promises';
import type { Clock } from './clock.ts';

/** A clock whose time passes only in {@link run}: a simulated hour takes as long as its events do. */
export interface VirtualClock extends Clock {
  /** Runs everything that falls due until then, in order of time. */
  run(until: number): Promise<void>;
}

interface Timer {
  readonly at: number;
  /** Timers of one time run in the order in which they were set. */
  readonly order: number;
  task: (() => void) | undefined;
}

/** Milliseconds. Without one, times that differ by a rounding error would wait for each other forever. */
const resolution = 0.01;

/** Starts at 0. */
export function virtualClock(): VirtualClock {
  const heap: Timer[] = [];
  let time = 0;
  let order = 0;
  const before = (a: Timer, b: Timer) => a.at < b.at || (a.at === b.at && a.order < b.order);

  function push(timer: Timer): void {
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(timer, heap[parent] as Timer)) break;
      heap[at] = heap[parent] as Timer;
      at = parent;
    }
    heap[at] = timer;
  }

  function pop(): Timer {
    const first = heap[0] as Timer;
    const last = heap.pop() as Timer;
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Timer, heap[child] as Timer)) child += 1;
      if (!before(heap[child] as Timer, last)) break;
      heap[at] = heap[child] as Timer;
      at = child;
    }
    heap[at] = last;
    return first;
  }

  return {
    now: () => time,
    after(ms, task) {
      const timer: Timer = { at: time + (ms > 0 ? Math.max(ms, resolution) : 0), order: order++, task };
      push(timer);
      return () => {
        timer.task = undefined;
      };
    },
    async run(until) {
      await everythingSettled();
      while (heap[0] && heap[0].at <= until) {
        const { at, task } = pop();
        if (!task) continue;
        time = at;
        task();
        // Promises that the task has settled go on before time does.
        await everythingSettled();
      }
      time = until;
    },
  };
}
