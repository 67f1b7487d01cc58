import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  type CreateLogGroupCommandInput,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  type DescribeLogGroupsCommandInput,
  DescribeLogStreamsCommand,
  ListTagsForResourceCommand,
  ListTagsLogGroupCommand,
  PutLogEventsCommand,
  PutMetricFilterCommand,
  PutRetentionPolicyCommand,
  TagLogGroupCommand,
  TagResourceCommand,
  UntagLogGroupCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCloud } from '../src/testing.ts';
import { errorOf } from './kinesis-support.ts';

let test: Awaited<ReturnType<typeof startTestCloud>>;
let logs: CloudWatchLogsClient;
let groups = 0;

beforeAll(async () => {
  test = await startTestCloud();
  logs = test.client(CloudWatchLogsClient);
});
afterAll(() => test.close());

const arn = (name: string) => `arn:aws:logs:us-east-1:000000000000:log-group:${name}`;
async function newGroup(input: Partial<CreateLogGroupCommandInput> = {}): Promise<string> {
  const logGroupName = input.logGroupName ?? `/test/group-${++groups}`;
  await logs.send(new CreateLogGroupCommand({ ...input, logGroupName }));
  return logGroupName;
}
const described = async (logGroupNamePrefix: string) =>
  (await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix }))).logGroups?.[0];

describe('a log group', () => {
  it('is described with its ARNs, class, key and size', async () => {
    const name = await newGroup({ kmsKeyId: 'arn:aws:kms:us-east-1:000000000000:key/k', logGroupClass: 'STANDARD' });
    await logs.send(new CreateLogStreamCommand({ logGroupName: name, logStreamName: 's' }));
    const event = { timestamp: test.cloud.clock.now(), message: 'four' };
    await logs.send(new PutLogEventsCommand({ logGroupName: name, logStreamName: 's', logEvents: [event] }));
    expect(await described(name)).toEqual({
      logGroupName: name,
      arn: `${arn(name)}:*`,
      logGroupArn: arn(name),
      creationTime: expect.any(Number),
      metricFilterCount: 0,
      storedBytes: 30,
      kmsKeyId: 'arn:aws:kms:us-east-1:000000000000:key/k',
      logGroupClass: 'STANDARD',
      deletionProtectionEnabled: false,
    });
  });

  it('exists once, until it is deleted with all it holds', async () => {
    const logGroupName = await newGroup();
    expect(await errorOf(newGroup({ logGroupName }))).toEqual({
      name: 'ResourceAlreadyExistsException',
      message: 'The specified log group already exists',
    });
    await logs.send(new DeleteLogGroupCommand({ logGroupName }));
    expect(await errorOf(logs.send(new DeleteLogGroupCommand({ logGroupName })))).toEqual({
      name: 'ResourceNotFoundException',
      message: 'The specified log group does not exist.',
    });
  });

  it('is kept by its deletion protection', async () => {
    const logGroupName = await newGroup({ deletionProtectionEnabled: true });
    expect(await errorOf(logs.send(new DeleteLogGroupCommand({ logGroupName })))).toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it.each([
    [
      'a:b',
      "1 validation error detected: Value 'a:b' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+",
    ],
    [
      'a'.repeat(513),
      `1 validation error detected: Value '${'a'.repeat(513)}' at 'logGroupName' failed to satisfy constraint: Member must have length less than or equal to 512`,
    ],
    ['aws/mine', 'Log groups starting with AWS/ are reserved for AWS.'],
  ])('cannot be called %s', async (logGroupName, message) => {
    expect(await errorOf(newGroup({ logGroupName }))).toEqual({ name: 'InvalidParameterException', message });
  });
});

describe('DescribeLogGroups', () => {
  const find = async (input: DescribeLogGroupsCommandInput) =>
    (await logs.send(new DescribeLogGroupsCommand(input))).logGroups?.map((group) => group.logGroupName);

  it('finds by prefix, by part of the name, by ARN and by class, in order and by page', async () => {
    for (const name of ['/find/b', '/find/a', '/find/c']) await newGroup({ logGroupName: name });
    await newGroup({ logGroupName: '/find/cheap', logGroupClass: 'INFREQUENT_ACCESS' });
    expect(await find({ logGroupNamePrefix: '/find/' })).toEqual(['/find/a', '/find/b', '/find/c', '/find/cheap']);
    expect(await find({ logGroupNamePattern: 'ind/c' })).toEqual(['/find/c', '/find/cheap']);
    expect(await find({ logGroupIdentifiers: [arn('/find/a'), '/find/b'] })).toEqual(['/find/a', '/find/b']);
    expect(await find({ logGroupClass: 'ESSENTIALS' })).toEqual(['/find/cheap']);
    const first = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/find/', limit: 3 }));
    expect(await find({ logGroupNamePrefix: '/find/', nextToken: first.nextToken })).toEqual(['/find/cheap']);
  });

  it('refuses prefix and pattern together, pages above 50 and tokens it did not give', async () => {
    const both = { logGroupNamePrefix: 'a', logGroupNamePattern: 'b' };
    for (const input of [both, { limit: 51 }, { nextToken: 'x' }, { includeLinkedAccounts: true }]) {
      expect(await errorOf(find(input))).toMatchObject({ name: 'InvalidParameterException' });
    }
  });
});

describe('the retention policy', () => {
  it('takes only the periods AWS knows', async () => {
    const logGroupName = await newGroup();
    await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 7 }));
    expect(await described(logGroupName)).toMatchObject({ retentionInDays: 7 });
    expect(await errorOf(logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 8 })))).toMatchObject(
      {
        name: 'InvalidParameterException',
        message: expect.stringContaining("Value '8' at 'retentionInDays' failed to satisfy constraint"),
      },
    );
    await logs.send(new DeleteRetentionPolicyCommand({ logGroupName }));
    expect(await described(logGroupName)).not.toHaveProperty('retentionInDays');
  });
});

