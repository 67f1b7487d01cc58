import { type BookedCall, Bookings } from './bookings.ts';
import type { Clock } from './clock.ts';
import { Demand } from './demand.ts';
import { StoreError } from './errors.ts';
import type { ExchangeAnswer, Lease, Resting } from './exchange.ts';
import { Pace } from './pace.ts';
import { type Hold, type Permit, Permits } from './permits.ts';
import { atLeast, atMost, type Limit, type Policy } from './policy.ts';
import { balance } from './sizing.ts';
import type { Store } from './store.ts';

/** One permit of each limit, in use: leased ones, or those of a booking. */
export type Grip = { readonly leased: readonly Use[] } | { readonly booked: BookedCall };
interface Use {
  readonly permit: Permit;
  readonly use: number;
}

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
  readonly #permits: readonly Permits[];
  readonly #bookings: Bookings;
  #recent = new Demand(1_000);
  #lasting = new Demand(10_000);
  readonly #pace: Pace;
  #hold: Hold = { until: Number.NEGATIVE_INFINITY };
  #lease: Lease | undefined;
  /** The end of a lease with permits that went by. */
  #late: number | undefined;
  #last: ExchangeAnswer | undefined;
  #lastAt = Number.NEGATIVE_INFINITY;
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
    this.#permits = options.policy.limits.map(() => new Permits());
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
    const now = this.#options.clock.now();
    const booked = this.#bookings.take();
    if (booked) return { booked };
    const chosen: Permit[] = [];
    for (const permits of this.#permits) {
      const permit = permits.first(now);
      if (!permit || permit.restedAt > now) return undefined;
      chosen.push(permit);
    }
    this.#limits((limit, permits, i) => {
      const permit = chosen[i] as Permit;
      permits.remove(permit);
      permit.uses += 1;
      permit.restedAt = limit.duringCall ? Number.POSITIVE_INFINITY : now + limit.restMs;
      permits.add(permit);
    });
    this.#pace.used();
    return { leased: chosen.map((permit) => ({ permit, use: permit.uses })) };
  }

  /** The call has been sent just now, perhaps a moment after its permits were taken. */
  sent(grip: Grip): void {
    const now = this.#options.clock.now();
    if ('booked' in grip) {
      grip.booked.sentAt = now;
      return;
    }
    this.#limits((limit, permits, i) => {
      const { permit, use } = grip.leased[i] as Use;
      if (limit.duringCall || permit.uses !== use || !permits.remove(permit)) return;
      permit.restedAt = now + limit.restMs;
      permits.add(permit);
    });
  }

  /** The call is over: whatever was on its way to the partner has arrived. */
  over(grip: Grip, durationMs: number): void {
    const now = this.#options.clock.now();
    this.#callMs += (durationMs - this.#callMs) / 8;
    if ('booked' in grip) {
      this.#bookings.over(grip.booked);
      return;
    }
    this.#limits((limit, permits, i) => {
      const { permit, use } = grip.leased[i] as Use;
      // A long call's permit may be in use again.
      if (permit.uses !== use || !permits.remove(permit)) return;
      permit.restedAt = Math.min(permit.restedAt, now + limit.restAfterCallMs);
      permits.add(permit);
    });
  }

  /** When a permit of each limit will be there for the caller at this place in the line; undefined when nobody knows. */
  readyFor(place: number): number | undefined {
    const { clock } = this.#options;
    const booked = this.#bookings.from(place);
    if (booked !== undefined) return booked;
    const behind = place - this.#bookings.count;
    let ready = clock.now();
    let known = true;
    this.#limits((limit, permits, i) => {
      const rest = limit.duringCall ? this.#callMs : Math.min(limit.restMs, this.#callMs + limit.restAfterCallMs);
      const next = this.#last?.nextFreeMs[i];
      const at =
        permits.restedFor(behind, rest) ??
        (next == null ? undefined : this.#lastAt + next + Math.floor(behind / limit.count) * rest);
      if (at === undefined || !Number.isFinite(at)) known = false;
      else ready = Math.max(ready, at);
    });
    return known ? ready : undefined;
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
    const none = this.#permits.map(() => 0);
    if (this.#bookings.isOver || (this.#holds && this.#hold.until > now))
      await this.#start({ ...this.#plan(now, []), keep: none, want: none, book: [] });
  }

  /** Permits are leased. */
  get #holds(): boolean {
    return this.#lease?.held.some((count) => count > 0) ?? false;
  }

  #start(plan: Plan): Promise<void> {
    this.#exchanging = this.#exchange(plan).finally(() => {
      this.#exchanging = undefined;
      this.#options.onChange();
    });
    return this.#exchanging;
  }

  #limits(task: (limit: Limit, permits: Permits, i: number) => void): void {
    this.#options.policy.limits.forEach((limit, i) => {
      task(limit, this.#permits[i] as Permits, i);
    });
  }

  #plan(now: number, line: readonly Waiting[]): Plan {
    const waiting = line.length;
    const perMs = this.#recent.perMs(now);
    // Calls per 1,000 s; who waits counts as a call per second.
    const demand = Math.round(this.#lasting.perMs(now) * 1e6) + waiting * 1000;
    const others = Math.max(0, (this.#last?.totalDemand ?? 0) - (this.#lease?.demand ?? 0));
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
    const balances = this.#options.policy.limits.map((limit, i) => {
      const permits = this.#permits[i] as Permits;
      permits.expire(now);
      const there = permits.countUntil(limit.duringCall ? Number.POSITIVE_INFINITY : now + leaseMs);
      return balance(limit, situation, there, this.#pays(limit, now));
    });
    const book = this.#leases ? [] : line.slice(this.#bookings.count).slice(0, mostBooked);
    const keep = balances.map(({ keep }) => (this.#leases ? keep : 0));
    const want = balances.map(({ want }) => (this.#leases ? want : 0));
    const short = this.#leases && balances.some(({ short }) => short);
    const deprived = this.#leases ? balances.some(({ deprived }) => deprived) : this.#pace.isVain;
    const dueAt = this.#pace.dueAt({
      short,
      deprived,
      even,
      surplus: this.#leases ? balances.some(({ surplus }) => surplus) : this.#holds,
      held: this.#holds,
      needs: this.#leases && (waiting > 0 || keep.some((count) => count > 0)),
      books: book.length > 0,
      over: this.#bookings.isOver,
      until: this.#hold.until,
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

  /** Whether permits come back sooner by giving them back than by themselves, by more than a hundredth of their rest. */
  #pays(limit: Limit, now: number): boolean {
    return this.#hold.until - now > limit.restMs / 100;
  }

  async #exchange({ leases, leaseMs, demand, deprived, keep, want, short, book }: Plan): Promise<void> {
    const { clock, store, policy } = this.#options;
    const sent = clock.now();
    if (this.#hold.until <= sent) {
      if (this.#holds) this.#late = this.#lease?.until;
      this.#startAnew();
    }
    const hold = this.#hold;
    const given = this.#permits.map((permits, i) => this.#choose(permits.of(hold), keep[i] ?? 0, sent + leaseMs));
    given.forEach((some, i) => {
      for (const permit of some) this.#permits[i]?.remove(permit);
    });
    const back = given.map(
      (some): Resting => grouped(some.map(({ restedAt }) => atLeast(Math.max(0, restedAt - sent)))),
    );
    const over = this.#bookings.takeOver();
    const asked = {
      lease: this.#lease,
      late: this.#late,
      back,
      want,
      returned: over.returned,
      leaseMs,
      demand,
      deprived,
    };
    const deadlines = book.map(({ deadline }) => deadline);
    try {
      const answer = await store.exchange(policy, {
        ...asked,
        book: this.#bookings.request(deadlines, this.#notBefore),
      });
      this.#late = undefined;
      const since = answer.since ?? { earliest: sent, latest: clock.now() };
      this.#accept(answer, since);
      this.#acceptBooked(answer, since, book);
      if (!leases) return;
      this.#pace.exchanged({
        sent,
        now: clock.now(),
        leaseMs: answer.leaseMs,
        short,
        held: sum(answer.lease?.held ?? []),
        granted: count(answer.granted),
        back: count(back),
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
        // What was kept may be used until the earlier end of both leases; nobody knows which one the store has.
        hold.until = Math.min(hold.until, sent + atMost(leaseMs));
        this.#startAnew();
      } else {
        over.undo();
        given.forEach((some, i) => {
          for (const permit of some) this.#permits[i]?.add(permit);
        });
      }
      this.#pace.failed(clock.now());
    }
  }

  #startAnew(): void {
    this.#hold = { until: Number.NEGATIVE_INFINITY };
    this.#lease = undefined;
  }

  #choose(permits: readonly Permit[], keep: number, end: number): Permit[] {
    const useful = permits.filter(({ restedAt }) => restedAt <= end);
    const useless = permits.filter(({ restedAt }) => restedAt > end && restedAt < Number.POSITIVE_INFINITY);
    const underWay = permits.length - useful.length - useless.length;
    return [...useful.slice(Math.max(0, keep - underWay)), ...useless];
  }

  #acceptBooked(answer: ExchangeAnswer, since: Since, callers: readonly Waiting[]): void {
    this.#bookings.accept(answer, since);
    const missing = callers.filter((_, i) => !answer.booked[i]);
    this.#pace.booked(missing.length === 0 || answer.startMs !== null, this.#options.clock.now());
    // Who can't be served in time need not wait to hear it; but where calls are under way, nobody knows what comes back when.
    if (answer.startMs !== null) for (const caller of missing) caller.refuse();
  }

  #accept(answer: ExchangeAnswer, since: Since): void {
    const now = this.#options.clock.now();
    this.#failure = undefined;
    this.#last = answer;
    this.#lastAt = now;
    const until = since.earliest + atMost(answer.leaseMs);
    if (answer.lapsed) {
      this.#hold.until = Number.NEGATIVE_INFINITY;
      this.#startAnew();
    }
    this.#hold.until = until;
    this.#lease = answer.lease;
    answer.granted.forEach((some, i) => {
      for (const [ms, count] of some) {
        for (let n = 0; n < count; n += 1)
          this.#permits[i]?.add({ restedAt: ms > 0 ? since.latest + atLeast(ms) : now, uses: 0, hold: this.#hold });
      }
    });
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

function grouped(values: readonly number[]): Resting {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts];
}

const count = (lists: readonly Resting[]) => lists.flat().reduce((all, [, n]) => all + n, 0);
const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
