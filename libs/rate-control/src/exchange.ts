import { type Booked, type BookingRequest, book, giveBackBound, type Returned } from './booking.ts';
import { added, type Pool, roundedUp, stepOf, take, total } from './pool.ts';
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
  /** The end of a lease that went by with permits held: its holder is there all the same. */
  readonly late?: number;
  /** For each limit, which of the held permits are given back. */
  readonly back: readonly Resting[];
  /** For each limit, how many more are wanted. Only those that will have rested within `leaseMs` are of use. */
  readonly want: readonly number[];
  /** Calls that are to be made once. */
  readonly book?: BookingRequest;
  /** For each limit, the permits of booked calls that are over. */
  readonly returned?: readonly Returned[];
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
  /**
   * When the answer's durations begin, by the clock of the machine that asked, if that is known better than that it was between the
   * request and the answer.
   */
  readonly since?: { readonly earliest: number; readonly latest: number };
  /** How long the exchange took, for a store where it fails when another comes between. */
  readonly exclusiveMs?: number;
  /** How long it runs, in milliseconds. */
  readonly leaseMs: number;
  /** For each limit, the permits that were granted, by how long they have yet to rest. */
  readonly granted: readonly Resting[];
  /** For each call that was to be booked; null where it did not fit. */
  readonly booked: readonly (Booked | null)[];
  /** How soon a call could be booked, in milliseconds; null when nobody knows, because others hold all permits of a limit. */
  readonly startMs: number | null;
  /** Of all holders with a lease, this one included. */
  readonly totalDemand: number;
  readonly holders: number;
  readonly deprived: number;
  /** For how long no lease has ended whose permits nobody had given back. */
  readonly calmMs: number;
  /** For each limit, until the next permit that nobody holds will have rested; null when all are held. */
  readonly nextFreeMs: readonly (number | null)[];
}

/** Bounds of the store's time: with its own clock they are equal. */
export interface StoreTime {
  readonly earliest: number;
  readonly latest: number;
}

/** Ends of leases are rounded up to this share of a lease, so that the document stays small. */
const leaseParts = 8;
const deathsKept = 4;

/**
 * Carries out what a holder asks: ends its lease, takes back, grants, and starts its next lease. Pure.
 *
 * No permit is ever granted before it has rested: whoever holds permits stops using them at the end of the lease, and where the
 * store's time is uncertain, permits come back by the latest time it can be and are granted by the earliest.
 */
export function exchange(state: State, now: StoreTime, request: ExchangeRequest): [State, ExchangeAnswer] {
  const settled = settle(state, now.earliest);
  const died = settled.died.filter((at) => at !== request.late);
  const began = state.began || now.latest;
  const ended = request.lease && withoutLease(settled.leases, request.lease, request.back);
  const lapsed = request.lease !== undefined && ended === undefined;
  const kept = ended?.kept ?? state.limits.map(() => 0);
  const others = ended?.leases ?? settled.leases;

  const returnedTo = giveBackBound(state.limits, settled, now.latest, request.returned ?? []);
  /** 0 is "long ago": what has rested needs no clock. */
  const restedAt = (ms: number, i: number) =>
    ms <= 0 ? 0 : roundedUp(now.latest + ms, stepOf(state.limits[i] as State['limits'][number]));
  const pools = returnedTo.free.map((permits, i) => {
    const returned = ended ? (request.back[i] ?? []) : [];
    return returned.reduce((pool, [ms, count]) => added(pool, restedAt(ms, i), count), permits);
  });
  const wanted = pools.map((pool, i) => take(pool, request.want[i] ?? 0, now.latest + request.leaseMs)[0]);
  // What one limit does not grant, calls don't need of the others.
  const share = Math.min(
    1,
    ...wanted.map((taken, i) => {
      const asked = request.want[i] ?? 0;
      return asked > 0 ? ((kept[i] ?? 0) + total(taken)) / ((kept[i] ?? 0) + asked) : 1;
    }),
  );
  const taken = pools.map((pool, i) => {
    const had = kept[i] ?? 0;
    const useful = Math.ceil((had + (request.want[i] ?? 0)) * share - 1e-9) - had;
    return take(pool, Math.max(0, useful), now.latest + request.leaseMs);
  });
  const granted = taken.map(([permits]): Resting => {
    return permits.map(([at, count]) => [Math.max(0, at - now.earliest), count] as const);
  });
  const nothing = { withinMs: [], notBeforeMs: 0, slackMs: 0, returned: [] };
  const left = { free: taken.map(([, rest]) => rest), bound: returnedTo.bound };
  const { free, bound, booked, startMs } = book(state.limits, left, now, request.book ?? nothing);

  const held = kept.map((count, i) => count + total(granted[i] ?? []));
  const until = roundedUp(now.latest + request.leaseMs, Math.max(1, Math.floor(request.leaseMs / leaseParts)));
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
    booked,
    startMs,
    totalDemand: leases.reduce((sum, { demand }) => sum + demand, 0),
    holders: leases.reduce((sum, { holders }) => sum + holders, 0),
    deprived: leases.reduce((sum, { deprived }) => sum + deprived, 0),
    calmMs: Math.max(0, now.earliest - (died[0] ?? began)),
    nextFreeMs: free.map(([next]) => (next ? Math.max(0, next[0] - now.earliest) : null)),
  };
  return [
    isInVain(state, request, answer) ? state : { limits: state.limits, free, bound, leases, died, began },
    answer,
  ];
}

/**
 * Calls were asked for that don't fit, nothing else, and nobody holds permits who could be moved by it: nothing is to be written, so that
 * those who ask in vain are in nobody's way.
 */
function isInVain(state: State, request: ExchangeRequest, { booked, lease }: ExchangeAnswer): boolean {
  const moves = (lists: readonly (readonly unknown[])[] = []) => lists.some((list) => list.length > 0);
  return (
    booked.length > 0 &&
    booked.every((call) => call === null) &&
    !moves(request.back) &&
    !moves(request.returned) &&
    !lease?.held.some((count) => count > 0) &&
    !state.leases.some(({ held }) => held.some((count) => count > 0))
  );
}

/** Permits under leases that have ended rest from that end on: nobody knows when they were used last. */
function settle(state: State, earliest: number): State {
  const ended = state.leases.filter(({ until }) => until <= earliest);
  const free = state.free.map((permits, i) => {
    const limit = state.limits[i] as State['limits'][number];
    const all = (state.bound[i] ?? []).reduce((pool, [at, n]) => (at <= earliest ? added(pool, at, n) : pool), permits);
    const rested = all.filter(([at]) => at <= earliest);
    const resting = all.filter(([at]) => at > earliest);
    const start = rested.length > 0 ? [[0, total(rested)] as const, ...resting] : resting;
    return ended.reduce<Pool>(
      (pool, { until, held }) => added(pool, roundedUp(until + limit[1], stepOf(limit)), held[i] ?? 0),
      start,
    );
  });
  const bound = state.bound.map((permits) => permits.filter(([at]) => at > earliest));
  const unheard = ended.flatMap(({ until, held }) => (held.some((count) => count > 0) ? [until] : []));
  const died = [...unheard.reverse(), ...state.died].slice(0, deathsKept);
  return {
    limits: state.limits,
    free,
    bound,
    leases: state.leases.filter(({ until }) => until > earliest),
    died,
    began: state.began,
  };
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
