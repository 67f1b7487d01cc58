/** When a holder talks to the store, and how long its leases are: often while much changes, seldom while little does. */
export class Pace {
  readonly #random: () => number;
  #leaseMs = shortestLeaseMs;
  #lastAt = Number.NEGATIVE_INFINITY;
  #pollMs = shortestPollMs;
  #failures = 0;
  #renewAt = 0;
  #jitter = 1;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** How long the next lease should be. */
  get leaseMs(): number {
    return this.#leaseMs;
  }

  exchanged(outcome: {
    sent: number;
    now: number;
    moved: number;
    held: number;
    short: boolean;
    granted: number;
  }): void {
    const { sent, now, moved, held, short, granted } = outcome;
    this.#failures = 0;
    this.#lastAt = now;
    this.#jitter = 0.75 + this.#random() / 2;
    this.#renewAt = sent + this.#leaseMs * renewal * this.#jitter;
    const calm = moved <= Math.max(1, held / 4);
    this.#leaseMs = calm ? Math.min(longestLeaseMs, this.#leaseMs * 2) : Math.max(shortestLeaseMs, this.#leaseMs / 4);
    // Who asks in vain asks less often.
    const vain = short && granted <= Math.max(1, held / 4);
    this.#pollMs = vain
      ? Math.min(this.#leaseMs * renewal, this.#pollMs * 2)
      : Math.max(shortestPollMs, this.#pollMs / 4);
  }

  failed(now: number): void {
    this.#failures += 1;
    this.#lastAt = now;
  }

  /** When the next exchange is due; infinite when there is nothing to talk about. */
  dueAt(holder: {
    short: boolean;
    deprived: boolean;
    surplus: boolean;
    held: boolean;
    needed: boolean;
    until: number;
    now: number;
  }): number {
    const { short, deprived, surplus, held, needed, until, now } = holder;
    const times: number[] = [];
    if (short)
      times.push(this.#lastAt + (deprived ? Math.min(this.#pollMs, longestPollMs) : this.#pollMs) * this.#jitter);
    if (surplus && until > now) times.push(this.#lastAt + shortestPollMs);
    if (held && needed) times.push(Math.min(this.#renewAt, until));
    // Demand fades: what is needed now may be surplus in a moment.
    if (held && until > now) times.push(now + reviewMs);
    const due = Math.min(...times);
    return this.#failures > 0
      ? Math.max(due, this.#lastAt + shortestPollMs * 2 ** Math.min(this.#failures, 5) * this.#jitter)
      : due;
  }
}

const shortestLeaseMs = 1_500;
const longestLeaseMs = 30_000;
const shortestPollMs = 50;
/** Of a holder that has less than its part. */
const longestPollMs = 1_000;
const reviewMs = 100;
/** A lease is renewed when this part of it has passed. */
const renewal = 0.66;
