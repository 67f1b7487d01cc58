import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, CreateStackCommand, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { type LaunchedCloud, launchCloud } from '@stackyard/local-cloud';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { standingDependents } from '../src/standing-dependents.ts';

let cloud: LaunchedCloud;
let assembly: string;
let cloudformation: CloudFormationClient;

/** A stack that is there, with the tags a pattern's stack has. */
async function stack(StackName: string, tags: Record<string, string>): Promise<void> {
  const body = { Resources: { P: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: StackName } } } };
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await cloudformation.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(body), Tags }));
}

beforeAll(async () => {
  cloud = await launchCloud();
  for (const [name, value] of Object.entries(cloud.environment)) vi.stubEnv(name, value);
  cloudformation = new CloudFormationClient({});
  assembly = await mkdtemp(join(tmpdir(), 'assembly-'));
  const core = { type: 'aws:cloudformation:stack', properties: { tags: { stage: 'dev', context: 'core' } } };
  await writeFile(join(assembly, 'manifest.json'), JSON.stringify({ artifacts: { core } }));
});

afterAll(async () => {
  await cloud.stop();
  await rm(assembly, { recursive: true, force: true });
});

test('stacks that need the context in its stage are named while they stand, and only those', async () => {
  await stack('dev-core', { stage: 'dev', context: 'core' });
  await stack('dev-b', { 'stackyard:needs': 'dev/core dev/other' });
  await stack('dev-a', { 'stackyard:needs': 'dev/core' });
  await stack('test-a', { 'stackyard:needs': 'test/core' });
  expect(await standingDependents(assembly)).toEqual(['dev-a', 'dev-b']);
  await cloudformation.send(new DeleteStackCommand({ StackName: 'dev-b' }));
  await vi.waitFor(async () => expect(await standingDependents(assembly)).toEqual(['dev-a']), 60_000);
});
