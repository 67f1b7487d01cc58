import { type BookedCall, Bookings } from './bookings.ts';
import type { Clock } from './clock.ts';
import { Demand } from './demand.ts';
import { StoreError } from './errors.ts';
import type { ExchangeAnswer, Resting } from './exchange.ts';
import { Leased, type Use } from './leased.ts';
import { Pace } from './pace.ts';
import { atMost, type Policy } from './policy.ts';
import { balance } from './sizing.ts';
import type { Store } from './store.ts';

/** One permit of each limit, in use: leased ones, or those of a booking. */
export type Grip = { readonly leased: readonly Use[] } | { readonly booked: BookedCall };

/** Who waits in line. */
export interface Waiting {
  readonly deadline: number;
  /** The call can't begin in time. */
  refuse(): void;
}

export interface HolderOptions {
  readonly policy: Policy;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: () => number;
  /** Something has changed for those who wait. */
  readonly onChange: () => void;
}

/**
 * The permits of one execution environment. Where it has use for at least a few permits of each limit, it leases as many as its callers
 * need before they need them, uses each as often as its rest allows, and gives back what it doesn't need. An environment that calls now
 * and then, or whose part of a limit is about a permit or less, has each call booked for a time of its own.
 */
export class Holder {
  readonly #options: HolderOptions;
  readonly #leased: Leased;
  readonly #bookings: Bookings;
  #recent = new Demand(1_000);
  #lasting = new Demand(10_000);
  readonly #pace: Pace;
  #last: ExchangeAnswer | undefined;
  #exchanging: Promise<void> | undefined;
  #failure: StoreError | undefined;
  #callMs = 100;
  #cancelReview = () => {};
  /** Calls since it began or gave back: few say nothing about what is to come. */
  #came = 0;
  #leases = false;
  #notBefore = Number.NEGATIVE_INFINITY;

  constructor(options: HolderOptions) {
    this.#options = options;
    this.#leased = new Leased(options.policy, options.clock);
    this.#bookings = new Bookings(options.policy, options.clock);
    this.#pace = new Pace(options.random);
  }

  /** Why the last exchange failed; undefined when it didn't. */
  get failure(): StoreError | undefined {
    return this.#failure;
  }

  /** Someone would like to call. */
  wanted(): void {
    const now = this.#options.clock.now();
    this.#came += 1;
    this.#recent.arrived(now);
    this.#lasting.arrived(now);
  }

  /** A permit of each limit, for a call that is made at once; undefined when one of them isn't there. */
  take(): Grip | undefined {
    const booked = this.#bookings.take();
    if (booked) return { booked };
    const leased = this.#leased.take();
    if (!leased) return undefined;
    this.#pace.used();
    return { leased };
  }

  /** The call has been sent just now, perhaps a moment after its permits were taken. */
  sent(grip: Grip): void {
    if ('booked' in grip) grip.booked.sentAt = this.#options.clock.now();
    else this.#leased.sent(grip.leased);
  }

  /** The call is over: whatever was on its way to the partner has arrived. */
  over(grip: Grip, durationMs: number): void {
    this.#callMs += (durationMs - this.#callMs) / 8;
    if ('booked' in grip) this.#bookings.over(grip.booked);
    else this.#leased.over(grip.leased);
  }

  /** When a permit of each limit will be there for the caller at this place in the line; undefined when nobody knows. */
  readyFor(place: number): number | undefined {
    return this.#bookings.from(place) ?? this.#leased.readyFor(place - this.#bookings.count, this.#callMs);
  }

  /** No call begins before then. */
  pause(until: number): void {
    this.#notBefore = Math.max(this.#notBefore, until);
    this.#bookings.pause(this.#notBefore);
  }

