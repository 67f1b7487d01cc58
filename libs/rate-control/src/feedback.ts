import { type Clock, machineClock } from './clock.ts';
import { RateLimitedError } from './errors.ts';
import type { CallOptions, Limiter } from './limiter.ts';

/** What a call says about the partner. */
export type Verdict =
  | 'well'
  /** It is slower than it should be, or failed as something does that has too much to do. */
  | 'strained'
  /** It refuses calls, for so long. */
  | { readonly pauseMs: number };

export interface FeedbackOptions<Result> {
  readonly limiter: Limiter;
  /** Calls under way at once from this environment, at most: where it begins and how far it comes back. */
  readonly concurrency: number;
  /** Called with how the call ended, and how long it took in milliseconds. */
  judge(outcome: PromiseSettledResult<Result>, durationMs: number): Verdict;
  readonly clock?: Clock;
}

export interface Feedback<Result> {
  /** Makes the call by the limiter, if the partner seems to bear it. Rejects as the limiter does. */
  run(call: (signal: AbortSignal) => Promise<Result>, options?: CallOptions): Promise<Result>;
  /** How many calls may be under way at the moment. */
  concurrency(): number;
}

/**
 * Fewer calls at once while the partner is strained: additive increase, multiplicative decrease, as TCP does it (RFC 5681, section
 * 3.1), within what the policy allows.
 */
export function createFeedback<Result>(options: FeedbackOptions<Result>): Feedback<Result> {
  const { limiter, concurrency: most, judge, clock = machineClock } = options;
  let allowed = most;
  let underWay = 0;
  let decreasedAt = Number.NEGATIVE_INFINITY;

  function learn(verdict: Verdict, since: number): void {
    if (verdict === 'well') {
      allowed = Math.min(most, allowed + 1 / allowed);
      return;
    }
    // Calls that were under way together say the same thing once.
    if (since > decreasedAt) {
      allowed = Math.max(1, allowed / 2);
      decreasedAt = clock.now();
    }
    if (verdict !== 'strained') limiter.pause(verdict.pauseMs);
  }

  return {
    concurrency: () => Math.floor(allowed),
    async run(call, callOptions) {
      if (underWay >= Math.floor(allowed))
        throw new RateLimitedError('RATE_STRAINED', 'feedback', limiter.expectedWaitMs());
      underWay += 1;
      try {
        return await limiter.run(async (signal) => {
          const since = clock.now();
          const [outcome] = await Promise.allSettled([call(signal)]);
          learn(judge(outcome, clock.now() - since), since);
          if (outcome.status === 'rejected') throw outcome.reason;
          return outcome.value;
        }, callOptions);
      } finally {
        underWay -= 1;
      }
    },
  };
}

/** The pause that a `Retry-After` asks for: seconds or a date (RFC 9110, section 10.2.3). Undefined when it is neither. */
export function retryAfterMs(header: string | null | undefined, now = Date.now()): number | undefined {
  if (!header) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
