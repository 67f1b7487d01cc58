import type { Leases, State } from './state.ts';

/** A holder's lease: what it tells the store the next time. */
export interface Lease {
  /** By the store's time. */
  readonly until: number;
  readonly demand: number;
  readonly deprived: boolean;
  /** Permits of each limit. */
  readonly held: readonly number[];
}

/** Permits, by how long they have yet to rest. */
export type Resting = readonly (readonly [ms: number, count: number])[];

export interface ExchangeRequest {
  /** The lease until now, none for a newcomer. */
  readonly lease?: Lease;
  /** For each limit, which of the held permits are given back. */
  readonly back: readonly Resting[];
  /** For each limit, how many more are wanted. Only those that will have rested within `leaseMs` are of use. */
  readonly want: readonly number[];
  /** How long the lease should run; it runs a little longer. */
  readonly leaseMs: number;
  /** Calls per 1,000 s, a whole number. */
  readonly demand: number;
  /** Callers wait, and this holder has less than its part. */
  readonly deprived: boolean;
}

export interface ExchangeAnswer {
  /** The lease had ended, or is unknown: none of the permits under it may be used any more, and none was taken back. */
  readonly lapsed: boolean;
  /** The lease from now on, with what was kept and granted; none if that is nothing and there is no demand. */
  readonly lease: Lease | undefined;
  /** How long it runs, in milliseconds from when the request was sent. */
  readonly leaseMs: number;
  /** For each limit, the permits that were granted, by how long they have yet to rest from when the answer is here. */
  readonly granted: readonly Resting[];
  /** Of all holders with a lease, this one included. */
  readonly totalDemand: number;
  readonly holders: number;
  readonly deprived: number;
  /** For each limit, until the next permit that nobody holds will have rested; null when all are held. */
  readonly nextFreeMs: readonly (number | null)[];
}

/** Bounds of the store's time: with its own clock they are equal. */
export interface StoreTime {
  readonly earliest: number;
  readonly latest: number;
}

/** Times are rounded up to this share of a rest or lease, so that the document stays small. */
const parts = { rest: 128, lease: 8 };

/**
 * Carries out what a holder asks: ends its lease, takes back, grants, and starts its next lease. Pure.
 *
 * No permit is ever granted before it has rested: whoever holds permits stops using them at the end of the lease, and where the
 * store's time is uncertain, permits come back by the latest time it can be and are granted by the earliest.
 */
export function exchange(state: State, now: StoreTime, request: ExchangeRequest): [State, ExchangeAnswer] {
  const settled = settle(state, now.earliest);
  const ended = request.lease && withoutLease(settled.leases, request.lease, request.back);
  const lapsed = request.lease !== undefined && ended === undefined;
  const kept = ended?.kept ?? state.limits.map(() => 0);
  const others = ended?.leases ?? settled.leases;

  const pools = settled.free.map((permits, i) => {
    const restMs = state.limits[i]?.[1] ?? 0;
    const returned = ended ? (request.back[i] ?? []) : [];
    return returned.reduce((pool, [ms, count]) => added(pool, restedAt(ms, restMs, now.latest), count), permits);
  });
  const wanted = pools.map((pool, i) => take(pool, request.want[i] ?? 0, now.latest + request.leaseMs));
  // Who gets none of a limit can't call: what it got of the others would be idle.
  const useless = wanted.some(([taken], i) => taken.length === 0 && kept[i] === 0 && (request.want[i] ?? 0) > 0);
  const granted = wanted.map(([taken]): Resting => {
    return useless ? [] : taken.map(([at, count]) => [Math.max(0, at - now.earliest), count] as const);
  });
  const free = wanted.map(([, left], i) => (useless ? (pools[i] ?? []) : left));

  const held = kept.map((count, i) => count + total(granted[i] ?? []));
  const until = roundedUp(now.latest + request.leaseMs, request.leaseMs / parts.lease);
  const lease =
    held.some((count) => count > 0) || request.demand > 0
      ? { until, demand: request.demand, deprived: request.deprived, held }
      : undefined;
  const leases = lease ? withLease(others, lease) : others;
  const answer: ExchangeAnswer = {
    lapsed,
    lease,
    leaseMs: until - now.latest,
    granted,
    totalDemand: leases.reduce((sum, { demand }) => sum + demand, 0),
    holders: leases.reduce((sum, { holders }) => sum + holders, 0),
    deprived: leases.reduce((sum, { deprived }) => sum + deprived, 0),
    nextFreeMs: free.map(([next]) => (next ? Math.max(0, next[0] - now.earliest) : null)),
  };
  return [{ limits: state.limits, free, leases }, answer];
}

