import { Agent, request } from 'node:http';
import { APIGatewayClient, CreateRestApiCommand } from '@aws-sdk/client-api-gateway';
import type { Measurement } from '../figure.ts';
import { addPlan, deploy, mockPath, stageName } from '../mock-api.ts';
import { interleaved, median } from '../statistics.ts';
import { type CloudProcess, withCloud } from './cloud-process.ts';

const requestsAtOnce = 16;
const windows = 5;
const windowMs = 1_000;

/** What a REST API gets through whose methods are mocks: without a key, and with one whose plan has rate, burst and quota. */
export const gateway: Measurement = {
  title: 'API Gateway',
  run: (say) =>
    withCloud(async (cloud) => {
      const { url, value } = await deployedApi(cloud);
      const agent = new Agent({ keepAlive: true, maxSockets: requestsAtOnce });
      const sides = {
        open: () => throughput(agent, `${url}/open`, {}),
        planned: () => throughput(agent, `${url}/planned`, { 'x-api-key': value }),
      };
      say('warm-up');
      await interleaved(1, sides);
      const samples = await interleaved(windows, sides, (round) => say(`second ${round} of ${windows}`));
      agent.destroy();
      const measured = `${requestsAtOnce} at once, answered by a mock`;
      const figure = (name: string, values: readonly number[]) =>
        ({ name, value: median(values), unit: 'requests/s', goal: null, better: 'higher', measured }) as const;
      return [
        figure('cloud.gateway.open_requests_per_s', samples.open),
        figure('cloud.gateway.planned_requests_per_s', samples.planned),
      ];
    }),
};

async function deployedApi({ client, endpoint }: CloudProcess): Promise<{ url: string; value: string }> {
  const sdk = new APIGatewayClient(client);
  const { id: restApiId, rootResourceId: parentId } = await sdk.send(new CreateRestApiCommand({ name: 'bench' }));
  const parent = { restApiId, parentId };
  await mockPath(sdk, parent, 'open', { authorizationType: 'NONE' });
  await mockPath(sdk, parent, 'planned', { authorizationType: 'NONE', apiKeyRequired: true });
  await deploy(sdk, restApiId);
  const value = await addPlan(sdk, restApiId);
  return { url: `${endpoint}/execute-api/${restApiId}/${stageName}`, value };
}

async function throughput(agent: Agent, url: string, headers: Record<string, string>): Promise<number> {
  const begin = performance.now();
  let done = 0;
  const work = async () => {
    while (performance.now() - begin < windowMs) {
      await get(agent, url, headers);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: requestsAtOnce }, work));
  return (done / (performance.now() - begin)) * 1_000;
}

/** Rejects what is not a 200: a refusal is quicker than an answer. */
export function get(agent: Agent, url: string, headers: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers }, (response) => {
      response.resume();
      response.on('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`${url} answered ${response.statusCode}`)),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}
