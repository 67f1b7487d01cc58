import { setTimeout as timePasses } from 'node:timers/promises';
import type { Figure, Measurement } from '../figure.ts';
import { contenders } from './contenders.ts';
import { bursty } from './demand.ts';
import { ideal, violations } from './partner.ts';
import { plotCallsPerSecond } from './plot.ts';
import { startRedis } from './redis.ts';
import { randomNumbers } from './simulation.ts';

const environments = 10;
const perSecond = 100;
const seconds = 10;
const waitMs = 2_000;

/** When calls come, to which environment; the same for all. */
function demand(): { at: number; environment: number }[] {
  const random = randomNumbers(7);
  const all = Array.from({ length: environments }, (_, environment) => {
    const calls: { at: number; environment: number }[] = [];
    for (const at of bursty((1.5 * perSecond) / environments)(environment, random)) {
      if (at >= seconds * 1000) break;
      calls.push({ at, environment });
    }
    return calls;
  });
  return all.flat().sort((a, b) => a.at - b.at);
}

const arrived = new Map<string, number[]>();

/** Real time, and a Redis that is really there. */
export const compared: Measurement = {
  title: 'Beside others, on the same demand and the same Redis',
  async run(say) {
    const came = demand();
    const best = ideal(
      came.map(({ at }) => at),
      perSecond,
      1_000,
      waitMs,
      seconds * 1000,
    ).length;
    const figures: Figure[] = [];
    for (const [name, contender] of Object.entries(contenders)) {
      say(name);
      const redis = await startRedis();
      if (!redis) {
        process.stderr.write('redis-server is not on PATH: rate-control is not compared\n');
        return [];
      }
      const throttles = await contender(redis, environments, perSecond, waitMs);
      await timePasses(200);
      const commands = await redis.commands();
      const arrivals: number[] = [];
      const start = performance.now();
      for (const { at, environment } of came) {
        const left = start + at - performance.now();
        if (left > 0) await timePasses(left);
        throttles[environment]?.(() => arrivals.push(performance.now() - start)).catch(() => undefined);
      }
      await timePasses(Math.max(0, start + seconds * 1000 - performance.now()));
      const made = arrivals.filter((at) => at < seconds * 1000).sort((a, b) => a - b);
      const perCall = ((await redis.commands()) - commands) / made.length;
      arrived.set(name, made);
      await redis.close();
      figures.push(
        stated(`egress.compared.violations.${name}`, violations(made, perSecond, 1_000), '', `${made.length} calls`),
        stated(`egress.compared.utilisation.${name}`, (made.length / best) * 100, '%', `at best ${best} calls`),
        stated(
          `egress.compared.redis_commands_per_call.${name}`,
          perCall,
          '',
          'those of scripts and of keeping alive included',
        ),
      );
    }
    return figures;
  },
  async draw(): Promise<Record<string, string>> {
    if (arrived.size === 0) return {};
    const lines = [...arrived].map(([name, times]) => ({ name: name.replaceAll('_', '-'), times }));
    return { 'egress-compared.svg': await plotCallsPerSecond(lines, perSecond, seconds) };
  },
};

function stated(name: string, value: number, unit: string, measured: string): Figure {
  return { name, value, unit, goal: null, better: 'lower', measured };
}
