import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { type LaunchedCloud, launchCloud } from '@stackyard/local-cloud';
import { bootstrap, deploy, eventually, faults, ssmParameter } from '@stackyard/proof-kit';
import { App } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { EnforcedStack } from '../src/enforced-stack.ts';

const parameterName = '/dev/ephemeral/value';
const hour = 60 * 60 * 1000;

let cloud: LaunchedCloud;
let assembly: string;

beforeAll(async () => {
  assembly = await mkdtemp(join(tmpdir(), 'ephemeral-'));
  const app = new App({ outdir: assembly });
  const contextVariables = { context: 'ephemeral', stage: 'dev', owner: 'platform', usage: 'EPHEMERAL' } as const;
  const stack = new EnforcedStack(app, 'ephemeral', { contextVariables });
  new StringParameter(stack, 'Value', { parameterName, stringValue: 'short-lived' });
  app.synth();
  cloud = await launchCloud();
  for (const [name, value] of Object.entries(cloud.environment)) vi.stubEnv(name, value);
  await bootstrap(cloud.environment);
  await deploy(assembly, cloud.environment);
});

afterAll(async () => {
  await cloud.stop();
  await rm(assembly, { recursive: true, force: true });
});

async function stands(): Promise<boolean> {
  const describe = new CloudFormationClient({}).send(new DescribeStacksCommand({ StackName: 'dev-ephemeral' }));
  return describe.then(
    () => true,
    (error: Error) => {
      if (error.message.includes('does not exist')) return false;
      throw error;
    },
  );
}

test('a deployed EPHEMERAL stack stands for a day, then deletes itself with all it has', async () => {
  expect(await ssmParameter(parameterName)).toBe('short-lived');
  await faults.advanceClock(23 * hour);
  expect(await stands()).toBe(true);
  await faults.advanceClock(2 * hour);
  await eventually(async () => expect(await stands()).toBe(false));
  await expect(ssmParameter(parameterName)).rejects.toMatchObject({ name: 'ParameterNotFound' });
});
