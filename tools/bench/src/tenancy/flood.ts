import { Agent } from 'node:http';
import { type FloodCount, startFlood } from '@stackyard/proof-kit';
import { withCloud } from '../cloud/cloud-process.ts';
import { get } from '../cloud/gateway.ts';
import { type Figure, type Measurement, readable } from '../figure.ts';
import { median, timed } from '../statistics.ts';
import { authorizerBundle, createApi, createAuthorizer, loudLimits } from './shared-api.ts';

const FunctionName = 'authorizer';
/** Thirty times what the loud tenant's plan allows. */
const perSecond = 30 * loudLimits.rateLimit;
const turns = 10;
const requests = 150;
const warmUps = 300;

/** What one tenant notices when another floods the API: how long it waits, in calm and in flood by turns. */
export const flood: Measurement = {
  title: 'Flood by another tenant',
  run: (say) =>
    withCloud(async (cloud) => {
      const tokens = await createAuthorizer(cloud, FunctionName, await authorizerBundle());
      const url = `${await createApi(cloud, FunctionName)}/products`;
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const waits = async (times: number) => {
        const samples: number[] = [];
        const headers = { authorization: `Bearer ${tokens.calm}` };
        for (let request = 0; request < times; request += 1) samples.push(await timed(() => get(agent, url, headers)));
        return samples;
      };
      const order = { url, method: 'GET', headers: { authorization: `Bearer ${tokens.loud}` }, perSecond };
      const samples: Record<'calm' | 'flooded', number[]> = { calm: [], flooded: [] };
      const floods: FloodCount[] = [];
      await waits(warmUps);
      for (let turn = 1; turn <= turns; turn += 1) {
        say(`turn ${turn} of ${turns}`);
        samples.calm.push(...(await waits(requests)));
        const flooding = await startFlood(order);
        samples.flooded.push(...(await waits(requests)));
        floods.push(await flooding.end());
      }
      agent.destroy();
      return figures(samples, floods);
    }),
};

function figures(
  { calm, flooded }: Readonly<Record<'calm' | 'flooded', readonly number[]>>,
  floods: readonly FloodCount[],
): Figure[] {
  const sum = (of: (count: FloodCount) => number) => floods.reduce((total, count) => total + of(count), 0);
  const pace = sum(({ sent }) => sent) / sum(({ seconds }) => seconds);
  const refused = sum(({ statuses }) => statuses[429] ?? 0) / sum(({ sent }) => sent);
  const compared = (of: (values: readonly number[]) => number) =>
    `${readable(of(flooded))} ms, in calm ${readable(of(calm))} ms`;
  const context = `${readable(pace)} requests/s of another tenant, ${readable(refused * 100)} % refused`;
  return [
    {
      name: 'tenancy.flood.latency_ratio',
      value: median(flooded) / median(calm),
      unit: 'times',
      goal: 1.25,
      better: 'lower',
      measured: `median ${compared(median)}; ${context}`,
    },
    {
      name: 'tenancy.flood.p95_ratio',
      value: p95(flooded) / p95(calm),
      unit: 'times',
      goal: null,
      better: 'lower',
      measured: compared(p95),
    },
  ];
}

function p95(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] as number;
}
