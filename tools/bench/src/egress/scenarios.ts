import { definePolicy } from '@stackyard/rate-control';
import { bursty, spiky, steady } from './demand.ts';
import { ideal, jain, quantile, violations } from './partner.ts';
import { type Demand, type Outcome, type Scenario, simulate } from './simulation.ts';

/** Calls a second, of one window. */
export const limitPerSecond = 1_000;
const windowMs = 1_000;
const waitMs = 2_000;

export const shapes = { steady, bursty, spiky } as const;
export type Shape = keyof typeof shapes;

export interface Options {
  readonly shape: Shape;
  readonly environments: number;
  /** Demand over limit. */
  readonly load: number;
  readonly seconds: number;
  readonly storeMs: number;
  readonly store?: Scenario['store'];
  readonly storeErrors?: number;
  readonly killedPerSecond?: number;
  readonly seed?: number;
}

export interface Result {
  readonly outcome: Outcome;
  readonly violations: number;
  /** Calls let through over those that one limiter with a perfect view would have. From a sixth of the time on. */
  readonly utilisation: number;
  /** Exchanges for a call, in the second half. */
  readonly operations: number;
  /** Jain's index of the shares of their calls that environments could make. */
  readonly fairness: number;
  readonly waitMs: { readonly p50: number; readonly p99: number };
}

/** Environments of different speed answer for 40 ms on average and reach their store in `storeMs`, give or take half. */
export async function run(options: Options): Promise<Result> {
  const { shape, environments, load, seconds, storeMs, store, storeErrors, killedPerSecond, seed } = options;
  const durationMs = seconds * 1000;
  const demand: Demand = shapes[shape]((load * limitPerSecond) / environments);
  const scenario: Scenario = {
    policy: definePolicy({ name: 'partner', windows: [{ count: limitPerSecond, seconds: windowMs / 1000 }] }),
    environments,
    durationMs,
    demand,
    waitMs,
    storeLatencyMs: [storeMs / 2, storeMs * 1.5],
    callMs: [20, 60],
    store,
    storeErrors,
    killedPerSecond,
    seed,
  };
  const outcome = await simulate(scenario);
  const possible = ideal(outcome.came, limitPerSecond, windowMs, waitMs, durationMs);
  const since = (times: readonly number[], from: number) => times.filter((at) => at >= from && at < durationMs).length;
  return {
    outcome,
    violations: violations(outcome.arrivals, limitPerSecond, windowMs),
    utilisation: since(outcome.arrivals, durationMs / 6) / since(possible, durationMs / 6),
    operations: since(outcome.exchanges, durationMs / 2) / since(outcome.arrivals, durationMs / 2),
    fairness: jain(outcome.made.map((made, i) => made / Math.max(1, outcome.asked[i] ?? 0))),
    waitMs: { p50: quantile(outcome.waits, 0.5), p99: quantile(outcome.waits, 0.99) },
  };
}
