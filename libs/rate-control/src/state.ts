import type { Policy } from './policy.ts';

/**
 * What the store keeps of a policy: where each permit of each limit is. It is with a holder (`leases`) or with nobody (`free`), and
 * their number never changes. Holders are nameless: those whose leases end at the same time are one entry, so that the document
 * stays small however many they are. All times are the store's, in milliseconds since the epoch.
 */
export interface State {
  /** Count and rest of each limit: a state of another policy is not for us. */
  readonly limits: readonly (readonly [count: number, restMs: number])[];
  /** For each limit, how many permits have rested when, by time. */
  readonly free: readonly (readonly (readonly [restedAt: number, count: number])[])[];
  /** Sorted by their end. */
  readonly leases: readonly Leases[];
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
    leases: [],
  };
}

export function belongsTo(state: State, { limits }: Policy): boolean {
  return (
    state.limits.length === limits.length &&
    limits.every(({ count, restMs }, i) => state.limits[i]?.[0] === count && state.limits[i]?.[1] === restMs)
  );
}
