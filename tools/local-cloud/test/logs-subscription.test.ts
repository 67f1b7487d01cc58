import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteSubscriptionFilterCommand,
  DescribeSubscriptionFiltersCommand,
  PutLogEventsCommand,
  PutSubscriptionFilterCommand,
  type PutSubscriptionFilterCommandInput,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestCloud } from '../src/testing.ts';
import { activeStream, errorOf, readAll } from './kinesis-support.ts';

let test: Awaited<ReturnType<typeof startTestCloud>>;
let logs: CloudWatchLogsClient;
let kinesis: KinesisClient;
let roleArn: string;
let stream: string;
let logGroupName: string;
let groups = 0;

beforeAll(async () => {
  test = await startTestCloud();
  logs = test.client(CloudWatchLogsClient);
  kinesis = test.client(KinesisClient);
  roleArn = await createRole('writer', 'kinesis:PutRecord');
});
afterAll(() => test.close());
beforeEach(async () => {
  stream = await activeStream(kinesis, test.cloud.clock);
  logGroupName = `/subscribed/${++groups}`;
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 's' }));
});

async function createRole(
  RoleName: string,
  action: string,
  { service = 'logs.amazonaws.com', condition = {} }: { service?: string; condition?: object } = {},
): Promise<string> {
  const iam = test.client(IAMClient);
  const policy = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const trust = policy({
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sts:AssumeRole',
    Condition: condition,
  });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
  const PolicyDocument = policy({
    Effect: 'Allow',
    Action: action,
    Resource: 'arn:aws:kinesis:us-east-1:000000000000:stream/*',
  });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument }));
  return Role?.Arn as string;
}
const subscribe = (more: Partial<PutSubscriptionFilterCommandInput> = {}) =>
  logs.send(
    new PutSubscriptionFilterCommand({
      logGroupName,
      filterName: 'to-stream',
      filterPattern: '',
      destinationArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`,
      roleArn,
      ...more,
    }),
  );
const putLines = (...lines: string[]) => {
  const logEvents = lines.map((message) => ({ timestamp: test.cloud.clock.now(), message }));
  return logs.send(new PutLogEventsCommand({ logGroupName, logStreamName: 's', logEvents }));
};

interface Message {
  readonly messageType: string;
  readonly logEvents: readonly { readonly message: string }[];
}
async function delivered(): Promise<Message[]> {
  await test.cloud.clock.advance(1000);
  const records = await readAll(kinesis, test.cloud.clock, stream);
  return records.map(({ Data }) => JSON.parse(gunzipSync(Data as Uint8Array).toString()));
}
const deliveredLines = async () =>
  (await delivered())
    .filter((message) => message.messageType === 'DATA_MESSAGE')
    .flatMap((message) => message.logEvents.map((event) => event.message));

const shortened = (lines: readonly string[]) => lines.map((line) => line.slice(0, 20));

describe('a subscription filter', () => {
  it('first checks its stream, then puts one gzipped message per batch', async () => {
    await subscribe();
    await putLines('one', 'two');
    await expect.poll(deliveredLines).toEqual(['one', 'two']);
    const id = expect.stringMatching(/^\d{56}$/);
    const timestamp = expect.any(Number);
    expect(await delivered()).toEqual([
      expect.objectContaining({ messageType: 'CONTROL_MESSAGE', owner: 'CloudwatchLogs' }),
      {
        messageType: 'DATA_MESSAGE',
        owner: '000000000000',
        logGroup: logGroupName,
        logStream: 's',
        subscriptionFilters: ['to-stream'],
        logEvents: [
          { id, timestamp, message: 'one' },
          { id, timestamp, message: 'two' },
        ],
      },
    ]);
  });

  it('delivers only what matches, until it is deleted', async () => {
    await subscribe({ filterPattern: '{ $.level = "ERROR" }' });
    await putLines('{"level":"INFO"}', '{"level":"ERROR"}');
    await expect.poll(deliveredLines).toEqual(['{"level":"ERROR"}']);
    await logs.send(new DeleteSubscriptionFilterCommand({ logGroupName, filterName: 'to-stream' }));
    await putLines('{"level":"ERROR","late":true}');
    expect(await deliveredLines()).toHaveLength(1);
    const again = new DeleteSubscriptionFilterCommand({ logGroupName, filterName: 'to-stream' });
    expect(await errorOf(logs.send(again))).toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('loses nothing and keeps the order while its stream is throttled', async () => {
    await subscribe();
    // Random text of 700,000 bytes stays above 512 KiB when packed: the shard takes one of them and a bit a second.
    const lines = Array.from({ length: 4 }, (_, i) => `${i} ${randomBytes(525_000).toString('base64')}`);
    for (const line of lines) await putLines(line);
    await expect.poll(async () => shortened(await deliveredLines()), { timeout: 10_000 }).toEqual(shortened(lines));
    expect(test.lines.filter((line) => line.includes('dropped'))).toEqual([]);
  });

  it('is described, replaced under its name, and one of two', async () => {
    await subscribe({ filterPattern: 'ERROR' });
    await subscribe({ filterPattern: 'WARN', distribution: 'Random' });
    const describe = new DescribeSubscriptionFiltersCommand({ logGroupName });
    expect((await logs.send(describe)).subscriptionFilters).toEqual([
      {
        filterName: 'to-stream',
        logGroupName,
        filterPattern: 'WARN',
        destinationArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`,
        roleArn,
        distribution: 'Random',
        creationTime: expect.any(Number),
      },
    ]);
    await subscribe({ filterName: 'second' });
    expect(await errorOf(subscribe({ filterName: 'third' }))).toEqual({
      name: 'LimitExceededException',
      message: 'Resource limit exceeded.',
    });
  });

  it('takes a role that trusts the service under its regional name', async () => {
    const service = 'logs.us-east-1.amazonaws.com';
    await subscribe({ roleArn: await createRole('regional', 'kinesis:PutRecord', { service }) });
    await putLines('m');
    await expect.poll(deliveredLines).toEqual(['m']);
  });

  it('tells the role for which log group and account it acts', async () => {
    const trusting = (name: string, account: string, group: string) =>
      createRole(name, 'kinesis:PutRecord', {
        condition: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:aws:logs:us-east-1:${account}:${group}` },
        },
      });
    const refused = { name: 'InvalidParameterException' };
    const otherAccount = await trusting('other-account', '111111111111', '*');
    expect(await errorOf(subscribe({ roleArn: otherAccount }))).toMatchObject(refused);
    const otherGroup = await trusting('other-group', '000000000000', 'log-group:/other:*');
    expect(await errorOf(subscribe({ roleArn: otherGroup }))).toMatchObject(refused);
    await subscribe({ roleArn: await trusting('this-group', '000000000000', `log-group:${logGroupName}:*`) });
    await subscribe({ roleArn: await trusting('this-account', '000000000000', '*') });
    await putLines('m');
    await expect.poll(deliveredLines).toEqual(['m']);
  });

  it('needs a stream that is there and a role that may write to it', async () => {
    const message =
      'Could not deliver test message to specified Kinesis stream. Check if the given kinesis stream is in ACTIVE state. ';
    const refused = { name: 'InvalidParameterException', message };
    const nowhere = 'arn:aws:kinesis:us-east-1:000000000000:stream/nowhere';
    expect(await errorOf(subscribe({ destinationArn: nowhere }))).toEqual(refused);
    expect(await errorOf(subscribe({ roleArn: await createRole('reader', 'kinesis:GetRecords') }))).toEqual(refused);
    expect(await errorOf(subscribe({ roleArn: undefined }))).toEqual({
      name: 'InvalidParameterException',
      message: 'destinationArn for vendor kinesis cannot be used without roleArn',
    });
  });

  it('is for groups of the Standard class', async () => {
    const cheap = { logGroupName: `${logGroupName}/cheap` };
    await logs.send(new CreateLogGroupCommand({ ...cheap, logGroupClass: 'INFREQUENT_ACCESS' }));
    const refused = {
      name: 'ValidationException',
      message: 'This operation is only supported on the Standard log class.',
    };
    expect(await errorOf(subscribe(cheap))).toEqual(refused);
    expect(await errorOf(logs.send(new DescribeSubscriptionFiltersCommand(cheap)))).toEqual(refused);
  });

  it('says what it cannot deliver to', async () => {
    const destinationArn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
    expect(await errorOf(subscribe({ destinationArn }))).toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining('Only Kinesis streams'),
    });
  });
});
