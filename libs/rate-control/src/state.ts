import { StoreError } from './errors.ts';
import type { Policy } from './policy.ts';
import type { Pool } from './pool.ts';

/**
 * What the store keeps of a policy: where each permit of each limit is. It is with a holder (`leases`), bound to a call
 * (`bound`) or with nobody (`free`), and their number never changes. Holders are nameless: those whose leases end at the same time are one entry, so that the document
 * stays small however many they are. All times are the store's, in milliseconds since the epoch.
 */
export interface State {
  /** Count and rest of each limit: a state of another policy is not for us. */
  readonly limits: readonly (readonly [count: number, restMs: number])[];
  /** For each limit, how many permits have rested when, by time. */
  readonly free: readonly Pool[];
  /** For each limit, how many permits come back when, if not before, from calls that were booked. */
  readonly bound: readonly Pool[];
  /** Sorted by their end. */
  readonly leases: readonly Leases[];
  /** When leases ended whose permits nobody had given back, nor has been heard of since: the last few, the newest first. */
  readonly died: readonly number[];
  /** When somebody asked for the first time; 0: nobody has. */
  readonly began: number;
}

/** All leases that end at one time, taken together. */
export interface Leases {
  readonly until: number;
  readonly holders: number;
  /** How many of them have callers that wait and less than their part of the permits. */
  readonly deprived: number;
  /** Calls per 1,000 s that the holders would like to make. */
  readonly demand: number;
  /** Permits of each limit. */
  readonly held: readonly number[];
}

/** Nobody has called yet, nor holds a permit. */
export function initialState({ limits }: Policy): State {
  return {
    limits: limits.map(({ count, restMs }) => [count, restMs] as const),
    free: limits.map(({ count }) => [[0, count] as const]),
    bound: limits.map(() => []),
    leases: [],
    died: [],
    began: 0,
  };
}

/** Throws StoreError when there is no state, or one of other limits. */
export function ownState(state: State | undefined, { name, limits }: Policy): State {
  if (!state) throw new StoreError('STORE_STATE_MISSING', `nothing is stored of policy '${name}': initialise it`);
  const belongs =
    state.limits.length === limits.length &&
    limits.every(({ count, restMs }, i) => state.limits[i]?.[0] === count && state.limits[i]?.[1] === restMs);
  if (!belongs)
    throw new StoreError('STORE_STATE_FOREIGN', `what is stored of policy '${name}' has other limits: use a new name`);
  return state;
}
