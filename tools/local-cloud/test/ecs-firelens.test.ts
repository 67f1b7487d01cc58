import { StopTaskCommand } from '@aws-sdk/client-ecs';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EcsCloud, role, startEcsCloud } from './fixtures/ecs/support.ts';
import { eventually } from './fixtures/lambda/support.ts';

let cloud: EcsCloud;
beforeAll(async () => {
  cloud = await startEcsCloud();
  await cloud.client(KinesisClient).send(new CreateStreamCommand({ StreamName: 'lines', ShardCount: 1 }));
  await cloud.grant('Task', ['kinesis:PutRecords']);
});
afterAll(() => cloud.close());

const parsers = '[PARSER]\n    Name json\n    Format json\n';
const script = `
local count = -1
function numbered(tag, time, record)
  count = count + 1
  record.number = count
  record.tagged = string.sub(tag, 1, 13)
  return 2, time, record
end`;
const custom = `
# Comments and empty lines are nothing.
[SERVICE]
    Parsers_File parsers.conf
    Flush 0.2
    HTTP_Server On

[FILTER]
    Name parser
    Match app-*
    Key_Name log
    Parser json
    Reserve_Data On

[FILTER]
    Name grep
    Match *
    Exclude path ^/health$

[FILTER]
    Name modify
    Match *
    Rename log text

[FILTER]
    Name lua
    Match *
    Script numbered.lua
    Call numbered
    Time_As_Table On
`;
const router = (configuration: string) =>
  cloud.build('router', {
    Dockerfile:
      'FROM public.ecr.aws/aws-observability/aws-for-fluent-bit:3.0.0\nCOPY custom.conf parsers.conf numbered.lua /\n',
    'custom.conf': configuration,
    'parsers.conf': parsers,
    'numbered.lua': script,
  });

const toStream = {
  logDriver: 'awsfirelens' as const,
  options: { Name: 'kinesis_streams', region: 'us-east-1', stream: 'lines' },
};
const toLogs = {
  logDriver: 'awslogs' as const,
  options: {
    'awslogs-group': '/router',
    'awslogs-region': 'us-east-1',
    'awslogs-stream-prefix': 'router',
    'awslogs-create-group': 'true',
  },
};

async function define(code: string, configuration = custom, taskRoleArn = role('Task')) {
  const options = { 'config-file-type': 'file', 'config-file-value': '/custom.conf' };
  return cloud.register(
    [
      { name: 'app', image: cloud.image, command: ['node', '-e', code], logConfiguration: toStream },
      {
        name: 'router',
        image: await router(configuration),
        firelensConfiguration: { type: 'fluentbit', options },
        logConfiguration: toLogs,
        healthCheck: { command: ['CMD-SHELL', 'curl -sf http://127.0.0.1:2020/api/v1/health || exit 1'], interval: 5 },
      },
    ],
    { taskRoleArn },
  );
}

async function records(): Promise<Record<string, unknown>[]> {
  // A shard takes five reads a second.
  const kinesis = cloud.client(KinesisClient, { maxAttempts: 10 });
  const from = { StreamName: 'lines', ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' } as const;
  const { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(from));
  const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
  return Records.map(({ Data }) => JSON.parse(Buffer.from(Data ?? []).toString()));
}

const routerLog = async (arn = '') =>
  (await cloud.logged('/router', `router/router/${arn.split('/').at(-1)}`)).join('\n');

describe('FireLens', () => {
  test('sends what a container prints through its router, filtered and parsed, to the last line', async () => {
    const code = `console.log(JSON.stringify({ path: '/orders', run: 'first' }));
      console.log(JSON.stringify({ path: '/health', run: 'first' }));
      console.error('first: plain text');
      process.on('SIGTERM', () => { console.log(JSON.stringify({ path: '/last', run: 'first' })); process.exit(0); });
      setInterval(() => {}, 1000);`;
    const task = await cloud.run(await define(code));
    await cloud.reaches(task, 'RUNNING');
    await eventually(async () => expect(await records()).toHaveLength(2));
    await cloud.ecs.send(new StopTaskCommand({ cluster: 'apps', task: task.taskArn }));
    const stopped = await cloud.reaches(task, 'STOPPED');
    expect(stopped.containers?.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const found = await records();
    const metadata = {
      container_name: 'app',
      ecs_cluster: 'apps',
      ecs_task_arn: task.taskArn,
      ecs_task_definition: expect.stringMatching(/^server:\d+$/),
      tagged: 'app-firelens-',
    };
    expect(found).toEqual([
      { ...metadata, container_id: expect.any(String), source: 'stdout', path: '/orders', run: 'first', number: 0 },
      { ...metadata, container_id: expect.any(String), source: 'stderr', text: 'first: plain text', number: 1 },
      { ...metadata, container_id: expect.any(String), source: 'stdout', path: '/last', run: 'first', number: 2 },
    ]);
  });

  test('keeps what a throttled stream does not take, and sends it again', async () => {
    const before = (await records()).length;
    const control = (method: string, path: string, body?: object) =>
      fetch(`${cloud.endpoint}/_stackyard/${path}`, {
        method,
        headers: { 'x-stackyard': 'control', 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
    const configuration = `${custom.replace('Flush 0.2', 'Flush 0.2\n    scheduler.base 1\n    scheduler.cap 1')}`;
    await control('POST', 'faults', {
      service: 'kinesis',
      operation: 'PutRecords',
      times: 2,
      effect: { kind: 'throttle' },
    });
    const task = await cloud.run(await define("console.log('throttled'); setInterval(() => {}, 1000);", configuration));
    await eventually(async () => expect((await records()).slice(before)).toMatchObject([{ text: 'throttled' }]));
    await cloud.ecs.send(new StopTaskCommand({ cluster: 'apps', task: task.taskArn }));
    await cloud.reaches(task, 'STOPPED');
    await control('DELETE', 'faults');
    expect(await routerLog(task.taskArn)).toMatch(/failed to flush chunk, retry in 1 seconds/);
  });

  test('writes to the stream as the role of its task, and says so when that may not', async () => {
    const configuration = custom.replace('Flush 0.2', 'Flush 0.2\n    scheduler.base 1\n    scheduler.cap 1');
    const code = "console.log('denied'); setInterval(() => {}, 1000);";
    const task = await cloud.run(await define(code, configuration, role('Execution')));
    await eventually(async () => {
      expect(await routerLog(task.taskArn)).toMatch(
        /chunk of 1 records cannot be retried: .*AccessDenied.*kinesis:PutRecords/,
      );
    });
    await cloud.ecs.send(new StopTaskCommand({ cluster: 'apps', task: task.taskArn }));
    await cloud.reaches(task, 'STOPPED');
  });
});
