import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteResourcePolicyCommand,
  DeleteStreamCommand,
  DescribeLimitsCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  DisableEnhancedMonitoringCommand,
  EnableEnhancedMonitoringCommand,
  GetResourcePolicyCommand,
  IncreaseStreamRetentionPeriodCommand,
  KinesisClient,
  ListShardsCommand,
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
  UpdateMaxRecordSizeCommand,
  UpdateStreamModeCommand,
} from '@aws-sdk/client-kinesis';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { active, quotas, reference, settled } from './kinesis-support.ts';

/** Claims about streams, what they are set to and how they are tagged. */
export const streamClaims: readonly Claim[] = [
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
];