  /** Exchanges with the store if that is due for those who wait, in their order, and sees to it that it will be looked at again in time. */
  review(line: Iterable<Waiting>): void {
    this.#cancelReview();
    if (this.#exchanging) return;
    const { clock } = this.#options;
    const now = clock.now();
    const plan = this.#plan(now, [...line]);
    if (plan.dueAt <= now) {
      void this.#start(plan);
    } else if (Number.isFinite(plan.dueAt)) {
      this.#cancelReview = clock.after(plan.dueAt - now, () => this.#options.onChange(), plan.waiting === 0);
    }
  }

  /** Gives everything back that would rest for longer otherwise. What is under way stays leased. */
  async giveBack(): Promise<void> {
    this.#cancelReview();
    await this.#exchanging;
    this.#recent = new Demand(1_000);
    this.#lasting = new Demand(10_000);
    this.#came = 0;
    const now = this.#options.clock.now();
    const none = this.#options.policy.limits.map(() => 0);
    if (this.#bookings.isOver || (this.#leased.holds && this.#leased.until > now))
      await this.#start({ ...this.#plan(now, []), keep: none, want: none, book: [] });
  }

  #start(plan: Plan): Promise<void> {
    this.#exchanging = this.#exchange(plan).finally(() => {
      this.#exchanging = undefined;
      this.#options.onChange();
    });
    return this.#exchanging;
  }

  #plan(now: number, line: readonly Waiting[]): Plan {
    const waiting = line.length;
    const perMs = this.#recent.perMs(now);
    // Calls per 1,000 s; who waits counts as a call per second.
    const demand = Math.round(this.#lasting.perMs(now) * 1e6) + waiting * 1000;
    const others = Math.max(0, (this.#last?.totalDemand ?? 0) - (this.#leased.lease?.demand ?? 0));
    const total = Math.max(1, others + demand);
    const part = demand / total;
    this.#leases = this.#shouldLease(perMs, waiting, part);
    const leaseMs = this.#leases ? this.#pace.leaseMs : noticeMs;
    const othersDeprived = (this.#last?.deprived ?? 0) > 0;
    const callMs = this.#callMs;
    const lasting = this.#lasting.perMs(now);
    const even = Math.abs(perMs - lasting) < lasting / 2;
    const settled = even && leaseMs > settledLeaseMs;
    const situation = { perMs, waiting, callMs, leaseMs, part, totalPerMs: total / 1e6, othersDeprived, settled };
    const usable = this.#leased.usable(leaseMs);
    const balances = this.#options.policy.limits.map((limit, i) =>
      balance(limit, situation, usable[i] ?? 0, this.#leased.pays(limit)),
    );
    const book = this.#leases ? [] : line.slice(this.#bookings.count).slice(0, mostBooked);
    const keep = balances.map(({ keep }) => (this.#leases ? keep : 0));
    const want = balances.map(({ want }) => (this.#leases ? want : 0));
    const short = this.#leases && balances.some(({ short }) => short);
    const deprived = this.#leases ? balances.some(({ deprived }) => deprived) : this.#pace.isVain;
    const dueAt = this.#pace.dueAt({
      short,
      deprived,
      even,
      surplus: this.#leases ? balances.some(({ surplus }) => surplus) : this.#leased.holds,
      held: this.#leased.holds,
      needs: this.#leases && (waiting > 0 || keep.some((count) => count > 0)),
      books: book.length > 0,
      over: this.#bookings.isOver,
      until: this.#leased.until,
      now,
    });
    return { dueAt, leases: this.#leases, leaseMs, demand, deprived, keep, want, short, book, waiting };
  }

  /**
   * Whether leasing permits makes sense: they are used again and again here, for which it takes calls that come often, and as many permits
   * as there are calls within a rest.
   */
  #shouldLease(perMs: number, waiting: number, part: number): boolean {
    if (waiting < 2 && this.#came < fewCalls) return false;
    return this.#options.policy.limits.every(({ count, restMs, duringCall }) => {
      const few = Math.min(count, this.#leases ? 1 : 2);
      const needed = duringCall ? few : Math.max(perMs * restMs, waiting);
      return needed >= few && (this.#last === undefined || count * part >= few);
    });
  }

  async #exchange({ leases, leaseMs, demand, deprived, keep, want, short, book }: Plan): Promise<void> {
    const { clock, store, policy } = this.#options;
    const sent = clock.now();
    const { undo, ...given } = this.#leased.giveBack(keep, leaseMs);
    const over = this.#bookings.takeOver();
    const asked = { ...given, want, returned: over.returned, leaseMs, demand, deprived };
    const deadlines = book.map(({ deadline }) => deadline);
    try {
      const answer = await store.exchange(policy, {
        ...asked,
        book: this.#bookings.request(deadlines, this.#notBefore),
      });
      const since = answer.since ?? { earliest: sent, latest: clock.now() };
      this.#failure = undefined;
      this.#last = answer;
      this.#leased.accept(answer, since);
      this.#acceptBooked(answer, since, book);
      if (!leases) return;
      this.#pace.exchanged({
        sent,
        now: clock.now(),
        leaseMs: answer.leaseMs,
        short,
        held: sum(answer.lease?.held ?? []),
        granted: count(answer.granted),
        back: count(given.back),
        holders: answer.holders,
        exclusiveMs: answer.exclusiveMs ?? 0,
        calmMs: answer.calmMs,
      });
    } catch (error) {
      this.#failure =
        error instanceof StoreError
          ? error
          : new StoreError('STORE_FAILED', String(error), { mayBeWritten: true, cause: error });
      if (this.#failure.mayBeWritten) {
        this.#leased.lost(sent + atMost(leaseMs));
      } else {
        over.undo();
        undo();
      }
      this.#pace.failed(clock.now());
    }
  }

  #acceptBooked(answer: ExchangeAnswer, since: Since, callers: readonly Waiting[]): void {
    this.#bookings.accept(answer, since);
    const missing = callers.filter((_, i) => !answer.booked[i]);
    this.#pace.booked(missing.length === 0 || answer.startMs !== null, this.#options.clock.now());
    // Who can't be served in time need not wait to hear it; but where calls are under way, nobody knows what comes back when.
    if (answer.startMs !== null) for (const caller of missing) caller.refuse();
  }
}

type Since = NonNullable<ExchangeAnswer['since']>;

interface Plan {
  readonly dueAt: number;
  readonly leases: boolean;
  readonly leaseMs: number;
  readonly demand: number;
  readonly deprived: boolean;
  readonly keep: readonly number[];
  readonly want: readonly number[];
  readonly short: boolean;
  /** Who waits and is to be booked, and how many wait in all. */
  readonly book: readonly Waiting[];
  readonly waiting: number;
}

/** Calls booked by one exchange. */
const mostBooked = 100;
const fewCalls = 3;
/** Leases get as long as this when few permits move. */
const settledLeaseMs = 10_000;
/** For how long the store knows of the demand of who leases nothing. */
const noticeMs = 2_000;

const count = (lists: readonly Resting[]) => lists.flat().reduce((all, [, n]) => all + n, 0);
const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
