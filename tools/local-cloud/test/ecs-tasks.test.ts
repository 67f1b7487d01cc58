import { StopTaskCommand } from '@aws-sdk/client-ecs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EcsCloud, role, startEcsCloud } from './fixtures/ecs/support.ts';
import { eventually } from './fixtures/lambda/support.ts';

let cloud: EcsCloud;
beforeAll(async () => {
  cloud = await startEcsCloud();
});
afterAll(() => cloud.close());

const logging = {
  logDriver: 'awslogs' as const,
  options: {
    'awslogs-group': '/apps',
    'awslogs-region': 'us-east-1',
    'awslogs-stream-prefix': 'app',
    'awslogs-create-group': 'true',
  },
};
const server = (more: object = {}) => ({ name: 'server', image: cloud.image, logConfiguration: logging, ...more });
const idOf = (arn = '') => arn.split('/').at(-1);

describe('a task', () => {
  test('runs its image, logs, and ends in order when it is told to stop', async () => {
    const task = await cloud.run(await cloud.register([server()]));
    expect(task).toMatchObject({ lastStatus: 'PROVISIONING', desiredStatus: 'RUNNING', launchType: 'FARGATE' });
    const running = await cloud.reaches(task, 'RUNNING');
    expect(running.attachments?.[0]).toMatchObject({ type: 'ElasticNetworkInterface', status: 'ATTACHED' });
    expect(running.containers?.[0]).toMatchObject({
      lastStatus: 'RUNNING',
      imageDigest: expect.stringMatching(/^sha256:/),
    });
    const stream = `app/server/${idOf(task.taskArn)}`;
    await eventually(async () => expect(await cloud.logged('/apps', stream)).toEqual(['listening on 8080']));
    await cloud.ecs.send(new StopTaskCommand({ cluster: 'apps', task: task.taskArn, reason: 'enough' }));
    expect(await cloud.reaches(task, 'STOPPED')).toMatchObject({
      stopCode: 'UserInitiated',
      stoppedReason: 'enough',
      containers: [{ exitCode: 0, lastStatus: 'STOPPED' }],
    });
    expect(await cloud.logged('/apps', stream)).toEqual(['listening on 8080', 'terminated']);
  });

  test('that ignores SIGTERM is killed after its stop timeout', async () => {
    const environment = [{ name: 'STUBBORN', value: 'yes' }];
    const task = await cloud.run(await cloud.register([server({ environment, stopTimeout: 2 })]));
    await cloud.reaches(task, 'RUNNING');
    await eventually(async () => {
      expect(await cloud.logged('/apps', `app/server/${idOf(task.taskArn)}`)).toHaveLength(1);
    });
    await cloud.ecs.send(new StopTaskCommand({ cluster: 'apps', task: task.taskArn }));
    expect(await cloud.reaches(task, 'STOPPED')).toMatchObject({ containers: [{ exitCode: 137 }] });
  });

  test('stops when an essential container exits, and says so', async () => {
    const command = ['node', '-e', 'process.exit(3)'];
    const task = await cloud.run(await cloud.register([server(), server({ name: 'other', command })]));
    expect(await cloud.reaches(task, 'STOPPED')).toMatchObject({
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ name: 'server' }, { name: 'other', exitCode: 3 }],
    });
  });

  test('has the environment that ECS gives it and nothing of this machine', async () => {
    await cloud
      .client(SSMClient)
      .send(new PutParameterCommand({ Name: '/app/token', Value: 's3cret', Type: 'SecureString' }));
    const command = ['node', '-e', 'console.log(JSON.stringify(process.env))'];
    const definition = await cloud.register([
      server({ command, essential: true, secrets: [{ name: 'TOKEN', valueFrom: '/app/token' }] }),
    ]);
    const task = await cloud.run(definition);
    await cloud.reaches(task, 'STOPPED');
    const [line = '{}'] = await cloud.logged('/apps', `app/server/${idOf(task.taskArn)}`);
    const variables = JSON.parse(line);
    expect(variables).toMatchObject({ TOKEN: 's3cret', PORT: '8080', AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE' });
    expect(Object.keys(variables).sort()).toEqual([
      'AWS_CONTAINER_CREDENTIALS_FULL_URI',
      'AWS_DEFAULT_REGION',
      'AWS_ENDPOINT_URL',
      'AWS_EXECUTION_ENV',
      'AWS_REGION',
      'ECS_CONTAINER_METADATA_URI_V4',
      'HOME',
      'HOSTNAME',
      'PATH',
      'PORT',
      'PWD',
      'TOKEN',
    ]);
  });

  test('finds its neighbours on localhost, its metadata, and its role', async () => {
    const command = [
      'node',
      '-e',
      `const get = async (url) => (await fetch(url)).json();
       const { ECS_CONTAINER_METADATA_URI_V4: metadata, AWS_CONTAINER_CREDENTIALS_FULL_URI: credentials } = process.env;
       const task = await get(metadata + '/task');
       const { RoleArn } = await get(credentials);
       console.log(JSON.stringify({ neighbour: await get('http://localhost:8080/'), family: task.Family, RoleArn }));`,
    ];
    const asking = { name: 'asking', image: cloud.image, command, logConfiguration: logging };
    const healthCheck = { command: ['CMD', 'node', '-e', "fetch('http://localhost:8080')"], interval: 5 };
    const dependsOn = [{ containerName: 'server', condition: 'HEALTHY' as const }];
    const task = await cloud.run(await cloud.register([server({ healthCheck }), { ...asking, dependsOn }]));
    const stopped = await cloud.reaches(task, 'STOPPED');
    const [line = '{}'] = await cloud.logged('/apps', `app/asking/${idOf(task.taskArn)}`);
    expect(JSON.parse(line)).toEqual({ neighbour: 'port 8080', family: 'server', RoleArn: role('Task') });
    expect(stopped.containers?.[0]).toMatchObject({ healthStatus: 'HEALTHY' });
  });

  test.each([
    ['an image that is not there', () => ({ image: `${cloud.image}-gone` }), /^CannotPullContainerError: /],
    [
      'a log group that is not there',
      () => ({
        logConfiguration: {
          ...logging,
          options: { ...logging.options, 'awslogs-group': '/gone', 'awslogs-create-group': 'false' },
        },
      }),
      /^ResourceInitializationError: .*ResourceNotFoundException/,
    ],
    ['a program that is not there', () => ({ entryPoint: ['./gone'] }), /^CannotStartContainerError: /],
    [
      'a secret that is not there',
      () => ({ secrets: [{ name: 'X', valueFrom: '/gone' }] }),
      /unable to retrieve secrets from ssm: invalid parameters: \/gone/,
    ],
  ])('with %s does not start, and says why', async (_, more, reason) => {
    const task = await cloud.run(await cloud.register([server(more())]));
    expect(await cloud.reaches(task, 'STOPPED')).toMatchObject({
      stopCode: 'TaskFailedToStart',
      stoppedReason: expect.stringMatching(reason),
    });
  });
});
