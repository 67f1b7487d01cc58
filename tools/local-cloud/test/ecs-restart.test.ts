import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCloud } from '../src/cloud.ts';
import { defaultRegion, rootCredentials } from '../src/testing.ts';
import { eventually } from './fixtures/lambda/support.ts';

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ecs-'));
});
afterAll(() => rm(dataDir, { recursive: true }));

const settings = { region: defaultRegion, credentials: rootCredentials, maxAttempts: 1 };

async function start() {
  const { endpoint, close } = await startCloud({ port: 0, dataDir, log: () => undefined });
  const ecs = new ECSClient({ ...settings, endpoint });
  const running = () =>
    eventually(async () => {
      const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'apps', services: ['kept'] }));
      expect(services).toMatchObject([{ runningCount: 1, deployments: [{ rolloutState: 'COMPLETED' }] }]);
      return (await ecs.send(new ListTasksCommand({ cluster: 'apps', serviceName: 'kept' }))).taskArns;
    });
  return { endpoint, close, ecs, running };
}

test('a service has its tasks again after a restart', async () => {
  const before = await start();
  const { Subnets = [] } = await new EC2Client({ ...settings, endpoint: before.endpoint }).send(
    new DescribeSubnetsCommand({}),
  );
  await before.ecs.send(new CreateClusterCommand({ clusterName: 'apps' }));
  const image = 'public.ecr.aws/docker/library/node:24-slim';
  const { taskDefinition } = await before.ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'kept',
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      containerDefinitions: [{ name: 'app', image, command: ['node', '-e', 'setInterval(() => {}, 1000)'] }],
    }),
  );
  await before.ecs.send(
    new CreateServiceCommand({
      cluster: 'apps',
      serviceName: 'kept',
      taskDefinition: taskDefinition?.taskDefinitionArn,
      desiredCount: 1,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: Subnets.map(({ SubnetId = '' }) => SubnetId) } },
    }),
  );
  const first = await before.running();
  await before.close();

  const after = await start();
  const second = await after.running();
  await after.close();
  expect(second).toHaveLength(1);
  expect(second).not.toEqual(first);
});
