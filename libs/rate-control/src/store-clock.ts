import type { StoreTime } from './exchange.ts';
import { atLeast } from './policy.ts';

/**
 * The store's time by this machine's clock, from the `Date` of the store's answers, which has whole seconds (RFC 9110, section 5.6.7):
 * each answer bounds how far the two are apart, and the bounds close in with each one.
 */
export class StoreClock {
  readonly #now: () => number;
  #least = Number.NEGATIVE_INFINITY;
  #most = Number.POSITIVE_INFINITY;
  #at = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The store said `date`, milliseconds since the epoch, sometime between these two moments. */
  heard(date: number, sent: number, received: number): void {
    const [least, most] = [date - spreadMs - received, date + 1000 + spreadMs - sent];
    const age = this.#drift(received);
    const [narrowLeast, narrowMost] = [Math.max(least, this.#least - age), Math.min(most, this.#most + age)];
    // Bounds that contradict each other: the store's clock was set.
    const consistent = narrowLeast <= narrowMost;
    this.#least = consistent ? narrowLeast : least;
    this.#most = consistent ? narrowMost : most;
    this.#at = received;
  }

  /** Undefined when the store has not said anything yet. */
  time(): StoreTime | undefined {
    if (!Number.isFinite(this.#least)) return undefined;
    const now = this.#now();
    const age = this.#drift(now);
    return { earliest: Math.floor(now + this.#least - age), latest: Math.ceil(now + this.#most + age) };
  }

  #drift(now: number): number {
    return Number.isFinite(this.#least) ? atLeast(now - this.#at) - (now - this.#at) : 0;
  }
}

/** How far the clocks of one store's servers are apart at most. */
const spreadMs = 10;
