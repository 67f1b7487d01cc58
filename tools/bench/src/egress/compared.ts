import { setTimeout as timePasses } from 'node:timers/promises';
import type { Figure, Measurement } from '../figure.ts';
import { type Prices, readPrices } from '../prices.ts';
import { type Contender, onDynamoDb, onRedis } from './contenders.ts';
import { bursty } from './demand.ts';
import { startDynamoDb } from './dynamodb.ts';
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

/** A store that limiters are compared on. */
interface Arena<Running, Used> {
  readonly title: string;
  /** Of its figures: `egress.compared`. */
  readonly prefix: string;
  readonly drawing: string;
  readonly contenders: Readonly<Record<string, Contender<Running>>>;
  /** Undefined where it can't run, which it has told. */
  start(): Promise<Running | undefined>;
  /** What has been used of it so far. */
  used(store: Running): Promise<Used>;
  /** What was used for so many calls, and what that costs. */
  figures(before: Used, after: Used, calls: number, prices: Prices): readonly Omit<Figure, 'goal' | 'better'>[];
  close(store: Running): Promise<void>;
}

/** In real time, on the same demand. */
function comparison<Running, Used>(arena: Arena<Running, Used>): Measurement {
  const { title, prefix, contenders } = arena;
  const arrived = new Map<string, number[]>();
  return {
    title,
    async run(say) {
      const came = demand();
      const times = came.map(({ at }) => at);
      const best = ideal(times, [{ count: perSecond, ms: 1_000 }], waitMs, seconds * 1000).length;
      const prices = await readPrices();
      const figures: Figure[] = [];
      for (const [name, contender] of Object.entries(contenders)) {
        say(name);
        const store = await arena.start();
        if (store === undefined) return [];
        const throttles = await contender(store, environments, perSecond, waitMs);
        await timePasses(200);
        const before = await arena.used(store);
        const arrivals: number[] = [];
        const start = performance.now();
        for (const { at, environment } of came) {
          const left = start + at - performance.now();
          if (left > 0) await timePasses(left);
          throttles[environment]?.make(() => arrivals.push(performance.now() - start)).catch(() => undefined);
        }
        await timePasses(Math.max(0, start + seconds * 1000 - performance.now()));
        const made = arrivals.filter((at) => at < seconds * 1000).sort((a, b) => a - b);
        const used = arena.figures(before, await arena.used(store), made.length, prices);
        arrived.set(name, made);
        await Promise.all(throttles.map((throttle) => throttle.end?.()));
        await arena.close(store);
        const stated = (figure: Omit<Figure, 'goal' | 'better'>) =>
          figures.push({ ...figure, name: `${prefix}.${figure.name}.${name}`, goal: null, better: 'lower' });
        const over = violations(made, perSecond, 1_000);
        stated({ name: 'violations', value: over, unit: '', measured: `${made.length} calls` });
        const utilisation = (made.length / best) * 100;
        stated({ name: 'utilisation', value: utilisation, unit: '%', measured: `at best ${best} calls` });
        for (const figure of used) stated(figure);
      }
      return figures;
    },
    async draw(): Promise<Record<string, string>> {
      if (arrived.size === 0) return {};
      const lines = [...arrived].map(([name, times]) => ({ name: name.replaceAll('_', '-'), times }));
      return { [arena.drawing]: await plotCallsPerSecond(lines, perSecond, seconds) };
    },
  };
}

/** The least that is paid for of ElastiCache Serverless for Valkey. */
const leastGb = 0.1;

export const comparedOnRedis = comparison({
  title: 'Beside others, on the same demand and the same Redis',
  prefix: 'egress.compared',
  drawing: 'egress-compared.svg',
  contenders: onRedis,
  async start() {
    const redis = await startRedis();
    if (!redis) process.stderr.write('redis-server is not on PATH: rate-control is not compared on Redis\n');
    return redis;
  },
  used: (redis) => redis.commands(),
  figures(before: number, after: number, calls, { valkeyPerGbHour, valkeyPerMillionEcpus }) {
    const perCall = (after - before) / calls;
    const hour = `beside ${(valkeyPerGbHour * leastGb).toFixed(4)} an hour, on ElastiCache Serverless`;
    return [
      {
        name: 'redis_commands_per_call',
        value: perCall,
        unit: '',
        measured: 'those of scripts and of keeping alive included',
      },
      { name: 'usd_per_million_calls', value: perCall * valkeyPerMillionEcpus, unit: 'USD', measured: hour },
    ];
  },
  close: (redis) => redis.close(),
});

export const comparedOnDynamoDb = comparison({
  title: 'Beside another, on the same demand and the same DynamoDB',
  prefix: 'egress.compared_dynamodb',
  drawing: 'egress-compared-dynamodb.svg',
  contenders: onDynamoDb,
  start: startDynamoDb,
  used: async ({ consumed }) => ({ ...consumed }),
  figures(before, after, calls, { dynamodbPerMillionWrites, dynamodbPerMillionReads }) {
    const writes = (after.writeUnits - before.writeUnits) / calls;
    const reads = (after.readUnits - before.readUnits) / calls;
    const usd = writes * dynamodbPerMillionWrites + reads * dynamodbPerMillionReads;
    const units = `${writes.toFixed(2)} write and ${reads.toFixed(2)} read units a call`;
    return [
      { name: 'requests_per_call', value: (after.requests - before.requests) / calls, unit: '', measured: units },
      { name: 'usd_per_million_calls', value: usd, unit: 'USD', measured: 'on demand' },
    ];
  },
  close: (dynamodb) => dynamodb.close(),
});
