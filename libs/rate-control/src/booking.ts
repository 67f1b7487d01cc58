import { added, type Pool, roundedUp, stepOf, take } from './pool.ts';
import type { State } from './state.ts';

/** Calls that are to be made once, each at a time of its own: one permit of each limit, or nothing. */
export interface BookingRequest {
  /** For each call, in their order: within how many milliseconds it has to begin. */
  readonly withinMs: readonly number[];
  /** None of them begins sooner. */
  readonly notBeforeMs: number;
  /** How much later than at its time a call may begin. */
  readonly slackMs: number;
  /** For each limit, whether its permits come back when the call is over: only then does anybody know how long they have yet to rest. */
  readonly returned: readonly boolean[];
}

/** A call that has its time. */
export interface Booked {
  /** When it may begin, in milliseconds. */
  readonly startMs: number;
  /** Until when it may: so much later. */
  readonly slackMs: number;
  /** For each limit, until when its permit is bound to the call, by the store's time. */
  readonly ends: readonly number[];
}

/** Permits whose call is over: how long they have yet to rest, and what their booking's end was. */
export type Returned = readonly (readonly [ms: number, end: number])[];

export interface Pools {
  readonly free: readonly Pool[];
  readonly bound: readonly Pool[];
}

export interface Bookings extends Pools {
  /** For each call that was asked for; null where it did not fit. */
  readonly booked: readonly (Booked | null)[];
  /** How soon another call could begin, as far as is known: null when somebody holds all permits of a limit. */
  readonly startMs: number | null;
}

/** Clocks of two machines run apart by this much of a duration at most; twice what one of them may be wrong. */
const drift = 1e-3;

/**
 * Gives each call the earliest time at which a permit of each limit will have rested. A permit of a window goes back at once, to rest
 * from the last moment at which its call may begin: the next call is booked behind it. One that rests until its call is over is bound to
 * the call: it comes back with {@link giveBackBound}, or when it would have rested in any case.
 */
export function book(
  limits: State['limits'],
  pools: Pools,
  now: { readonly earliest: number; readonly latest: number },
  { withinMs, notBeforeMs, slackMs, returned }: BookingRequest,
): Bookings {
  let { free, bound } = pools;
  const nextStart = () =>
    free.reduce<number | null>((start, [first]) => {
      return start === null || !first ? null : Math.max(start, first[0] - now.earliest);
    }, notBeforeMs);
  const booked = withinMs.map((within): Booked | null => {
    const startMs = nextStart();
    if (startMs === null || startMs > within) return null;
    const slack = slackMs + Math.ceil(startMs * drift) + 2;
    const ends = limits.map((limit) => roundedUp(now.latest + startMs + slack + limit[1], stepOf(limit)));
    free = free.map((pool, i) => {
      const [, left] = take(pool, 1, Number.POSITIVE_INFINITY);
      return returned[i] ? left : added(left, ends[i] as number, 1);
    });
    bound = bound.map((pool, i) => (returned[i] ? added(pool, ends[i] as number, 1) : pool));
    return { startMs, slackMs: slack, ends };
  });
  return { free, bound, booked, startMs: nextStart() };
}

/** Permits come back from calls that are over; those that aren't bound any more have come back by themselves. */
export function giveBackBound(
  limits: State['limits'],
  { free, bound }: Pools,
  latest: number,
  returned: readonly Returned[],
): Pools {
  const [freed, left] = [[...free], [...bound]];
  returned.forEach((permits, i) => {
    for (const [ms, end] of permits) {
      const pool = left[i] ?? [];
      if (!pool.some(([at]) => at === end)) continue;
      left[i] = pool.flatMap(([at, count]) => (at !== end ? [[at, count]] : count > 1 ? [[at, count - 1]] : []));
      const restedAt = ms <= 0 ? 0 : roundedUp(latest + ms, stepOf(limits[i] as State['limits'][number]));
      freed[i] = added(freed[i] ?? [], restedAt, 1);
    }
  });
  return { free: freed, bound: left };
}
