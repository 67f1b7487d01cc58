import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteResourcePolicyCommand,
  DeleteStreamCommand,
  DeregisterStreamConsumerCommand,
  DescribeLimitsCommand,
  DescribeStreamCommand,
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  DisableEnhancedMonitoringCommand,
  EnableEnhancedMonitoringCommand,
  GetRecordsCommand,
  GetResourcePolicyCommand,
  GetShardIteratorCommand,
  IncreaseStreamRetentionPeriodCommand,
  KinesisClient,
  ListShardsCommand,
  ListStreamConsumersCommand,
  ListStreamsCommand,
  ListTagsForResourceCommand,
  ListTagsForStreamCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  PutResourcePolicyCommand,
  RegisterStreamConsumerCommand,
  RemoveTagsFromStreamCommand,
  SplitShardCommand,
  StartStreamEncryptionCommand,
  StopStreamEncryptionCommand,
  SubscribeToShardCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateMaxRecordSizeCommand,
  UpdateShardCountCommand,
  UpdateStreamModeCommand,
} from '@aws-sdk/client-kinesis';
import { expect } from 'vitest';
import { kinesis as service } from '../src/services/kinesis/service.ts';
import { type Contract, refusal, type Target } from './contract.ts';

const MiB = 1024 * 1024;
const reference = (operation: string) => `Kinesis API Reference, ${operation}`;
const quotas = 'Kinesis Data Streams Developer Guide, Quotas and limits';

/** A stream of one shard, ACTIVE. */
async function active(target: Target) {
  const kinesis = target.client(KinesisClient);
  const StreamName = target.name();
  target.afterwards(() => kinesis.send(new DeleteStreamCommand({ StreamName })));
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  await settled(target, kinesis, StreamName);
  return { kinesis, StreamName };
}

function settled(target: Target, kinesis: KinesisClient, StreamName: string) {
  return target.until(async () => {
    const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
    expect(StreamDescriptionSummary?.StreamStatus).toBe('ACTIVE');
  });
}

async function fromHorizon(kinesis: KinesisClient, StreamName: string, ShardId = 'shardId-000000000000') {
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  return ShardIterator as string;
}

/** A stream with a registered consumer, ACTIVE. */
async function consumer(target: Target) {
  const { kinesis, StreamName } = await active(target);
  const StreamARN = `arn:aws:kinesis:${target.region}:${target.account}:stream/${StreamName}`;
  const ConsumerName = 'reader';
  const { Consumer } = await kinesis.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName }));
  const ConsumerARN = Consumer?.ConsumerARN;
  await target.until(async () => {
    const { ConsumerDescription } = await kinesis.send(new DescribeStreamConsumerCommand({ ConsumerARN }));
    expect(ConsumerDescription?.ConsumerStatus).toBe('ACTIVE');
  });
  return { kinesis, StreamName, StreamARN, ConsumerName, ConsumerARN };
}

