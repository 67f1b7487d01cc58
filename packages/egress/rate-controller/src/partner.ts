import { type Limiter, RateLimitedError, retryAfterMs } from '@stackyard/rate-control';
import { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';

export interface PartnerAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** What became of a call, for the metrics. */
export interface Outcome {
  /** Until the call was made, or refused. */
  readonly waitedMs: number;
  readonly fate: 'answered' | 'refused' | 'store-failed' | 'partner-refused' | 'partner-failed' | 'left-alone';
}

export interface PartnerOptions {
  readonly limiter: Limiter;
  readonly url: string;
  readonly fetch: typeof fetch;
  /** After so many failed calls one after the other the partner is left alone for `breakMs`; then one call finds out how it is. */
  readonly failures: number;
  readonly breakMs: number;
  /** Told of each call once. */
  tell(outcome: Outcome): void;
}

/** The partner keeps failing: no call is made for a while. */
export class LeftAloneError extends Error {
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number, cause: unknown) {
    super('the partner keeps failing and is left alone for a while', { cause });
    this.retryAfterMs = retryAfterMs;
  }
}

export interface Partner {
  /**
   * Makes a call when its turn comes; nothing is sent twice. Rejects with a {@link RateLimitedError} when the turn doesn't come in time,
   * with {@link LeftAloneError} while the partner is left alone, else as `fetch` does.
   */
  call(path: string, init: RequestInit, waitMs: number): Promise<PartnerAnswer>;
}

/** The partner as this environment knows it, from one invocation to the next: by wall clock, for it may be frozen between them. */
export function createPartner({ limiter, url, fetch, failures, breakMs, tell }: PartnerOptions): Partner {
  let pausedUntil = 0;
  const breaker = circuitBreaker(
    handleWhen((error) => !(error instanceof RateLimitedError)).orWhenResult((answer) => isFailure(answer)),
    { breaker: new ConsecutiveBreaker(failures), halfOpenAfter: breakMs },
  );

  async function ask(path: string, init: RequestInit): Promise<PartnerAnswer> {
    const response = await fetch(new URL(path, url), init);
    return { status: response.status, headers: response.headers, body: await response.text() };
  }

  return {
    async call(path, init, waitMs) {
      const came = performance.now();
      let waitedMs: number | undefined;
      const told = (fate: Outcome['fate']) => tell({ waitedMs: waitedMs ?? performance.now() - came, fate });
      if (pausedUntil > Date.now()) limiter.pause(pausedUntil - Date.now());
      try {
        const answer = await breaker.execute(() =>
          limiter.run(
            (signal) => {
              waitedMs = performance.now() - came;
              return ask(path, { ...init, signal });
            },
            { waitMs },
          ),
        );
        if (answer.status === 429) {
          const ms = retryAfterMs(answer.headers.get('retry-after')) ?? unknownPauseMs;
          pausedUntil = Date.now() + ms;
          limiter.pause(ms);
        }
        told(answer.status === 429 ? 'partner-refused' : isFailure(answer) ? 'partner-failed' : 'answered');
        return answer;
      } catch (error) {
        if (error instanceof RateLimitedError) {
          told(error.code === 'RATE_STORE_UNAVAILABLE' ? 'store-failed' : 'refused');
        } else if (error instanceof BrokenCircuitError) {
          told('left-alone');
          throw new LeftAloneError(breakMs, error);
        } else told('partner-failed');
        throw error;
      }
    },
  };
}

/** When a partner refuses and doesn't say for how long. */
const unknownPauseMs = 1000;

const isFailure = (answer: unknown) => (answer as PartnerAnswer).status >= 500;
