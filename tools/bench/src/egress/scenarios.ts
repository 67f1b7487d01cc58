import { definePolicy, type PolicyInput } from '@stackyard/rate-control';
import { bursty, spiky, steady } from './demand.ts';
import { ideal, jain, quantile, tooManyAtOnce, violations, type Window } from './partner.ts';
import { type Demand, type Outcome, type Scenario, simulate } from './simulation.ts';

/** Calls a second, of one window. */
export const limitPerSecond = 1_000;
const oneWindow = { windows: [{ count: limitPerSecond, seconds: 1 }] };
const waitMs = 2_000;

export const shapes = { steady, bursty, spiky } as const;
export type Shape = keyof typeof shapes;

export interface Options {
  /** Default {@link limitPerSecond}. */
  readonly limits?: Omit<PolicyInput, 'name'>;
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
  /** Each environment makes one call at a time and gives back after it, as one of a Lambda function that is frozen then. */
  readonly oneCallEach?: boolean;
  /** Utilisation in percent, where another can be had than of this shape of demand otherwise; null: none is set. */
  readonly goal?: number | null;
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
  const { shape, environments, load, seconds, storeMs, oneCallEach = false } = options;
  const limits: Omit<PolicyInput, 'name'> = options.limits ?? oneWindow;
  const windows: Window[] = (limits.windows ?? []).map((window) => ({
    count: window.count,
    ms: window.seconds * 1000,
  }));
  if (limits.spacingMs !== undefined) windows.push({ count: 1, ms: limits.spacingMs });
  const perSecond = Math.min(...windows.map(({ count, ms }) => (count * 1000) / ms));
  const durationMs = seconds * 1000;
  const demand: Demand = shapes[shape]((load * perSecond) / (oneCallEach ? 1 : environments));
  const scenario: Scenario = {
    policy: definePolicy({ name: 'partner', ...limits }),
    environments,
    durationMs,
    demand,
    waitMs,
    storeLatencyMs: [storeMs / 2, storeMs * 1.5],
    callMs: [20, 60],
    store: options.store,
    storeErrors: options.storeErrors,
    killedPerSecond: options.killedPerSecond,
    seed: options.seed,
    oneCallEach,
  };
  const outcome = await simulate(scenario);
  const possible = ideal(outcome.came, windows, waitMs, durationMs);
  const since = (times: readonly number[], from: number) => times.filter((at) => at >= from && at < durationMs).length;
  const tooMany = windows.map(({ count, ms }) => violations(outcome.arrivals, count, ms));
  if (limits.concurrency !== undefined) tooMany.push(tooManyAtOnce(outcome.underWay, limits.concurrency));
  return {
    outcome,
    violations: tooMany.reduce((sum, count) => sum + count, 0),
    utilisation: since(outcome.arrivals, durationMs / 6) / since(possible, durationMs / 6),
    operations: since(outcome.exchanges, durationMs / 2) / since(outcome.arrivals, durationMs / 2),
    fairness: jain(outcome.made.flatMap((made, i) => (outcome.asked[i] ? [made / outcome.asked[i]] : []))),
    waitMs: { p50: quantile(outcome.waits, 0.5), p99: quantile(outcome.waits, 0.99) },
  };
}
