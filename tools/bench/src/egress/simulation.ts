import { type Clock, createLimiter, type Policy, StoreError } from '@stackyard/rate-control';
import { virtualClock } from '@stackyard/rate-control/testing';
import { conditionalStore, type Remote, scriptedStore } from './simulated-stores.ts';

/** Calls that come to one environment: their times in milliseconds. */
export type Demand = (environment: number, random: () => number) => Iterable<number>;

export interface Scenario {
  readonly policy: Policy;
  readonly environments: number;
  readonly durationMs: number;
  readonly demand: Demand;
  readonly waitMs: number;
  readonly storeLatencyMs: readonly [least: number, most: number];
  readonly callMs: readonly [least: number, most: number];
  /** `script` carries out an exchange in one request, as Redis does; `documents` takes conditional writes, as DynamoDB does. */
  readonly store?: 'script' | 'documents';
  /** Share of requests to the store that fail, half of them after they were carried out. */
  readonly storeErrors?: number;
  /** Environments that end without a word, per second; others take their place. */
  readonly killedPerSecond?: number;
  /** Clocks are wrong by up to this much. Default 500. */
  readonly skewMs?: number;
  readonly seed?: number;
  /** Each environment makes one call at a time and gives back after it; demand is that of environment 0, for whoever is idle. */
  readonly oneCallEach?: boolean;
}

export interface Outcome {
  /** When they came. */
  readonly came: number[];
  /** When calls reached the partner, sorted. */
  readonly arrivals: number[];
  /** From when to when calls were under way at the partner. */
  readonly underWay: readonly { readonly from: number; readonly to: number }[];
  readonly waits: number[];
  readonly offered: number;
  readonly refused: number;
  /** When requests were sent to the store. */
  readonly exchanges: number[];
  /** Of each environment. */
  readonly made: number[];
  readonly asked: number[];
}

/** Numbers that look random and are the same each time (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What one call may be later than another, as the policies allow by default. */
const transitMs = 5;

export async function simulate(scenario: Scenario): Promise<Outcome> {
  const {
    policy,
    environments,
    durationMs,
    storeErrors = 0,
    killedPerSecond = 0,
    skewMs = 500,
    oneCallEach,
  } = scenario;
  const clock = virtualClock();
  const random = randomNumbers(scenario.seed ?? 1);
  const between = ([least, most]: readonly [number, number]) => least + random() * (most - least);
  const after = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
  const exchanges: number[] = [];
  /** Who is dead does nothing any more, nor hears anything. */
  interface Life {
    alive: boolean;
  }
  const heard = <Answer>(life: Life, answer: Answer) => (life.alive ? answer : new Promise<never>(() => {}));
  const remoteOf = (life: Life): Remote => {
    return async (work) => {
      await heard(life, undefined);
      exchanges.push(clock.now());
      const [fails, arrives] = [random() < storeErrors, random() < 0.5];
      await after(between(scenario.storeLatencyMs) / 2);
      const answer = fails && !arrives ? undefined : await work();
      await after(between(scenario.storeLatencyMs) / 2);
      await heard(life, undefined);
      if (fails || answer === undefined) throw new StoreError('STORE_FAILED', 'simulated', { mayBeWritten: true });
      return answer;
    };
  };
  const connect = await (scenario.store === 'documents' ? conditionalStore : scriptedStore)(policy, clock, random);

  const arrivals: number[] = [];
  const calls: number[] = [];
  const waits: number[] = [];
  const made = Array<number>(environments).fill(0);
  const asked = Array<number>(environments).fill(0);
  let offered = 0;
  let refused = 0;
  const newLimiter = () => {
    const skew = (random() * 2 - 1) * skewMs;
    const life: Life = { alive: true };
    const ownAfter: Clock['after'] = (ms, task) => clock.after(ms, () => life.alive && task());
    const skewed: Clock = { now: () => clock.now() + skew, after: ownAfter };
    const limiter = createLimiter({
      policy,
      store: connect(skewed, remoteOf(life)),
      clock: skewed,
      random,
      whenStoreFails: 'closed',
      waitMs: scenario.waitMs,
    });
    return Object.assign(life, { limiter });
  };
  const running = Array.from({ length: environments }, newLimiter);

  const underWay: { from: number; to: number }[] = [];
  const busy = new Set<number>();
  async function call(at: number): Promise<void> {
    const environment = oneCallEach ? running.findIndex((_, i) => !busy.has(i)) : at;
    const own = running[environment];
    if (!own) throw new Error('more calls at once than environments');
    busy.add(environment);
    const came = clock.now();
    offered += 1;
    calls.push(came);
    asked[environment] = (asked[environment] ?? 0) + 1;
    try {
      const turn = await own.limiter.turn();
      if (!own.alive) return;
      waits.push(clock.now() - came);
      made[environment] = (made[environment] ?? 0) + 1;
      const from = clock.now() + random() * transitMs;
      const callMs = between(scenario.callMs);
      arrivals.push(from);
      underWay.push({ from, to: clock.now() + callMs });
      await after(callMs);
      turn.over();
    } catch {
      refused += 1;
    }
    if (oneCallEach) await own.limiter.giveBack();
    busy.delete(environment);
  }

  for (let i = 0; i < (oneCallEach ? 1 : environments); i += 1) {
    const times = scenario.demand(i, random)[Symbol.iterator]();
    const next = () => {
      const { value, done } = times.next();
      if (done || value >= durationMs) return;
      clock.after(value - clock.now(), () => {
        void call(i);
        next();
      });
    };
    next();
  }
  if (killedPerSecond > 0) {
    const kill = () => {
      const i = Math.floor(random() * environments);
      (running[i] as { alive: boolean }).alive = false;
      running[i] = newLimiter();
      clock.after((-Math.log(1 - random()) * 1000) / killedPerSecond, kill);
    };
    clock.after(1000 / killedPerSecond, kill);
  }
  await clock.run(durationMs);
  return {
    came: calls,
    arrivals: arrivals.toSorted((a, b) => a - b),
    underWay,
    waits,
    offered,
    refused,
    exchanges,
    made,
    asked,
  };
}