export const kinesis: Contract = {
  service,
  claims: [
    {
      operation: 'CreateStream',
      claim: 'refuses a name that is taken',
      source: reference('CreateStream'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        expect((await refusal(kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 })))).name).toBe(
          'ResourceInUseException',
        );
      },
    },
    {
      operation: 'PutRecord',
      claim: 'answers the shard and a sequence number that grows',
      source: reference('PutRecord'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const put = () => kinesis.send(new PutRecordCommand({ StreamName, Data: Buffer.from('a'), PartitionKey: 'k' }));
        const [first, second] = [await put(), await put()];
        expect(first.ShardId).toBe('shardId-000000000000');
        expect(BigInt(second.SequenceNumber as string)).toBeGreaterThan(BigInt(first.SequenceNumber as string));
      },
    },
    {
      operation: 'PutRecord',
      claim: 'refuses a record beyond 1 MiB',
      limit: '1 MiB a record',
      source: quotas,
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const call = new PutRecordCommand({ StreamName, Data: Buffer.alloc(MiB + 1), PartitionKey: 'k' });
        expect((await refusal(kinesis.send(call))).name).toMatch(/ValidationException|InvalidArgumentException/);
      },
    },
    {
      operation: 'PutRecord',
      claim: 'does not know a stream that is not there',
      source: reference('PutRecord'),
      async run(target) {
        const call = new PutRecordCommand({ StreamName: target.name(), Data: Buffer.from('a'), PartitionKey: 'k' });
        expect((await refusal(target.client(KinesisClient).send(call))).name).toBe('ResourceNotFoundException');
      },
    },
    {
      operation: 'PutRecords',
      claim: 'takes 500 records and refuses 501',
      limit: '500 records a call',
      source: reference('PutRecords'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const put = (count: number) =>
          kinesis.send(
            new PutRecordsCommand({
              StreamName,
              Records: Array.from({ length: count }, () => ({ Data: Buffer.from('a'), PartitionKey: 'k' })),
            }),
          );
        expect((await put(500)).FailedRecordCount).toBe(0);
        expect((await refusal(put(501))).name).toBe('ValidationException');
      },
    },
    {
      operation: 'GetRecords',
      claim: 'gives the records of a shard in their order, and where to go on',
      source: reference('GetRecords'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        for (const text of ['a', 'b', 'c']) {
          await kinesis.send(new PutRecordCommand({ StreamName, Data: Buffer.from(text), PartitionKey: 'k' }));
        }
        let iterator = await fromHorizon(kinesis, StreamName);
        const read: string[] = [];
        await target.until(async () => {
          const answer = await kinesis.send(new GetRecordsCommand({ ShardIterator: iterator }));
          iterator = answer.NextShardIterator as string;
          read.push(...(answer.Records ?? []).map(({ Data }) => Buffer.from(Data as Uint8Array).toString()));
          expect(read).toEqual(['a', 'b', 'c']);
        });
      },
    },
    {
      operation: 'GetRecords',
      claim: 'refuses more than 10,000 records',
      limit: '10,000 records a call',
      source: reference('GetRecords'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const ShardIterator = await fromHorizon(kinesis, StreamName);
        const call = new GetRecordsCommand({ ShardIterator, Limit: 10_001 });
        expect((await refusal(kinesis.send(call))).name).toMatch(/ValidationException|InvalidArgumentException/);
      },
    },
    {
      operation: 'GetShardIterator',
      claim: 'does not know a shard that is not there',
      source: reference('GetShardIterator'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const call = fromHorizon(kinesis, StreamName, 'shardId-000000000009');
        expect((await refusal(call)).name).toBe('ResourceNotFoundException');
      },
    },
    {
      operation: 'SplitShard',
      claim: 'closes the shard and opens two that name it as their parent',
      source: reference('SplitShard'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const half = String(2n ** 127n);
        await kinesis.send(
          new SplitShardCommand({ StreamName, ShardToSplit: 'shardId-000000000000', NewStartingHashKey: half }),
        );
        await settled(target, kinesis, StreamName);
        const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
        expect(Shards.map(({ ParentShardId }) => ParentShardId)).toEqual([
          undefined,
          'shardId-000000000000',
          'shardId-000000000000',
        ]);
        expect(Shards[0]?.SequenceNumberRange?.EndingSequenceNumber).toBeDefined();
      },
    },
    {
      operation: 'IncreaseStreamRetentionPeriod',
      claim: 'takes 8,760 hours and refuses one more',
      limit: '365 days of retention',
      source: quotas,
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const keep = (RetentionPeriodHours: number) =>
          kinesis.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours }));
        expect((await refusal(keep(8761))).name).toMatch(/InvalidArgumentException|ValidationException/);
        await keep(8760);
      },
    },
    {
      operation: 'DecreaseStreamRetentionPeriod',
      claim: 'refuses less than 24 hours',
      limit: '24 hours of retention at least',
      source: reference('DecreaseStreamRetentionPeriod'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const call = new DecreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 23 });
        expect((await refusal(kinesis.send(call))).name).toMatch(/InvalidArgumentException|ValidationException/);
      },
    },
    {
      operation: 'AddTagsToStream',
      claim: 'adds to the tags that are there',
      source: reference('AddTagsToStream'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        await kinesis.send(new AddTagsToStreamCommand({ StreamName, Tags: { team: 'a' } }));
        await kinesis.send(new AddTagsToStreamCommand({ StreamName, Tags: { stage: 'b' } }));
        const { Tags } = await kinesis.send(new ListTagsForStreamCommand({ StreamName }));
        expect(Tags).toEqual(
          expect.arrayContaining([
            { Key: 'team', Value: 'a' },
            { Key: 'stage', Value: 'b' },
          ]),
        );
      },
    },
    {
      operation: 'DeleteStream',
      claim: 'ends with the stream unknown',
      source: reference('DeleteStream'),
      async run(target) {
        const kinesis = target.client(KinesisClient);
        const StreamName = target.name();
        await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
        await settled(target, kinesis, StreamName);
        await kinesis.send(new DeleteStreamCommand({ StreamName }));
        await target.until(async () => {
          const gone = await refusal(kinesis.send(new DescribeStreamSummaryCommand({ StreamName })));
          expect(gone.name).toBe('ResourceNotFoundException');
        });
      },
    },
    {
      operation: 'DescribeStreamSummary',
      beside: ['DescribeStream', 'ListShards'],
      claim: 'counts the shards that DescribeStream and ListShards list',
      source: reference('DescribeStreamSummary'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
        const { StreamDescription } = await kinesis.send(new DescribeStreamCommand({ StreamName }));
        const { Shards } = await kinesis.send(new ListShardsCommand({ StreamName }));
        const counts = [StreamDescriptionSummary?.OpenShardCount, StreamDescription?.Shards?.length, Shards?.length];
        expect(counts).toEqual([1, 1, 1]);
      },
    },
    {
      operation: 'ListStreams',
      claim: 'goes on after the name it is given',
      source: reference('ListStreams'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const ExclusiveStartStreamName = StreamName.slice(0, -1);
        const { StreamNames } = await kinesis.send(new ListStreamsCommand({ ExclusiveStartStreamName, Limit: 1 }));
        expect(StreamNames?.[0]?.startsWith(ExclusiveStartStreamName)).toBe(true);
      },
    },
    {
      operation: 'DescribeLimits',
      claim: 'tells how many shards are open and may be',
      source: reference('DescribeLimits'),
      async run(target) {
        const { kinesis } = await active(target);
        const { ShardLimit = 0, OpenShardCount = 0 } = await kinesis.send(new DescribeLimitsCommand({}));
        expect(OpenShardCount).toBeGreaterThanOrEqual(1);
        expect(ShardLimit).toBeGreaterThanOrEqual(OpenShardCount);
      },
    },
    {
      operation: 'MergeShards',
      claim: 'refuses a shard with itself',
      source: reference('MergeShards'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const only = 'shardId-000000000000';
        const call = new MergeShardsCommand({ StreamName, ShardToMerge: only, AdjacentShardToMerge: only });
        expect((await refusal(kinesis.send(call))).name).toBe('InvalidArgumentException');
      },
    },
    {
      operation: 'UpdateShardCount',
      claim: 'refuses more than twice the shards at once',
      limit: 'at most double the shards',
      source: reference('UpdateShardCount'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const scale = (TargetShardCount: number) =>
          kinesis.send(new UpdateShardCountCommand({ StreamName, TargetShardCount, ScalingType: 'UNIFORM_SCALING' }));
        expect((await refusal(scale(3))).name).toMatch(/InvalidArgumentException|LimitExceededException/);
        expect(await scale(2)).toMatchObject({ CurrentShardCount: 1, TargetShardCount: 2 });
        await settled(target, kinesis, StreamName);
      },
    },
    {
      operation: 'UpdateStreamMode',
      claim: 'makes the stream scale by itself, with four shards at first',
      source: 'Kinesis Data Streams Developer Guide, Switch between capacity modes',
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
        const StreamARN = StreamDescriptionSummary?.StreamARN as string;
        await kinesis.send(new UpdateStreamModeCommand({ StreamARN, StreamModeDetails: { StreamMode: 'ON_DEMAND' } }));
        await settled(target, kinesis, StreamName);
        const now = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
        expect(now.StreamDescriptionSummary?.StreamModeDetails?.StreamMode).toBe('ON_DEMAND');
      },
    },
    {
      operation: 'UpdateMaxRecordSize',
      claim: 'refuses more than 10 MiB',
      limit: '10 MiB a record where the stream allows it',
      source: reference('UpdateMaxRecordSize'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
        const StreamARN = StreamDescriptionSummary?.StreamARN as string;
        const call = new UpdateMaxRecordSizeCommand({ StreamARN, MaxRecordSizeInKiB: 10_241 });
        expect((await refusal(kinesis.send(call))).name).toMatch(/ValidationException|InvalidArgumentException/);
      },
    },
    {
      operation: 'StartStreamEncryption',
      beside: ['StopStreamEncryption'],
      claim: 'marks records with KMS, until it is stopped',
      source: reference('StartStreamEncryption'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const key = { StreamName, EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } as const;
        const put = async () =>
          (await kinesis.send(new PutRecordCommand({ StreamName, Data: Buffer.from('a'), PartitionKey: 'k' })))
            .EncryptionType;
        await kinesis.send(new StartStreamEncryptionCommand(key));
        await settled(target, kinesis, StreamName);
        expect(await put()).toBe('KMS');
        await kinesis.send(new StopStreamEncryptionCommand(key));
        await settled(target, kinesis, StreamName);
        expect(await put()).toBe('NONE');
      },
    },
    {
      operation: 'EnableEnhancedMonitoring',
      beside: ['DisableEnhancedMonitoring'],
      claim: 'answers which metrics there were and are',
      source: reference('EnableEnhancedMonitoring'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const metrics = { StreamName, ShardLevelMetrics: ['IncomingBytes' as const] };
        const on = await kinesis.send(new EnableEnhancedMonitoringCommand(metrics));
        expect(on.DesiredShardLevelMetrics).toEqual(['IncomingBytes']);
        await settled(target, kinesis, StreamName);
        const off = await kinesis.send(new DisableEnhancedMonitoringCommand(metrics));
        expect(off.CurrentShardLevelMetrics).toEqual(['IncomingBytes']);
        expect(off.DesiredShardLevelMetrics).toEqual([]);
      },
    },
    {
      operation: 'PutResourcePolicy',
      beside: ['GetResourcePolicy', 'DeleteResourcePolicy'],
      claim: 'keeps a policy until it is deleted',
      source: reference('PutResourcePolicy'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
        const ResourceARN = StreamDescriptionSummary?.StreamARN as string;
        const Principal = { AWS: `arn:aws:iam::${target.account}:root` };
        const Statement = [
          { Sid: 'read', Effect: 'Allow', Principal, Action: 'kinesis:GetRecords', Resource: ResourceARN },
        ];
        const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
        await kinesis.send(new PutResourcePolicyCommand({ ResourceARN, Policy }));
        const read = async () =>
          JSON.parse((await kinesis.send(new GetResourcePolicyCommand({ ResourceARN }))).Policy as string);
        expect((await read()).Statement).toHaveLength(1);
        await kinesis.send(new DeleteResourcePolicyCommand({ ResourceARN }));
        await target.until(async () => expect((await read()).Statement ?? []).toEqual([]));
      },
    },
    {
      operation: 'TagResource',
      beside: ['UntagResource', 'ListTagsForResource'],
      claim: 'tags a stream by its ARN',
      source: reference('TagResource'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const ResourceARN = `arn:aws:kinesis:${target.region}:${target.account}:stream/${StreamName}`;
        await kinesis.send(new TagResourceCommand({ ResourceARN, Tags: { team: 'a', stage: 'b' } }));
        await kinesis.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['stage'] }));
        const { Tags } = await kinesis.send(new ListTagsForResourceCommand({ ResourceARN }));
        expect(Tags).toEqual([{ Key: 'team', Value: 'a' }]);
      },
    },
    {
      operation: 'RemoveTagsFromStream',
      beside: ['ListTagsForStream'],
      claim: 'takes away the tags it names, and says nothing of those that are not there',
      source: reference('RemoveTagsFromStream'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        await kinesis.send(new AddTagsToStreamCommand({ StreamName, Tags: { team: 'a', stage: 'b' } }));
        await kinesis.send(new RemoveTagsFromStreamCommand({ StreamName, TagKeys: ['team', 'none'] }));
        const { Tags } = await kinesis.send(new ListTagsForStreamCommand({ StreamName }));
        expect(Tags).toEqual([{ Key: 'stage', Value: 'b' }]);
      },
    },
    {
      operation: 'RegisterStreamConsumer',
      beside: ['DescribeStreamConsumer', 'ListStreamConsumers', 'DeregisterStreamConsumer'],
      claim: 'makes a consumer of the stream that stands until it is deregistered',
      source: reference('RegisterStreamConsumer'),
      async run(target) {
        const { kinesis, StreamARN, ConsumerName, ConsumerARN } = await consumer(target);
        const again = kinesis.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName }));
        expect((await refusal(again)).name).toBe('ResourceInUseException');
        const { Consumers } = await kinesis.send(new ListStreamConsumersCommand({ StreamARN }));
        expect(Consumers?.map((one) => one.ConsumerARN)).toEqual([ConsumerARN]);
        await kinesis.send(new DeregisterStreamConsumerCommand({ ConsumerARN }));
        await target.until(async () => {
          const gone = kinesis.send(new DescribeStreamConsumerCommand({ ConsumerARN }));
          expect((await refusal(gone)).name).toBe('ResourceNotFoundException');
        });
      },
    },
    {
      operation: 'RegisterStreamConsumer',
      claim: 'refuses a name with a space',
      source: reference('RegisterStreamConsumer'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const StreamARN = `arn:aws:kinesis:${target.region}:${target.account}:stream/${StreamName}`;
        const call = new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'a b' });
        expect((await refusal(kinesis.send(call))).name).toBe('ValidationException');
      },
    },
    {
      operation: 'SubscribeToShard',
      claim: 'pushes records as events, and refuses a second subscription in the next five seconds',
      limit: '1 subscription for each consumer and shard, anew after 5 seconds',
      source: reference('SubscribeToShard'),
      async run(target) {
        const { kinesis, StreamName, ConsumerARN } = await consumer(target);
        await kinesis.send(new PutRecordCommand({ StreamName, Data: Buffer.from('pushed'), PartitionKey: 'key' }));
        const call = () =>
          kinesis.send(
            new SubscribeToShardCommand({
              ConsumerARN,
              ShardId: 'shardId-000000000000',
              StartingPosition: { Type: 'TRIM_HORIZON' },
            }),
          );
        const { EventStream } = await call();
        expect((await refusal(call())).name).toBe('ResourceInUseException');
        for await (const { SubscribeToShardEvent: event } of EventStream ?? []) {
          if (!event?.Records?.length) continue;
          expect(Buffer.from(event.Records[0]?.Data ?? []).toString()).toBe('pushed');
          expect(event.ContinuationSequenceNumber).toBe(event.Records[0]?.SequenceNumber);
          break;
        }
      },
    },
  ],
};
