import type { Limit } from './policy.ts';

/** What a holder knows of its own callers and of all holders. */
export interface Situation {
  /** Calls that come per millisecond. */
  readonly perMs: number;
  /** Callers that wait. */
  readonly waiting: number;
  /** A mean call's duration. */
  readonly callMs: number;
  readonly leaseMs: number;
  /** This holder's part of the demand of all, 0 to 1. */
  readonly part: number;
  /** The demand of all, in calls per millisecond. */
  readonly totalPerMs: number;
  /** Other holders have callers that wait and less than their part. */
  readonly othersDeprived: boolean;
  /** Calls have come at about the same rate for a while. */
  readonly settled: boolean;
}

/** What a holder that has some permits of a limit makes of its situation. */
export interface Balance {
  /** How many it keeps, and how many more it would like, when it talks to the store. */
  readonly keep: number;
  readonly want: number;
  /** Callers wait, or will soon, for more than there are. */
  readonly short: boolean;
  /** Callers wait, and it has much less than its part. */
  readonly deprived: boolean;
  /** It has clearly more than anybody here needs. */
  readonly surplus: boolean;
}

/**
 * `there` permits can be used within the lease. `pays` says whether giving back brings them to others any sooner.
 *
 * Where all together need more than there are, everyone's part is as large as its part of the demand. Parts are estimates: a quarter
 * more or less moves nothing, else permits would wander between holders that are all served as well as they can be.
 */
export function balance(limit: Limit, situation: Situation, there: number, pays: boolean): Balance {
  const { perMs, waiting, callMs, leaseMs, part, totalPerMs, othersDeprived, settled } = situation;
  const busyMs = limit.duringCall ? callMs : Math.min(limit.restMs, leaseMs);
  const steady = perMs * busyMs;
  // Calls that come at random come in clusters; the root is their size.
  const needed = Math.round(Math.max(steady, waiting) + Math.min(steady, waiting) / 4 + Math.sqrt(steady));
  const scarce = totalPerMs * busyMs > limit.count;
  const fair = Math.min(needed, Math.max(Math.min(waiting, 1), Math.round(limit.count * part)));
  const enough = scarce ? Math.min(needed, Math.ceil(fair * (settled ? settledTolerance : tolerance))) : needed;
  const idle = scarce && waiting === 0;
  // Nobody waits here, but elsewhere: what is not used all the time is of more use there.
  const busy = Math.floor(Math.min(fair, steady * 0.8));
  const unfair = pays && othersDeprived && clearlyMore(there, fair);
  return {
    keep: idle ? busy : unfair ? fair : needed,
    want: unfair ? 0 : Math.max(0, enough - there),
    short: !unfair && there < enough && (waiting > 0 || there < needed * 0.75),
    deprived: waiting > 0 && there < fair / 2,
    surplus: pays && clearlyMore(there, idle ? busy : needed),
  };
}

const tolerance = 1.25;
/** Where demand has settled, what is asked for above one's part would only wander. */
const settledTolerance = 1.05;
const clearlyMore = (there: number, enough: number) =>
  there > enough * tolerance && there > enough + (enough > 0 ? 1 : 0);
