import { type Clock, machineClock } from './clock.ts';
import { RateLimitedError } from './errors.ts';
import { type Grip, Holder, type Waiting } from './holder.ts';
import type { Policy } from './policy.ts';
import type { Store } from './store.ts';

export interface LimiterOptions {
  readonly policy: Policy;
  readonly store: Store;
  /** When no permit can be had because the store fails: `closed` refuses the call, `open` makes it all the same, and no limit holds. */
  readonly whenStoreFails: 'closed' | 'open';
  /** How long a caller waits who doesn't say. Default 1,000. */
  readonly waitMs?: number;
  readonly clock?: Clock;
  /** 0 to below 1. */
  readonly random?: () => number;
}

export interface CallOptions {
  /** How long the caller waits for its turn. */
  readonly waitMs?: number;
}

/** A turn: the call is to be made now. */
export interface Turn {
  /** The call has been sent. Without it, the call counts as sent when the turn came. */
  sent(): void;
  /** The call is over, however it ended. */
  over(): void;
}

/** Makes calls to a partner as the policy allows them, together with all others who share the store. */
export interface Limiter {
  /**
   * Makes the call when its turn comes; callers take turns in the order in which they came. The call must be sent at once and end
   * when the signal is aborted, after the policy's callTimeoutMs. Rejects with a {@link RateLimitedError} when the turn doesn't come in
   * time; with the call's own error when it fails.
   */
  run<Result>(call: (signal: AbortSignal) => Promise<Result>, options?: CallOptions): Promise<Result>;
  /** The turn alone, for calls of another shape. */
  turn(options?: CallOptions): Promise<Turn>;
  /** How long a caller who came now would wait, in milliseconds, behind so many who don't wait here: an estimate. */
  expectedWaitMs(behind?: number): number;
  /** No calls until then. For what the partner says by 429 and Retry-After. */
  pause(ms: number): void;
  /**
   * Gives the permits back; before an environment is frozen or ends. Waits for that for a second at most: what isn't back by then comes back
   * by itself. The limiter can be used again.
   */
  giveBack(): Promise<void>;
}

interface Caller extends Waiting {
  proceed(turn: Turn): void;
  readonly cancelDeadline: () => void;
}

/** A limiter for this execution environment. */
export function createLimiter(options: LimiterOptions): Limiter {
  const { policy, store, whenStoreFails, clock = machineClock, random = Math.random } = options;
  const callers = new Set<Caller>();
  let pausedUntil = Number.NEGATIVE_INFINITY;
  let cancelWake = () => {};
  const holder = new Holder({ policy, store, clock, random, onChange: serve });

  function serve(): void {
    cancelWake();
    const now = clock.now();
    if (now >= pausedUntil) {
      for (const caller of callers) {
        const grip = holder.take();
        if (!grip && !(holder.failure && whenStoreFails === 'open')) break;
        callers.delete(caller);
        caller.cancelDeadline();
        caller.proceed(turnOf(grip, now));
      }
    }
    if (callers.size > 0) {
      const ready = Math.max(pausedUntil, holder.readyFor(0) ?? Number.POSITIVE_INFINITY);
      if (ready > now && Number.isFinite(ready)) cancelWake = clock.after(ready - now, serve);
    }
    holder.review(callers);
  }

  function turnOf(grip: Grip | undefined, since: number): Turn {
    let over = false;
    return {
      sent() {
        if (!over && grip) holder.sent(grip);
      },
      over() {
        if (over || !grip) return;
        over = true;
        holder.over(grip, clock.now() - since);
        serve();
      },
    };
  }

  function refusal(): RateLimitedError {
    const now = clock.now();
    const retryAfterMs = expectedWaitMs();
    if (now < pausedUntil) return new RateLimitedError('RATE_PAUSED', policy.name, retryAfterMs);
    if (holder.failure)
      return new RateLimitedError('RATE_STORE_UNAVAILABLE', policy.name, retryAfterMs, holder.failure);
    return new RateLimitedError('RATE_LIMITED', policy.name, retryAfterMs);
  }

  function expectedWaitMs(behind = 0): number {
    const now = clock.now();
    const ready = Math.max(holder.readyFor(callers.size + behind) ?? now + unknownWaitMs, pausedUntil);
    return Math.max(0, ready - now);
  }

  function turn({ waitMs = options.waitMs ?? 1_000 }: CallOptions = {}): Promise<Turn> {
    holder.wanted();
    const { promise, resolve, reject } = Promise.withResolvers<Turn>();
    const caller: Caller = {
      deadline: clock.now() + waitMs,
      proceed: resolve,
      refuse() {
        if (!callers.delete(caller)) return;
        caller.cancelDeadline();
        reject(refusal());
      },
      cancelDeadline: clock.after(waitMs, () => caller.refuse()),
    };
    callers.add(caller);
    serve();
    return promise;
  }

  return {
    turn,
    async run(call, callOptions) {
      const { sent, over } = await turn(callOptions);
      try {
        const answer = call(AbortSignal.timeout(policy.callTimeoutMs));
        sent();
        return await answer;
      } finally {
        over();
      }
    },
    expectedWaitMs,
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, clock.now() + ms);
      holder.pause(pausedUntil);
      serve();
    },
    giveBack() {
      const { promise, resolve } = Promise.withResolvers<void>();
      const cancel = clock.after(mostGiveBackMs, resolve, true);
      return Promise.race([holder.giveBack(), promise]).finally(cancel);
    },
  };
}

/** What a caller is told who asks when nothing is known: most leases have been renewed by then. */
const unknownWaitMs = 1_000;
const mostGiveBackMs = 1_000;
