import {
  type ContainerDefinition,
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCloud } from '../src/testing.ts';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let ecs: ECSClient;
beforeAll(async () => {
  cloud = await startTestCloud();
  ecs = cloud.client(ECSClient);
});
afterAll(() => cloud.close());

const app: ContainerDefinition = { name: 'app', image: 'public.ecr.aws/docker/library/node:24-slim' };
const router: ContainerDefinition = {
  name: 'router',
  image: 'public.ecr.aws/aws-observability/aws-for-fluent-bit:stable',
  firelensConfiguration: { type: 'fluentbit' },
};

function register(containers: ContainerDefinition[], more: Partial<RegisterTaskDefinitionCommandInput> = {}) {
  return ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'checked',
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: '.5 vCPU',
      memory: '1 GB',
      containerDefinitions: containers,
      ...more,
    }),
  );
}

test('revisions count up; a deregistered one can be read but is not the latest any more', async () => {
  const { taskDefinition: first } = await register([app]);
  const { taskDefinition: second } = await register([app]);
  expect(first).toMatchObject({ cpu: '512', memory: '1024', revision: 1, status: 'ACTIVE' });
  expect(second?.taskDefinitionArn).toBe('arn:aws:ecs:us-east-1:000000000000:task-definition/checked:2');
  await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: 'checked:2' }));
  const latest = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'checked' }));
  expect(latest.taskDefinition?.revision).toBe(1);
  const inactive = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'checked:2' }));
  expect(inactive.taskDefinition?.status).toBe('INACTIVE');
});

const logging = (logDriver: 'awslogs' | 'awsfirelens', options = {}) => ({ logConfiguration: { logDriver, options } });
const waitsFor = (containerName: string, condition: string) => ({
  dependsOn: [{ containerName, condition: condition as 'START' }],
});

test.each<[string, string, ContainerDefinition[], Partial<RegisterTaskDefinitionCommandInput>]>([
  ['a size Fargate does not have', 'No Fargate configuration exists', [app], { cpu: '256', memory: '4096' }],
  ['CPU units Fargate does not have', "Invalid 'cpu' setting", [app], { cpu: '300' }],
  ['no memory', "Fargate requires that 'memory'", [app], { memory: undefined }],
  ['another network mode', 'only supports network mode', [app], { networkMode: 'bridge' }],
  ['no container', 'at least one container', [], {}],
  ['none that is essential', 'must be essential', [{ ...app, essential: false }], {}],
  ['two of one name', 'must be unique', [app, app], {}],
  ['an incomplete log configuration', 'awslogs-group', [{ ...app, ...logging('awslogs') }], {}],
  ['FireLens without a router', 'must have a FireLens container', [{ ...app, ...logging('awsfirelens') }], {}],
  ['two routers', 'Only one FireLens container', [router, { ...router, name: 'second' }], {}],
  [
    'a router configuration in S3',
    'not supported on Fargate',
    [app, { ...router, firelensConfiguration: { type: 'fluentbit', options: { 'config-file-type': 's3' } } }],
    {},
  ],
  ['a health check that is no command', 'must begin with CMD', [{ ...app, healthCheck: { command: ['true'] } }], {}],
  ['a wait for nobody', 'no other container', [{ ...app, ...waitsFor('gone', 'START') }], {}],
  [
    'a wait for health without a check',
    'has no health check',
    [app, { ...app, name: 'b', ...waitsFor('app', 'HEALTHY') }],
    {},
  ],
  [
    'a wait for the end of what is essential',
    'not allowed on an essential',
    [app, { ...app, name: 'b', ...waitsFor('app', 'SUCCESS') }],
    {},
  ],
  [
    'a circle of waiting',
    'form a cycle: app → b → app',
    [
      { ...app, ...waitsFor('b', 'START') },
      { ...app, name: 'b', ...waitsFor('app', 'START') },
    ],
    {},
  ],
  [
    'secrets without an execution role',
    'executionRoleArn',
    [{ ...app, secrets: [{ name: 'A', valueFrom: '/a' }] }],
    {},
  ],
])('refuses %s', async (_, message, containers, more) => {
  await expect(register(containers, more)).rejects.toMatchObject({
    name: 'ClientException',
    message: expect.stringContaining(message),
  });
});

test('says what it does not carry out', async () => {
  await expect(register([{ ...app, privileged: true }])).rejects.toThrow(/does not support 'privileged'/);
  await expect(register([app], { volumes: [{ name: 'data' }] })).rejects.toThrow(/does not support 'volumes'/);
});
