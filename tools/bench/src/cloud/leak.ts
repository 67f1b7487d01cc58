import { LambdaClient, UpdateFunctionConfigurationCommand, waitUntilFunctionUpdatedV2 } from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import type { Figure, Measurement } from '../figure.ts';
import { createFunction, createSilentRole } from '../functions.ts';
import type { CloudProcess } from './cloud-process.ts';
import { signedInvoke } from './signed-invoke.ts';
import { growth, usageOf, withWatchedCloud } from './watched-cloud.ts';

const invocations = 100_000;
const environments = 50;
/** What grows until here is caches and compiled code. */
const warmUps = 5_000;
const FunctionName = 'echo';
const source = 'export const echo = async (event) => event;\n';
const event = JSON.stringify({ order: 7, items: ['one', 'two'] });

/** What the cloud holds after many invocations and environments, less what it held after the first few thousand. */
export const leak: Measurement = {
  title: `${invocations.toLocaleString('en-US')} invocations, ${environments} environments`,
  run: (say) => withWatchedCloud((cloud) => measure(cloud, say)),
};

async function measure(cloud: CloudProcess, say: (progress: string) => void): Promise<Figure[]> {
  const Code = { ZipFile: zipSync({ 'handler.mjs': Buffer.from(source) }) };
  // Kept log lines would be data, not a leak: this function may write none.
  await createFunction(cloud, { FunctionName, Role: await createSilentRole(cloud), Handler: 'handler.echo', Code });
  const call = await signedInvoke(cloud, FunctionName, event);
  await replaceEnvironment(cloud, call, 'warm-up');
  for (let i = 0; i < warmUps; i += 1) await call();
  const before = await usageOf(cloud, 1);
  for (let i = 0; i < invocations; i += 1) {
    if (i % 5_000 === 0) say(`invocation ${i} of ${invocations}`);
    if (i % (invocations / environments) === 0) await replaceEnvironment(cloud, call, `environment ${i}`);
    await call();
  }
  const after = await usageOf(cloud, 2);
  return growth('leak', before, after);
}

/** A changed configuration ends the environments there are; the next invocation starts one. */
async function replaceEnvironment(
  { client }: CloudProcess,
  call: () => Promise<void>,
  Description: string,
): Promise<void> {
  const lambda = new LambdaClient(client);
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Description }));
  await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 30, minDelay: 1 }, { FunctionName });
  lambda.destroy();
  await call();
}
