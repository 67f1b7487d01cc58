import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DeleteResourcePolicyCommand,
  DeleteStreamCommand,
  DescribeAccountSettingsCommand,
  DescribeLimitsCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  DisableEnhancedMonitoringCommand,
  EnableEnhancedMonitoringCommand,
  GetResourcePolicyCommand,
  KinesisClient,
  ListStreamsCommand,
  ListTagsForResourceCommand,
  ListTagsForStreamCommand,
  PutRecordCommand,
  PutResourcePolicyCommand,
  RemoveTagsFromStreamCommand,
  StartStreamEncryptionCommand,
  StopStreamEncryptionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateStreamModeCommand,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCloud } from '../src/cloud.ts';
import { defaultRegion, rootCredentials, startTestCloud } from '../src/testing.ts';
import { activeStream, aWhile, errorOf, readAll, text } from './kinesis-support.ts';

let test: Awaited<ReturnType<typeof startTestCloud>>;
let kinesis: KinesisClient;

beforeAll(async () => {
  test = await startTestCloud();
  kinesis = test.client(KinesisClient);
});
afterAll(() => test.close());

const arn = (name: string) => `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;
const summary = async (StreamName: string) =>
  (await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary;

describe('a stream', () => {
  it('is CREATING, then ACTIVE, then DELETING, then gone', async () => {
    const { clock } = test.cloud;
    await kinesis.send(new CreateStreamCommand({ StreamName: 'life', ShardCount: 2 }));
    expect(await summary('life')).toMatchObject({ StreamStatus: 'CREATING', OpenShardCount: 0 });
    const early = new PutRecordCommand({ StreamName: 'life', Data: Buffer.from('a'), PartitionKey: 'k' });
    expect(await errorOf(kinesis.send(early))).toMatchObject({ name: 'ResourceNotFoundException' });
    await clock.advance(aWhile);
    expect(await summary('life')).toMatchObject({ StreamStatus: 'ACTIVE', OpenShardCount: 2 });
    await kinesis.send(new DeleteStreamCommand({ StreamName: 'life' }));
    expect(await summary('life')).toMatchObject({ StreamStatus: 'DELETING' });
    await clock.advance(aWhile);
    expect(await errorOf(summary('life'))).toEqual({
      name: 'ResourceNotFoundException',
      message: 'Stream life under account 000000000000 not found.',
    });
  });

  it('is described by name and by ARN', async () => {
    const name = await activeStream(kinesis, test.cloud.clock, { ShardCount: 3 });
    const { StreamDescription } = await kinesis.send(new DescribeStreamCommand({ StreamARN: arn(name), Limit: 2 }));
    expect(StreamDescription).toMatchObject({
      StreamName: name,
      StreamARN: arn(name),
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      HasMoreShards: true,
      RetentionPeriodHours: 24,
      EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
      EncryptionType: 'NONE',
    });
    expect(StreamDescription?.Shards?.map((shard) => shard.HashKeyRange)).toEqual([
      { StartingHashKey: '0', EndingHashKey: '113427455640312821154458202477256070484' },
      {
        StartingHashKey: '113427455640312821154458202477256070485',
        EndingHashKey: '226854911280625642308916404954512140969',
      },
    ]);
    const rest = new DescribeStreamCommand({ StreamName: name, ExclusiveStartShardId: 'shardId-000000000001' });
    expect((await kinesis.send(rest)).StreamDescription).toMatchObject({
      HasMoreShards: false,
      Shards: [{ ShardId: 'shardId-000000000002' }],
    });
  });

  it('begins with four shards on demand', async () => {
    const name = await activeStream(kinesis, test.cloud.clock, { StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    expect(await summary(name)).toMatchObject({
      OpenShardCount: 4,
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      MaxRecordSizeInKiB: 1024,
    });
  });

  it('is listed in order of names', async () => {
    const other = test.client(KinesisClient, { region: 'eu-west-1' });
    for (const name of ['b', 'a', 'c'])
      await activeStream(other, test.cloud.clock, { StreamName: name, ShardCount: 1 });
    const first = await other.send(new ListStreamsCommand({ Limit: 2 }));
    expect(first).toMatchObject({ StreamNames: ['a', 'b'], HasMoreStreams: true });
    expect(await other.send(new ListStreamsCommand({ NextToken: first.NextToken }))).toMatchObject({
      StreamNames: ['c'],
      HasMoreStreams: false,
      StreamSummaries: [{ StreamName: 'c', StreamStatus: 'ACTIVE' }],
    });
  });
});

describe('CreateStream refuses', () => {
  it.each([
    [{ StreamName: 'a b', ShardCount: 1 }, 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+'],
    [{ StreamName: 'a'.repeat(129), ShardCount: 1 }, 'Member must have length less than or equal to 128'],
    [{ StreamName: 'a', ShardCount: 0 }, 'Member must have value greater than or equal to 1'],
  ])('%j', async (input, constraint) => {
    expect(await errorOf(kinesis.send(new CreateStreamCommand(input)))).toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(constraint),
    });
  });

  it('a name that is taken', async () => {
    const StreamName = await activeStream(kinesis, test.cloud.clock);
    expect(await errorOf(kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 })))).toEqual({
      name: 'ResourceInUseException',
      message: `Stream ${StreamName} under account 000000000000 already exists.`,
    });
  });

  it('a shard count on demand, and none when provisioned', async () => {
    const mode = (StreamMode: 'ON_DEMAND' | 'PROVISIONED') => ({ StreamModeDetails: { StreamMode } });
    const attempt = (input: object) => errorOf(kinesis.send(new CreateStreamCommand({ StreamName: 'x', ...input })));
    expect(await attempt({ ...mode('ON_DEMAND'), ShardCount: 1 })).toMatchObject({ name: 'InvalidArgumentException' });
    expect(await attempt(mode('PROVISIONED'))).toMatchObject({ name: 'InvalidArgumentException' });
  });

  it('more shards than the account may have', async () => {
    const other = test.client(KinesisClient, { region: 'eu-central-1' });
    expect(await errorOf(other.send(new CreateStreamCommand({ StreamName: 'x', ShardCount: 1001 })))).toMatchObject({
      name: 'LimitExceededException',
      message: expect.stringContaining('Current shard count for the account: 0. Limit: 1000.'),
    });
  });

  it('a sixth stream while five are CREATING', async () => {
    const other = test.client(KinesisClient, { region: 'ap-south-1' });
    const create = (StreamName: string) => other.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    const created = await Promise.allSettled(['1', '2', '3', '4', '5', '6', '7', '8'].map(create));
    expect(created.some((one) => one.status === 'rejected' && one.reason.name === 'LimitExceededException')).toBe(true);
    await test.cloud.clock.advance(aWhile);
    await create('later');
  });

  it('options it cannot carry out', async () => {
    const input = { StreamName: 'x', ShardCount: 1 };
    const attempt = (more: object) => errorOf(kinesis.send(new CreateStreamCommand({ ...input, ...more })));
    expect(await attempt({ WarmThroughputMiBps: 5 })).toMatchObject({ name: 'InvalidArgumentException' });
    expect(await attempt({ RecordDistributionStrategy: 'AUTO' })).toMatchObject({ name: 'InvalidArgumentException' });
  });
});

it('an input names its stream by name or ARN, and by nothing else', async () => {
  const attempt = (input: object) => errorOf(kinesis.send(new DescribeStreamSummaryCommand(input)));
  expect(await attempt({})).toMatchObject({ name: 'InvalidArgumentException' });
  expect(await attempt({ StreamName: 'a', StreamARN: arn('b') })).toMatchObject({ name: 'InvalidArgumentException' });
  expect(await attempt({ StreamId: 'x' })).toMatchObject({ name: 'InvalidArgumentException' });
  expect(await attempt({ StreamARN: 'arn:aws:sqs:us-east-1:000000000000:queue' })).toMatchObject({
    name: 'ValidationException',
  });
});

it('encryption is remembered until it is stopped', async () => {
  const StreamName = await activeStream(kinesis, test.cloud.clock);
  const encryption = { StreamName, EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } as const;
  await kinesis.send(new StartStreamEncryptionCommand(encryption));
  expect(await summary(StreamName)).toMatchObject({ EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' });
  expect(await errorOf(kinesis.send(new StopStreamEncryptionCommand(encryption)))).toEqual({
    name: 'ResourceInUseException',
    message: `Stream ${StreamName} under account 000000000000 not ACTIVE, instead in state UPDATING`,
  });
  await test.cloud.clock.advance(aWhile);
  await kinesis.send(new StopStreamEncryptionCommand(encryption));
  expect(await summary(StreamName)).toMatchObject({ EncryptionType: 'NONE' });
});

it('the mode changes twice a day', async () => {
  const name = await activeStream(kinesis, test.cloud.clock);
  const update = async (StreamMode: 'ON_DEMAND' | 'PROVISIONED') => {
    await kinesis.send(new UpdateStreamModeCommand({ StreamARN: arn(name), StreamModeDetails: { StreamMode } }));
    await test.cloud.clock.advance(aWhile);
  };
  await update('ON_DEMAND');
  await update('PROVISIONED');
  expect(await summary(name)).toMatchObject({ StreamModeDetails: { StreamMode: 'PROVISIONED' } });
  expect(await errorOf(update('ON_DEMAND'))).toMatchObject({ name: 'LimitExceededException' });
  await test.cloud.clock.advance(24 * 3_600_000);
  await update('ON_DEMAND');
});

it('shard-level metrics are switched on and off', async () => {
  const StreamName = await activeStream(kinesis, test.cloud.clock);
  const enable = new EnableEnhancedMonitoringCommand({ StreamName, ShardLevelMetrics: ['IncomingBytes'] });
  expect(await kinesis.send(enable)).toMatchObject({
    CurrentShardLevelMetrics: [],
    DesiredShardLevelMetrics: ['IncomingBytes'],
  });
  await test.cloud.clock.advance(aWhile);
  await kinesis.send(new DisableEnhancedMonitoringCommand({ StreamName, ShardLevelMetrics: ['ALL'] }));
  expect(await summary(StreamName)).toMatchObject({ EnhancedMonitoring: [{ ShardLevelMetrics: [] }] });
});

describe('tags', () => {
  it('are put at creation, added, listed by page and removed, by name and by ARN', async () => {
    const StreamName = await activeStream(kinesis, test.cloud.clock, { ShardCount: 1, Tags: { owner: 'team' } });
    await kinesis.send(new AddTagsToStreamCommand({ StreamName, Tags: { stage: 'dev', owner: 'other' } }));
    expect(await kinesis.send(new ListTagsForStreamCommand({ StreamName, Limit: 1 }))).toMatchObject({
      Tags: [{ Key: 'owner', Value: 'other' }],
      HasMoreTags: true,
    });
    await kinesis.send(new RemoveTagsFromStreamCommand({ StreamName, TagKeys: ['owner'] }));
    const ResourceARN = arn(StreamName);
    await kinesis.send(new TagResourceCommand({ ResourceARN, Tags: { zone: 'a' } }));
    await kinesis.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['stage'] }));
    expect((await kinesis.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags).toEqual([
      { Key: 'zone', Value: 'a' },
    ]);
  });

  it('are at most 50', async () => {
    const StreamName = await activeStream(kinesis, test.cloud.clock);
    const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v']));
    await kinesis.send(new AddTagsToStreamCommand({ StreamName, Tags: tags(50) }));
    expect(await errorOf(kinesis.send(new AddTagsToStreamCommand({ StreamName, Tags: { more: 'v' } })))).toMatchObject({
      name: 'InvalidArgumentException',
      message: expect.stringContaining('cannot have more than 50 tags'),
    });
    const invalid = new AddTagsToStreamCommand({ StreamName, Tags: { k1: 'a<b' } });
    expect(await errorOf(kinesis.send(invalid))).toMatchObject({ name: 'InvalidArgumentException' });
  });
});

it('a resource policy is kept as it was put', async () => {
  const ResourceARN = arn(await activeStream(kinesis, test.cloud.clock));
  const get = async () => (await kinesis.send(new GetResourcePolicyCommand({ ResourceARN }))).Policy;
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
  await kinesis.send(new PutResourcePolicyCommand({ ResourceARN, Policy }));
  expect(await get()).toBe(Policy);
  await kinesis.send(new DeleteResourcePolicyCommand({ ResourceARN }));
  expect(await get()).toBe('{}');
  expect(await errorOf(kinesis.send(new PutResourcePolicyCommand({ ResourceARN, Policy: '{' })))).toMatchObject({
    name: 'InvalidArgumentException',
  });
});

it('the account knows its limits', async () => {
  const other = test.client(KinesisClient, { region: 'us-west-2' });
  await activeStream(other, test.cloud.clock, { ShardCount: 3 });
  await activeStream(other, test.cloud.clock, { StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
  expect(await other.send(new DescribeLimitsCommand({}))).toMatchObject({
    ShardLimit: 20_000,
    OpenShardCount: 3,
    OnDemandStreamCount: 1,
    OnDemandStreamCountLimit: 50,
  });
});

it('a kept state goes on where it stopped', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'kinesis-'));
  const records: string[] = [];
  for (const data of ['before', 'after']) {
    const kept = await startCloud({ port: 0, dataDir, log: () => undefined });
    const client = new KinesisClient({ endpoint: kept.endpoint, region: defaultRegion, credentials: rootCredentials });
    if (data === 'before') await activeStream(client, kept.cloud.clock, { StreamName: 'kept', ShardCount: 2 });
    for (const PartitionKey of ['a', 'b']) {
      await client.send(new PutRecordCommand({ StreamName: 'kept', Data: Buffer.from(data), PartitionKey }));
    }
    const all = await readAll(client, kept.cloud.clock, 'kept');
    records.push(all.map((record) => `${record.PartitionKey} ${text([record])}`).join(', '));
    client.destroy();
    await kept.close();
  }
  await rm(dataDir, { recursive: true });
  expect(records).toEqual(['a before, b before', 'a before, a after, b before, b after']);
});

it('says so when it lacks an operation', async () => {
  const call = new DescribeAccountSettingsCommand({});
  expect(await errorOf(kinesis.send(call))).toMatchObject({
    message: expect.stringContaining('has no DescribeAccountSettings in its kinesis'),
  });
});
