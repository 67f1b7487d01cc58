import type { BookingRequest, Returned } from './booking.ts';
import type { Clock } from './clock.ts';
import type { ExchangeAnswer } from './exchange.ts';
import { atLeast, atMost, type Limit, type Policy } from './policy.ts';

/** A call's time, by this machine's clock, and what is bound to it. */
interface Booking {
  readonly from: number;
  readonly until: number;
  readonly ends: readonly number[];
}

/** A booked call that is under way. */
export interface BookedCall {
  readonly booking: Booking;
  sentAt: number;
}

interface Over {
  readonly limit: number;
  readonly restedAt: number;
  readonly end: number;
}

/** The calls of one execution environment that have their time, and the permits that go back when they are over. */
export class Bookings {
  readonly #clock: Clock;
  readonly #limits: readonly Limit[];
  readonly #returned: readonly boolean[];
  #booked: Booking[] = [];
  #over: Over[] = [];
  /** How long an exchange takes and how late a timer is: what is seldom exceeded. */
  #unsureMs: number | undefined;
  #timerMs = 1;

  constructor(policy: Policy, clock: Clock) {
    this.#clock = clock;
    this.#limits = policy.limits;
    this.#returned = policy.limits.map(comesBack);
  }

  /** Calls that have their time yet to come. */
  get count(): number {
    this.#forgetMissed();
    return this.#booked.length;
  }

  /** There are permits to be given back. */
  get isOver(): boolean {
    return this.#over.length > 0;
  }

  /** When the call at this place in the line may begin. */
  from(place: number): number | undefined {
    this.#forgetMissed();
    return this.#booked[place]?.from;
  }

  /** The call whose time it is. */
  take(): BookedCall | undefined {
    this.#forgetMissed();
    const now = this.#clock.now();
    const [first] = this.#booked;
    if (!first || first.from > now) return undefined;
    this.#booked.shift();
    this.#timerMs = Math.max(now - first.from, this.#timerMs * memory);
    return { booking: first, sentAt: now };
  }

  over({ booking, sentAt }: BookedCall): void {
    const now = this.#clock.now();
    this.#limits.forEach((limit, i) => {
      const rested = limit.duringCall ? now : Math.min(sentAt + limit.restMs, now + limit.restAfterCallMs);
      this.#giveBack(booking, i, rested);
    });
  }

  /** No call begins before then; those that would have are asked for anew. */
  pause(until: number): void {
    const tooSoon = this.#booked.filter(({ from }) => from < until);
    this.#booked = this.#booked.filter(({ from }) => from >= until);
    for (const booking of tooSoon) this.#giveBackUnused(booking);
  }

  /** For callers whose deadlines these are. */
  request(deadlines: readonly number[], notBefore: number): BookingRequest {
    const now = this.#clock.now();
    const slackMs = Math.min(mostSlackMs, Math.ceil((this.#unsureMs ?? usualExchangeMs) + this.#timerMs + 1));
    return {
      withinMs: deadlines.map((deadline) => atMost(Math.max(0, deadline - now - slackMs))),
      notBeforeMs: Math.max(0, Math.ceil(notBefore - now)),
      slackMs,
      returned: this.#returned,
    };
  }

  /** What is to be given back, which is forgotten here, and how to undo that. */
  takeOver(): { returned: readonly Returned[]; undo: () => void } {
    const now = this.#clock.now();
    const over = this.#over;
    this.#over = [];
    const returned = this.#limits.map((_, i): Returned => {
      const own = over.filter(({ limit }) => limit === i);
      return own.map(({ restedAt, end }) => [atLeast(Math.max(0, restedAt - now)), end] as const);
    });
    return { returned, undo: () => this.#over.push(...over) };
  }

  /** How far apart the two bounds are is how much later than at its time a call may begin for want of knowing better. */
  accept({ booked }: ExchangeAnswer, since: { readonly earliest: number; readonly latest: number }): void {
    if (booked.length > 0) {
      const unsureMs = this.#clock.now() - since.earliest;
      this.#unsureMs = Math.max(unsureMs, this.#unsureMs === undefined ? unsureMs * 1.25 : this.#unsureMs * memory);
    }
    for (const call of booked) {
      if (!call) continue;
      const { startMs, slackMs, ends } = call;
      const from = since.latest + atLeast(startMs);
      this.#booked.push({ from, until: since.earliest + atMost(startMs + slackMs), ends });
    }
    this.#booked.sort((a, b) => a.from - b.from);
  }

  #forgetMissed(): void {
    const now = this.#clock.now();
    const missed = this.#booked.filter(({ until }) => until < now);
    if (missed.length === 0) return;
    this.#booked = this.#booked.filter(({ until }) => until >= now);
    for (const booking of missed) this.#giveBackUnused(booking);
  }

  #giveBackUnused(booking: Booking): void {
    this.#limits.forEach((_, i) => {
      this.#giveBack(booking, i, this.#clock.now());
    });
  }

  #giveBack({ ends }: Booking, limit: number, restedAt: number): void {
    if (this.#returned[limit]) this.#over.push({ limit, restedAt, end: ends[limit] as number });
  }
}

/**
 * Whether a permit of this limit comes back from its call: when it has rested is known only then, for a concurrency, or where calls may
 * be on their way for long.
 */
export const comesBack = ({ duringCall, restMs, restAfterCallMs }: Limit): boolean =>
  duringCall || restMs - restAfterCallMs > restAfterCallMs / 4;

/** Until the first answer says how far the store is. */
const usualExchangeMs = 25;
const mostSlackMs = 1_000;
const memory = 0.9;
