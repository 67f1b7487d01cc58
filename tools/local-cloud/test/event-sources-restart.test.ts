import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateStreamCommand, KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  GetEventSourceMappingCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCloud } from '../src/cloud.ts';
import { defaultRegion, rootCredentials } from '../src/testing.ts';
import { streamArn } from './event-sources-support.ts';
import { moving } from './fixtures/lambda/support.ts';

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'event-sources-'));
});
afterAll(() => rm(dataDir, { recursive: true }));

async function start() {
  const running = await startCloud({ port: 0, dataDir, log: () => undefined });
  const settings = { endpoint: running.endpoint, region: defaultRegion, credentials: rootCredentials, maxAttempts: 1 };
  const kinesis = new KinesisClient(settings);
  const logs = new CloudWatchLogsClient(settings);
  return {
    ...running,
    clock: running.cloud.clock,
    kinesis,
    lambda: new LambdaClient(settings),
    iam: new IAMClient(settings),
    put: (text: string) =>
      kinesis.send(new PutRecordCommand({ StreamName: 'orders', PartitionKey: 'key', Data: Buffer.from(text) })),
    async printed(): Promise<string[]> {
      const command = new FilterLogEventsCommand({ logGroupName: '/aws/lambda/consumer', filterPattern: 'ORDER' });
      const { events = [] } = await logs.send(command).catch(() => ({ events: [] }));
      return events.map(({ message = '' }) => message.slice(message.indexOf('ORDER')).trimEnd());
    },
  };
}

const code = `export const handler = async ({ Records }) => {
  for (const { kinesis } of Records) console.log('ORDER ' + Buffer.from(kinesis.data, 'base64'));
};`;
const document = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: statement });

test('a mapping goes on after a restart where it stopped', async () => {
  const before = await start();
  const RoleName = 'Consumer';
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const { Role } = await before.iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: document(trust) }),
  );
  const rights = { Effect: 'Allow', Action: ['kinesis:*', 'logs:*'], Resource: '*' };
  await before.iam.send(
    new PutRolePolicyCommand({ RoleName, PolicyName: 'consume', PolicyDocument: document(rights) }),
  );
  await before.kinesis.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 1 }));
  await before.clock.advance(1000);
  await before.lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'consumer',
      Role: Role?.Arn,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipSync({ 'index.mjs': strToU8(code) }) },
    }),
  );
  const { UUID } = await before.lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: 'consumer',
      EventSourceArn: streamArn('orders'),
      StartingPosition: 'TRIM_HORIZON',
    }),
  );
  await before.put('1');
  await moving(before.cloud, async () => {
    const { LastProcessingResult } = await before.lambda.send(new GetEventSourceMappingCommand({ UUID }));
    expect(LastProcessingResult).toBe('OK');
  });
  await before.close();

  const after = await start();
  expect((await after.lambda.send(new GetEventSourceMappingCommand({ UUID }))).State).toBe('Enabled');
  await after.put('2');
  await moving(after.cloud, async () => {
    // The clock had been moved on before the restart, so the log has the later line first.
    expect((await after.printed()).sort()).toEqual(['ORDER 1', 'ORDER 2']);
  });
  await after.close();
});