/** Permits under leases that have ended rest from that end on: nobody knows when they were used last. */
function settle(state: State, earliest: number): State {
  const ended = state.leases.filter(({ until }) => until <= earliest);
  const free = state.free.map((permits, i) => {
    const restMs = state.limits[i]?.[1] ?? 0;
    const rested = permits.filter(([at]) => at <= earliest);
    const resting = permits.filter(([at]) => at > earliest);
    const start = rested.length > 0 ? [[0, total(rested)] as const, ...resting] : resting;
    return ended.reduce<State['free'][number]>(
      (pool, { until, held }) => added(pool, roundedUp(until + restMs, restMs / parts.rest), held[i] ?? 0),
      start,
    );
  });
  return { limits: state.limits, free, leases: state.leases.filter(({ until }) => until > earliest) };
}

/** The leases without this one, and what its holder keeps; undefined when there is no such lease or it does not hold as much. */
function withoutLease(leases: readonly Leases[], lease: Lease, back: readonly Resting[]) {
  const entry = leases.find(({ until }) => until === lease.until);
  const kept = lease.held.map((count, i) => count - total(back[i] ?? []));
  if (!entry || kept.some((count) => count < 0)) return undefined;
  const rest: Leases = {
    until: entry.until,
    holders: entry.holders - 1,
    deprived: entry.deprived - Number(lease.deprived),
    demand: entry.demand - lease.demand,
    held: entry.held.map((count, i) => count - (lease.held[i] ?? 0)),
  };
  if (rest.holders < 0 || rest.deprived < 0 || rest.demand < 0 || rest.held.some((count) => count < 0))
    return undefined;
  const others = leases.filter((other) => other !== entry);
  return { kept, leases: rest.holders > 0 ? sorted([...others, rest]) : others };
}

function withLease(leases: readonly Leases[], { until, demand, deprived, held }: Lease): readonly Leases[] {
  const same = leases.find((other) => other.until === until);
  const entry: Leases = {
    until,
    holders: (same?.holders ?? 0) + 1,
    deprived: (same?.deprived ?? 0) + Number(deprived),
    demand: (same?.demand ?? 0) + demand,
    held: held.map((count, i) => count + (same?.held[i] ?? 0)),
  };
  return sorted([...leases.filter((other) => other !== same), entry]);
}

const sorted = (leases: readonly Leases[]) => leases.toSorted((a, b) => a.until - b.until);

/** 0 is "long ago": what has rested needs no clock. */
const restedAt = (ms: number, restMs: number, latest: number) =>
  ms <= 0 ? 0 : roundedUp(latest + ms, restMs / parts.rest);

const roundedUp = (time: number, step: number) => {
  const whole = Math.max(1, Math.floor(step));
  return Math.ceil(time / whole) * whole;
};

type Free = State['free'][number];

function added(permits: Free, at: number, count: number): Free {
  if (count <= 0) return permits;
  const same = permits.find(([time]) => time === at);
  const others = permits.filter((entry) => entry !== same);
  return [...others, [at, count + (same?.[1] ?? 0)] as const].toSorted(([a], [b]) => a - b);
}

/** Takes up to `want` permits that will have rested by `end`, those first that have rested longest. */
function take(permits: Free, want: number, end: number): [taken: Free, left: Free] {
  const taken: (readonly [number, number])[] = [];
  const left: (readonly [number, number])[] = [];
  let missing = want;
  for (const [at, count] of permits) {
    const some = at <= end ? Math.min(missing, count) : 0;
    missing -= some;
    if (some > 0) taken.push([at, some]);
    if (some < count) left.push([at, count - some]);
  }
  return [taken, left];
}

const total = (permits: readonly (readonly [unknown, number])[]) => permits.reduce((sum, [, count]) => sum + count, 0);
