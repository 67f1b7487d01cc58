import { type Clock, machineClock } from './clock.ts';
import type { Limiter } from './limiter.ts';

/** Sends messages back to their queue until the moment they will fit. */
export interface Deferral {
  /**
   * The visibility timeout, in whole seconds, for a message that doesn't fit now: 1 to 42,000, which leaves 20 minutes of the twelve
   * hours that a message can be invisible from its receipt ("Amazon SQS visibility timeout", Amazon SQS Developer Guide). Each message that is deferred has a place behind those before it, so
   * that they don't come back together, find no room and burn their receives.
   */
  visibilityTimeout(): number;
}

/** For the consumer that this limiter belongs to. */
export function createDeferral(
  limiter: Pick<Limiter, 'expectedWaitMs'>,
  clock: Pick<Clock, 'now'> = machineClock,
): Deferral {
  /** When those come back that were deferred. */
  let due: number[] = [];
  return {
    visibilityTimeout() {
      const now = clock.now();
      due = due.filter((at) => at > now);
      const seconds = Math.min(Math.max(1, Math.ceil(limiter.expectedWaitMs(due.length) / 1000)), longestSeconds);
      due.push(now + seconds * 1000);
      return seconds;
    },
  };
}

const longestSeconds = 42_000;