describe('log streams', () => {
  it('are created once, listed by name or by their last event, and deleted', async () => {
    const logGroupName = await newGroup();
    const now = test.cloud.clock.now();
    for (const [name, age] of [
      ['b', 3000],
      ['a', 1000],
      ['c', 2000],
    ] as const) {
      await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: name }));
      const logEvents = [{ timestamp: now - age, message: 'm' }];
      await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName: name, logEvents }));
    }
    const list = async (more: object = {}) =>
      (await logs.send(new DescribeLogStreamsCommand({ logGroupName, ...more }))).logStreams;
    const names = async (more: object = {}) => (await list(more))?.map((stream) => stream.logStreamName);
    expect(await names()).toEqual(['a', 'b', 'c']);
    expect(await names({ orderBy: 'LastEventTime', descending: true, limit: 2 })).toEqual(['a', 'c']);
    expect(await list({ logStreamNamePrefix: 'b' })).toEqual([
      {
        logStreamName: 'b',
        arn: `${arn(logGroupName)}:log-stream:b`,
        creationTime: expect.any(Number),
        firstEventTimestamp: now - 3000,
        lastEventTimestamp: now - 3000,
        lastIngestionTime: expect.any(Number),
        storedBytes: 0,
      },
    ]);
    expect(await errorOf(names({ orderBy: 'LastEventTime', logStreamNamePrefix: 'b' }))).toEqual({
      name: 'InvalidParameterException',
      message: 'Cannot order by LastEventTime with a logStreamNamePrefix.',
    });
    expect(await errorOf(logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 'a' })))).toEqual({
      name: 'ResourceAlreadyExistsException',
      message: 'The specified log stream already exists',
    });
    await logs.send(new DeleteLogStreamCommand({ logGroupName, logStreamName: 'a' }));
    expect(await errorOf(logs.send(new DeleteLogStreamCommand({ logGroupName, logStreamName: 'a' })))).toEqual({
      name: 'ResourceNotFoundException',
      message: 'The specified log stream does not exist.',
    });
  });

  it('have names without colon and asterisk; Lambda’s brackets are fine', async () => {
    const logGroupName = await newGroup();
    const create = (logStreamName: string) => logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    await create('2026/01/01/[$LATEST]0123456789abcdef');
    expect(await errorOf(create('a:b'))).toMatchObject({ name: 'InvalidParameterException' });
  });
});

it('tags are put at creation, added and removed, by ARN and the older way by name', async () => {
  const logGroupName = await newGroup({ tags: { owner: 'team' } });
  const resourceArn = arn(logGroupName);
  await logs.send(new TagResourceCommand({ resourceArn, tags: { stage: 'dev' } }));
  await logs.send(new TagLogGroupCommand({ logGroupName, tags: { zone: 'a' } }));
  await logs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['owner'] }));
  expect((await logs.send(new ListTagsLogGroupCommand({ logGroupName }))).tags).toEqual({ stage: 'dev', zone: 'a' });
  await logs.send(new UntagLogGroupCommand({ logGroupName, tags: ['zone'] }));
  expect((await logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ stage: 'dev' });
  const tags = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, 'v']));
  expect(await errorOf(logs.send(new TagResourceCommand({ resourceArn, tags })))).toMatchObject({
    name: 'TooManyTagsException',
  });
});

it('says so when it lacks an operation', async () => {
  const call = new PutMetricFilterCommand({
    logGroupName: 'x',
    filterName: 'f',
    filterPattern: '',
    metricTransformations: [],
  });
  expect(await errorOf(logs.send(call))).toMatchObject({
    message: expect.stringContaining('has no PutMetricFilter in its logs'),
  });
});
