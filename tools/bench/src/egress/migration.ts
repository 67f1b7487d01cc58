import { definePolicy } from '@stackyard/rate-control';
import { virtualClock } from '@stackyard/rate-control/testing';
import type { Figure, Measurement } from '../figure.ts';
import { steady } from './demand.ts';
import { plotCallsPerSecond } from './plot.ts';
import { type Demand, randomNumbers, simulate } from './simulation.ts';

const seconds = 60;
/** What the table is provisioned for, and what the downstream of its stream bears. */
const perSecond = 500;
/** A table that has just become on demand has four partitions, and its stream a shard for each. */
const shards = 4;

/** Some changes all the time, and an import of 12,000 within four seconds. */
const changes: Demand = function* (environment, random) {
  const imported = steady(3_000 / shards)(environment, random);
  const times: number[] = [];
  for (const at of steady(100 / shards)(environment, random)) {
    if (at >= seconds * 1000) break;
    times.push(at);
  }
  for (const at of imported) {
    if (at >= 4_000) break;
    times.push(10_000 + at);
  }
  yield* times.sort((a, b) => a - b);
};

/**
 * When writes succeed in a table that takes so many a second and throttles the others, whose writers try again: with exponential backoff
 * and full jitter, up to 20 s ("Retry behavior", AWS SDKs and Tools Reference Guide), until they succeed.
 */
async function throttled(came: readonly number[], random: () => number): Promise<number[]> {
  const clock = virtualClock();
  const written: number[] = [];
  let units = perSecond;
  let filledAt = 0;
  function write(attempt: number): void {
    const now = clock.now();
    units = Math.min(perSecond, units + ((now - filledAt) * perSecond) / 1000);
    filledAt = now;
    if (units < 1) {
      clock.after(random() * Math.min(20_000, 50 * 2 ** attempt), () => write(attempt + 1));
      return;
    }
    units -= 1;
    written.push(now);
  }
  for (const at of came) clock.after(at, () => write(0));
  await clock.run(seconds * 1000);
  return written;
}

/** What reaches the downstream of a table's stream before and after the table became on demand, and with rate control. */
async function reached() {
  const { came, arrivals } = await simulate({
    policy: definePolicy({ name: 'downstream', windows: [{ count: perSecond, seconds: 1 }] }),
    environments: shards,
    // Those that come last have their turn, too.
    durationMs: (seconds + 5) * 1000,
    demand: changes,
    waitMs: seconds * 1000,
    storeLatencyMs: [2.5, 7.5],
    callMs: [10, 30],
  });
  return {
    provisioned: await throttled(came, randomNumbers(3)),
    on_demand: came,
    on_demand_with_rate_control: arrivals,
  };
}

/** The most in any second. */
function most(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  let start = 0;
  return Math.max(
    ...sorted.map((at, i) => {
      while ((sorted[start] as number) <= at - 1000) start += 1;
      return i - start + 1;
    }),
  );
}

export const migration: Measurement = {
  title: 'A table that becomes on demand, and what its stream feeds',
  async run() {
    return Object.entries(await reached()).map(([name, times]): Figure => {
      const measured = `${times.length.toLocaleString('en-US')} calls in a minute, of ${perSecond} a second that fit`;
      const goal = name === 'on_demand_with_rate_control' ? perSecond : null;
      return {
        name: `egress.migration.most_per_second.${name}`,
        value: most(times),
        unit: 'calls/s',
        goal,
        better: 'lower',
        measured,
      };
    });
  },
  async draw() {
    const lines = Object.entries(await reached()).map(([name, times]) => ({ name: name.replaceAll('_', ' '), times }));
    return { 'egress-migration.svg': await plotCallsPerSecond(lines, perSecond, seconds) };
  },
};
