import { type Clock, machineClock } from './clock.ts';
import type { CallOptions, Limiter } from './limiter.ts';

export interface HedgingOptions {
  readonly limiter: Pick<Limiter, 'run'>;
  /** How long a call is under way before another is sent beside it, in milliseconds: what nearly all calls take less than, as their 95th percentile. */
  readonly afterMs: number;
  readonly clock?: Pick<Clock, 'after'>;
}

/** Makes calls of which a slow one is overtaken by a second. */
export interface Hedging {
  /**
   * As {@link Limiter.run}, but for a call that the partner may be sent twice: one that reads, or has an idempotency key. Resolves with
   * the answer that comes first. A call that fails is not sent again, and a second that gets no turn or fails changes nothing.
   */
  run: Limiter['run'];
}

/**
 * Hedged calls. The second takes a permit like any other, so the partner's limit holds; it waits for its turn for `afterMs` at most.
 * Where the limit is what is short, it takes its turn from somebody else: hedge calls whose partner is slow now and then, not ones
 * that wait in line.
 */
export function createHedging({ limiter, afterMs, clock = machineClock }: HedgingOptions): Hedging {
  return {
    run<Result>(call: (signal: AbortSignal) => Promise<Result>, options?: CallOptions): Promise<Result> {
      const { promise, resolve, reject } = Promise.withResolvers<Result>();
      let cancel = () => {};
      let second: Promise<void> | undefined;
      const overtake = () => {
        second = limiter.run(call, { waitMs: afterMs }).then(resolve, () => {});
      };
      const first = limiter.run((signal) => {
        cancel = clock.after(afterMs, overtake);
        // Who is overtaken is left to its end: only then is it certain that it isn't on its way to the partner any more.
        return call(signal);
      }, options);
      first
        .finally(() => cancel())
        .then(resolve, async (error) => {
          await second;
          reject(error);
        });
      return promise;
    },
  };
}
