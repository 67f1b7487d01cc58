/**
 * When a holder talks to the store, and how long its leases are: often while permits move, seldom while they don't. Each call earns
 * it a part of an exchange; a holder that has earned none talks less often.
 */
export class Pace {
  readonly #random: () => number;
  #leaseMs = shortestLeaseMs;
  #pollMs = shortestPollMs;
  #lastAt = Number.NEGATIVE_INFINITY;
  #renewAt = Number.NEGATIVE_INFINITY;
  #credit = mostCredit;
  #failures = 0;
  #exclusiveMs = 0;
  #vain = 0;
  #askAt = Number.NEGATIVE_INFINITY;
  /** So that those who began together don't stay together. */
  #jitter = 1;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** How long the next lease should be. */
  get leaseMs(): number {
    return this.#leaseMs;
  }

  /** A call is made. */
  used(): void {
    this.#credit = Math.min(mostCredit, this.#credit + creditPerCall);
  }

  exchanged({ sent, now, leaseMs, short, held, granted, back, calmMs, holders, exclusiveMs }: Exchanged): void {
    this.#failures = 0;
    this.#lastAt = now;
    this.#credit = Math.max(0, this.#credit - 1);
    this.#jitter = 0.75 + this.#random() / 2;
    this.#renewAt = sent + leaseMs * renewal * this.#jitter;
    const calm = granted + back <= Math.max(3, held / 1.5);
    this.#exclusiveMs += (exclusiveMs - this.#exclusiveMs) / 8;
    const roundMs = holders * this.#exclusiveMs;
    const shortest = Math.max(shortestLeaseMs, roundMs * 3);
    const longestInCalm = Math.min(60_000, Math.max(longestLeaseMs, roundMs * 40));
    const longest = Math.max(shortest, Math.min(longestInCalm, calmMs * calmPart));
    this.#leaseMs = Math.min(longest, Math.max(shortest, calm ? this.#leaseMs * 2 : this.#leaseMs / 2));
    // Who asks in vain asks less often.
    const vain = short && granted <= Math.max(2, held / 2);
    this.#pollMs = vain ? Math.min(longestLeaseMs, this.#pollMs * 4) : Math.max(shortestPollMs, this.#pollMs / 4);
  }

  /** Calls were booked, or could not be: then it is worth to ask again after a while. */
  booked(done: boolean, now: number): void {
    this.#failures = 0;
    this.#jitter = 0.75 + this.#random() / 2;
    this.#vain = done ? 0 : this.#vain + 1;
    this.#askAt = done ? now : now + Math.min(longestAskMs, shortestAskMs * 2 ** this.#vain) * this.#jitter;
  }

  /** Calls could not be booked the last time. */
  get isVain(): boolean {
    return this.#vain > 0;
  }

  failed(now: number): void {
    this.#failures += 1;
    this.#lastAt = now;
  }

  /** When the next exchange is due; infinite when there is nothing to talk about. */
  dueAt({ short, deprived, even, surplus, held, needs, books, over, until, now }: Talk): number {
    const leased = held && until > now;
    const times: number[] = [];
    if (books) times.push(this.#askAt);
    if (over) times.push(now);
    if (short) {
      const hasty = deprived || !even;
      const ms = hasty ? Math.min(this.#pollMs, longestPollMs) : this.#pollMs;
      const thriftyMs = deprived ? deprivedPollMs : hasty ? longestPollMs : thriftyPollMs;
      const least = held && this.#credit < 1 ? thriftyMs : shortestPollMs;
      times.push(this.#lastAt + Math.max(ms, least) * this.#jitter);
    }
    if (surplus && leased) times.push(this.#lastAt + (this.#credit < 1 ? reviewMs : shortestPollMs));
    if (held && needs) times.push(Math.min(this.#renewAt, until));
    // Demand fades: what is needed now may be surplus in a moment.
    if (leased) times.push(now + reviewMs);
    const due = Math.min(...times);
    if (this.#failures === 0) return due;
    return Math.max(due, this.#lastAt + shortestPollMs * 2 ** Math.min(this.#failures, 5) * this.#jitter);
  }
}

interface Exchanged {
  /** When the request was sent, and when the answer came. */
  readonly sent: number;
  readonly now: number;
  /** Of the lease from now on. */
  readonly leaseMs: number;
  readonly short: boolean;
  /** Permits of all limits. */
  readonly held: number;
  readonly granted: number;
  readonly back: number;
  readonly holders: number;
  /** How long it took, where one exchange is in another's way; else 0. */
  readonly exclusiveMs: number;
  /** For how long nobody has died who held permits, as far as the store knows. */
  readonly calmMs: number;
}

/** What there is to talk about. */
interface Talk {
  /** Of a limit, as in `Balance`. */
  readonly short: boolean;
  readonly deprived: boolean;
  readonly surplus: boolean;
  /** Calls have come at about the same rate for a while. */
  readonly even: boolean;
  /** There are permits under the lease. */
  readonly held: boolean;
  /** There are calls to be booked. */
  readonly books: boolean;
  /** There are permits of booked calls to be given back. */
  readonly over: boolean;
  /** There will be use for permits. */
  readonly needs: boolean;
  /** The end of the lease. */
  readonly until: number;
  readonly now: number;
}

const shortestLeaseMs = 1_500;
/** For as long the permits of a died holder can be idle. */
const longestLeaseMs = 24_000;
/** Leases are as long as this part of the time for which nobody has died: the more die, the less each may leave idle. */
const calmPart = 1 / 4;
/** A lease is renewed when about this part of it has passed. */
const renewal = 0.75;
const shortestPollMs = 50;
/** Of a holder whose calls could not be booked because others hold all permits. */
const shortestAskMs = 20;
const longestAskMs = 160;
/** Of a holder that has earned no exchange. */
const thriftyPollMs = 2_000;
/** The same, if it has less than its part. */
const deprivedPollMs = 400;
/** Of a holder that has less than its part, or whose demand is changing: it can't know what has come free since it asked. */
const longestPollMs = 1_000;
const reviewMs = 100;
/** In the long run, an exchange for so many calls. */
const creditPerCall = 1 / 120;
/** Exchanges in quick succession. */
const mostCredit = 10;
