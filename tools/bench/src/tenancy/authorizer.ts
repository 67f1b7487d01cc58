import { Agent } from 'node:http';
import {
  InvokeCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { type CloudProcess, withCloud } from '../cloud/cloud-process.ts';
import { get } from '../cloud/gateway.ts';
import { type Figure, type Measurement, readable } from '../figure.ts';
import { interleaved, median, timed } from '../statistics.ts';
import { authorizerBundle, createApi, createAuthorizer, zipped } from './shared-api.ts';

const FunctionName = 'authorizer';
const coldStarts = 10;
const warmEach = 10;
const requests = 300;
const warmUps = 50;

/** The authorizer of multi-tenant-api, by itself and before a request. */
export const authorizer: Measurement = {
  title: 'Authorizer and plan',
  run: (say) =>
    withCloud(async (cloud) => {
      const bundle = await authorizerBundle();
      const { calm: token } = await createAuthorizer(cloud, FunctionName, bundle);
      const { cold, warm } = await invocations(cloud, token, say);
      const { open, planned } = await answers(cloud, token, say);
      const kb = bundle.length / 1024;
      const stated = { goal: null, better: 'lower' } as const;
      return [
        {
          name: 'tenancy.authorizer.cold_ms',
          value: median(cold.map(({ init, duration }) => init + duration)),
          unit: 'ms',
          measured: `init ${readable(median(cold.map(({ init }) => init)))} ms, ${coldStarts} environments`,
          ...stated,
        },
        {
          name: 'tenancy.authorizer.warm_ms',
          value: median(warm),
          unit: 'ms',
          measured: `${warm.length} invocations`,
          ...stated,
        },
        {
          name: 'tenancy.authorizer.bundle_kb',
          value: kb,
          unit: 'KB',
          measured: `zipped ${readable(zipped(bundle).length / 1024)} KB`,
          ...stated,
        },
        {
          name: 'tenancy.request.added_ms',
          value: median(planned) - median(open),
          unit: 'ms',
          measured: `${readable(median(planned))} ms, open to all ${readable(median(open))} ms`,
          ...stated,
        },
      ] satisfies Figure[];
    }),
};

/** What Lambda reports of the authorizer, in milliseconds; each change of its settings makes the next environment a new one. */
async function invocations({ client }: CloudProcess, token: string, say: (progress: string) => void) {
  const lambda = new LambdaClient(client);
  const methodArn = `arn:aws:execute-api:${client.region}:000000000000:bench/bench/GET/products`;
  const event = { type: 'TOKEN', authorizationToken: `Bearer ${token}`, methodArn };
  const Payload = Buffer.from(JSON.stringify(event));
  const invoke = async () => {
    const { LogResult = '', Payload: answer } = await lambda.send(
      new InvokeCommand({ FunctionName, Payload, LogType: 'Tail' }),
    );
    const log = Buffer.from(LogResult, 'base64').toString();
    const [, duration] = /\tDuration: ([\d.]+) ms/.exec(log) ?? [];
    // To refuse a token is quicker.
    const allowed = Buffer.from(answer ?? []).includes('"Effect":"Allow"');
    if (!allowed || duration === undefined) throw new Error(`The authorizer lets nobody in: ${log}`);
    return { duration: Number(duration), init: Number(/Init Duration: ([\d.]+) ms/.exec(log)?.[1] ?? 0) };
  };
  const cold = [];
  const warm = [];
  for (let start = 1; start <= coldStarts; start++) {
    say(`environment ${start} of ${coldStarts}`);
    const Description = `environment ${start}`;
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Description }));
    await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 30, minDelay: 1 }, { FunctionName });
    const first = await invoke();
    if (first.init === 0) throw new Error('The environment was not a new one');
    cold.push(first);
    for (let call = 0; call < warmEach; call++) warm.push((await invoke()).duration);
  }
  return { cold, warm };
}

/** How long a caller waits for an open method, and for one whose token's answer API Gateway has kept. */
async function answers(cloud: CloudProcess, token: string, say: (progress: string) => void) {
  const url = await createApi(cloud, FunctionName);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const sides = {
    open: () => timed(() => get(agent, `${url}/open`, {})),
    planned: () => timed(() => get(agent, `${url}/products`, { authorization: `Bearer ${token}` })),
  };
  await interleaved(warmUps, sides);
  say(`${requests} requests`);
  const samples = await interleaved(requests, sides);
  agent.destroy();
  return samples;
}
