import type { Clock } from './clock.ts';
import type { ExchangeAnswer, Lease, Resting } from './exchange.ts';
import { type Hold, type Permit, Permits } from './permits.ts';
import { atLeast, atMost, type Limit, type Policy } from './policy.ts';

/** One use of a leased permit. */
export interface Use {
  readonly permit: Permit;
  readonly use: number;
}

/** What an exchange tells the store of the lease, and how to undo it when the store has certainly not heard it. */
interface GivenBack {
  readonly lease: Lease | undefined;
  readonly late: number | undefined;
  readonly back: readonly Resting[];
  readonly undo: () => void;
}

/** The permits that one execution environment has leased, each of which it uses again when it has rested. */
export class Leased {
  readonly #clock: Clock;
  readonly #policy: Policy;
  readonly #permits: readonly Permits[];
  #hold: Hold = { until: Number.NEGATIVE_INFINITY };
  #lease: Lease | undefined;
  /** The end of a lease with permits that went by. */
  #late: number | undefined;
  #nextFreeMs: readonly (number | null)[] = [];
  #heardAt = Number.NEGATIVE_INFINITY;

  constructor(policy: Policy, clock: Clock) {
    this.#clock = clock;
    this.#policy = policy;
    this.#permits = policy.limits.map(() => new Permits());
  }

  /** What the store knows of the lease. */
  get lease(): Lease | undefined {
    return this.#lease;
  }

  /** The end of the lease, by this machine's clock. */
  get until(): number {
    return this.#hold.until;
  }

  /** There are permits under the lease. */
  get holds(): boolean {
    return this.#lease?.held.some((count) => count > 0) ?? false;
  }

  /** A permit of each limit, or nothing. */
  take(): readonly Use[] | undefined {
    const now = this.#clock.now();
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
    return chosen.map((permit) => ({ permit, use: permit.uses }));
  }

  /** The call has been sent just now. */
  sent(uses: readonly Use[]): void {
    const now = this.#clock.now();
    this.#limits((limit, permits, i) => {
      const { permit, use } = uses[i] as Use;
      if (limit.duringCall || permit.uses !== use || !permits.remove(permit)) return;
      permit.restedAt = now + limit.restMs;
      permits.add(permit);
    });
  }

  over(uses: readonly Use[]): void {
    const now = this.#clock.now();
    this.#limits((limit, permits, i) => {
      const { permit, use } = uses[i] as Use;
      // A long call's permit may be in use again.
      if (permit.uses !== use || !permits.remove(permit)) return;
      permit.restedAt = Math.min(permit.restedAt, now + limit.restAfterCallMs);
      permits.add(permit);
    });
  }

  /** When a permit of each limit will be there for the caller at this place in the line; undefined when nobody knows. */
  readyFor(place: number, callMs: number): number | undefined {
    let ready = this.#clock.now();
    let known = true;
    this.#limits((limit, permits, i) => {
      const rest = limit.duringCall ? callMs : Math.min(limit.restMs, callMs + limit.restAfterCallMs);
      const next = this.#nextFreeMs[i];
      const at =
        permits.restedFor(place, rest) ??
        (next == null ? undefined : this.#heardAt + next + Math.floor(place / limit.count) * rest);
      if (at === undefined || !Number.isFinite(at)) known = false;
      else ready = Math.max(ready, at);
    });
    return known ? ready : undefined;
  }

  /** For each limit, how many permits can be used within so many milliseconds. */
  usable(withinMs: number): readonly number[] {
    const now = this.#clock.now();
    return this.#policy.limits.map(({ duringCall }, i) => {
      const permits = this.#permits[i] as Permits;
      permits.expire(now);
      return permits.countUntil(duringCall ? Number.POSITIVE_INFINITY : now + withinMs);
    });
  }

  /** Whether permits come back sooner by giving them back than by themselves, by more than a hundredth of their rest. */
  pays(limit: Limit): boolean {
    return this.#hold.until - this.#clock.now() > limit.restMs / 100;
  }

  /** Forgets a lease that has ended, and all permits of the other but so many of each limit that are of use within the next lease. */
  giveBack(keep: readonly number[], leaseMs: number): GivenBack {
    const now = this.#clock.now();
    if (this.#hold.until <= now) {
      if (this.holds) this.#late = this.#lease?.until;
      this.#startAnew();
    }
    const given = this.#permits.map((permits, i) => spare(permits.of(this.#hold), keep[i] ?? 0, now + leaseMs));
    given.forEach((some, i) => {
      for (const permit of some) this.#permits[i]?.remove(permit);
    });
    return {
      lease: this.#lease,
      late: this.#late,
      back: given.map((some) => grouped(some.map(({ restedAt }) => atLeast(Math.max(0, restedAt - now))))),
      undo: () =>
        given.forEach((some, i) => {
          for (const permit of some) this.#permits[i]?.add(permit);
        }),
    };
  }

  accept(answer: ExchangeAnswer, since: { readonly earliest: number; readonly latest: number }): void {
    const now = this.#clock.now();
    this.#late = undefined;
    this.#nextFreeMs = answer.nextFreeMs;
    this.#heardAt = now;
    if (answer.lapsed) {
      this.#hold.until = Number.NEGATIVE_INFINITY;
      this.#startAnew();
    }
    this.#hold.until = since.earliest + atMost(answer.leaseMs);
    this.#lease = answer.lease;
    answer.granted.forEach((some, i) => {
      for (const [ms, count] of some) {
        for (let n = 0; n < count; n += 1)
          this.#permits[i]?.add({ restedAt: ms > 0 ? since.latest + atLeast(ms) : now, uses: 0, hold: this.#hold });
      }
    });
  }

  /**
   * Nobody knows what became of the exchange that would have made the lease end by `end`: what was kept may be used until the earlier end
   * of both leases.
   */
  lost(end: number): void {
    this.#hold.until = Math.min(this.#hold.until, end);
    this.#startAnew();
  }

  #startAnew(): void {
    this.#hold = { until: Number.NEGATIVE_INFINITY };
    this.#lease = undefined;
  }

  #limits(task: (limit: Limit, permits: Permits, i: number) => void): void {
    this.#policy.limits.forEach((limit, i) => {
      task(limit, this.#permits[i] as Permits, i);
    });
  }
}

/** Of permits, those beyond `keep`, and those that won't have rested by `end`; what is under way stays. */
function spare(permits: readonly Permit[], keep: number, end: number): Permit[] {
  const useful = permits.filter(({ restedAt }) => restedAt <= end);
  const useless = permits.filter(({ restedAt }) => restedAt > end && restedAt < Number.POSITIVE_INFINITY);
  const underWay = permits.length - useful.length - useless.length;
  return [...useful.slice(Math.max(0, keep - underWay)), ...useless];
}

function grouped(values: readonly number[]): Resting {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts];
}
