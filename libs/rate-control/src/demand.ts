/** How often calls come, as a mean that forgets exponentially. */
export class Demand {
  readonly #memoryMs: number;
  #sum = 0;
  #at = 0;
  #since: number | undefined;

  constructor(memoryMs: number) {
    this.#memoryMs = memoryMs;
  }

  arrived(now: number): void {
    this.#since ??= now;
    this.#sum = this.#left(now) + 1;
    this.#at = now;
  }

  /** Calls per millisecond. */
  perMs(now: number): number {
    if (this.#since === undefined) return 0;
    // A memory that has not been there for long has not forgotten anything either.
    const age = Math.max(now - this.#since, firstMs);
    const mean = this.#left(now) / (this.#memoryMs * (1 - Math.exp(-age / this.#memoryMs)));
    // Who calls at random at this rate is silent for so long once in fifty times: more likely, it has ended.
    return Math.min(mean, silence / Math.max(1, now - this.#at));
  }

  #left(now: number): number {
    return this.#sum * Math.exp((this.#at - now) / this.#memoryMs);
  }
}

/** Less says nothing about a rate. */
const firstMs = 500;
/** In mean intervals between calls. */
const silence = 4;
