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
}

/** How many permits of a limit a holder needs, and how many of them are its part where all together need more than there are. */
export function permitsNeeded(limit: Limit, situation: Situation): { needed: number; fair: number } {
  const { perMs, waiting, part, totalPerMs } = situation;
  const busyMs = busyTime(limit, situation);
  const steady = perMs * busyMs;
  const enough = Math.max(steady, waiting) + Math.min(steady, waiting) / 4;
  if (totalPerMs * busyMs <= limit.count) {
    // Calls that come at random come in clusters; the root is their size.
    const needed = Math.round(enough + Math.sqrt(steady));
    return { needed, fair: needed };
  }
  const needed = Math.round(enough);
  return { needed, fair: Math.min(needed, Math.max(Math.min(waiting, 1), Math.round(limit.count * part))) };
}

/** How long a permit is taken by one use, within a lease. */
const busyTime = (limit: Limit, { callMs, leaseMs }: Pick<Situation, 'callMs' | 'leaseMs'>): number =>
  limit.duringCall ? callMs : Math.min(limit.restMs, leaseMs);
