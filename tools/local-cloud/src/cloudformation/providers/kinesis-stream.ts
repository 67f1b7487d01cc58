import type {
  DescribeStreamSummaryCommandOutput,
  ListTagsForStreamCommandOutput,
  StreamDescriptionSummary,
} from '@aws-sdk/client-kinesis';
import { AwsError } from '../../errors.ts';
import { physicalName } from '../physical-name.ts';
import type { Properties, ResourceProvider, ResourceRequest, ResourceResult } from '../provider.ts';
import { tagChanges, tagMap, unlessGone, until } from './calls.ts';

export const kinesisStream: ResourceProvider = {
  type: 'AWS::Kinesis::Stream',
  properties: [
    'DesiredShardLevelMetrics',
    'MaxRecordSizeInKiB',
    'Name',
    'RetentionPeriodHours',
    'ShardCount',
    'StreamEncryption',
    'StreamModeDetails',
    'Tags',
  ],
  async create(request) {
    const { MaxRecordSizeInKiB, ShardCount, StreamModeDetails, Tags } = request.properties;
    const StreamName = request.properties['Name'] ?? physicalName(request, { longest: 128 });
    const settings = { ShardCount, StreamModeDetails, MaxRecordSizeInKiB };
    await request.call('kinesis', 'CreateStream', { StreamName, ...settings, ...(Tags && { Tags: tagMap(Tags) }) });
    request.created(StreamName);
    await active(request, StreamName);
    await changeSettings(request, StreamName, {});
    return resultOf(await active(request, StreamName));
  },
  async update(request) {
    const { physicalId: StreamName, properties, previous } = request;
    await changeCapacity(request, StreamName);
    await changeSettings(request, StreamName, previous);
    const { set, removed } = tagChanges(previous['Tags'], properties['Tags']);
    if (removed.length > 0) await request.call('kinesis', 'RemoveTagsFromStream', { StreamName, TagKeys: removed });
    if (set.length > 0) await request.call('kinesis', 'AddTagsToStream', { StreamName, Tags: tagMap(set) });
    return resultOf(await active(request, StreamName));
  },
  async delete(request) {
    const { physicalId: StreamName } = request;
    await unlessGone(['ResourceNotFoundException'], () =>
      request.call('kinesis', 'DeleteStream', { StreamName, EnforceConsumerDeletion: true }),
    );
    await until(request, async () => (await summaryOf(request, StreamName)) === undefined);
  },
  async read(request) {
    const summary = await summaryOf(request, request.physicalId);
    if (!summary) return undefined;
    const { StreamName, OpenShardCount, RetentionPeriodHours, StreamModeDetails, MaxRecordSizeInKiB } = summary;
    const { EncryptionType, KeyId, EnhancedMonitoring } = summary;
    const input = { StreamName };
    const { Tags = [] } = await request.call<ListTagsForStreamCommandOutput>('kinesis', 'ListTagsForStream', input);
    const properties = {
      Name: StreamName,
      ShardCount: OpenShardCount,
      RetentionPeriodHours,
      StreamModeDetails,
      MaxRecordSizeInKiB,
      StreamEncryption: EncryptionType === 'KMS' ? { EncryptionType, KeyId } : undefined,
      DesiredShardLevelMetrics: EnhancedMonitoring?.[0]?.ShardLevelMetrics,
      Tags: Tags.length > 0 ? Tags : undefined,
    };
    return { ...resultOf(summary), properties };
  },
};

/** The stream, once nothing about it is changing any more: Kinesis refuses changes until then. */
async function active(request: ResourceRequest, name: string): Promise<StreamDescriptionSummary | undefined> {
  let summary: StreamDescriptionSummary | undefined;
  await until(request, async () => {
    summary = await summaryOf(request, name);
    return summary?.StreamStatus === 'ACTIVE';
  });
  return summary;
}

async function summaryOf(request: ResourceRequest, StreamName: string): Promise<StreamDescriptionSummary | undefined> {
  try {
    const input = { StreamName };
    return (await request.call<DescribeStreamSummaryCommandOutput>('kinesis', 'DescribeStreamSummary', input))
      .StreamDescriptionSummary;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

async function changeCapacity(request: ResourceRequest, StreamName: string): Promise<void> {
  const { StreamModeDetails, ShardCount, MaxRecordSizeInKiB } = request.properties;
  const summary = await active(request, StreamName);
  const { StreamARN } = summary ?? {};
  const mode = StreamModeDetails?.StreamMode;
  if (mode && mode !== summary?.StreamModeDetails?.StreamMode) {
    await request.call('kinesis', 'UpdateStreamMode', { StreamARN, StreamModeDetails });
    await active(request, StreamName);
  }
  if (ShardCount !== undefined && ShardCount !== summary?.OpenShardCount) {
    const scaling = { TargetShardCount: ShardCount, ScalingType: 'UNIFORM_SCALING' };
    await request.call('kinesis', 'UpdateShardCount', { StreamName, ...scaling });
    await active(request, StreamName);
  }
  if (MaxRecordSizeInKiB !== undefined && MaxRecordSizeInKiB !== summary?.MaxRecordSizeInKiB) {
    await request.call('kinesis', 'UpdateMaxRecordSize', { StreamARN, MaxRecordSizeInKiB });
    await active(request, StreamName);
  }
}

/** "RetentionPeriodHours", AWS::Kinesis::Stream: 24 when not given. */
const defaultRetentionHours = 24;

/** Retention, encryption and metrics. What differs is read from the stream, so that a half-done change can be undone. */
async function changeSettings(request: ResourceRequest, StreamName: string, previous: Properties): Promise<void> {
  const { properties } = request;
  const summary = await active(request, StreamName);
  const [hours, wanted] = [summary?.RetentionPeriodHours, properties['RetentionPeriodHours'] ?? defaultRetentionHours];
  if (hours !== undefined && hours !== wanted) {
    const verb = wanted > hours ? 'Increase' : 'Decrease';
    const change = { StreamName, RetentionPeriodHours: wanted };
    await request.call('kinesis', `${verb}StreamRetentionPeriod`, change);
    await active(request, StreamName);
  }
  const { StreamEncryption: encryption } = properties;
  if (encryption && summary?.KeyId !== encryption.KeyId) {
    await request.call('kinesis', 'StartStreamEncryption', { StreamName, ...encryption });
  } else if (!encryption && summary?.EncryptionType === 'KMS') {
    await request.call('kinesis', 'StopStreamEncryption', { StreamName, EncryptionType: 'KMS', KeyId: summary.KeyId });
  }
  await active(request, StreamName);
  const [old, next]: [string[], string[]] = [
    previous['DesiredShardLevelMetrics'] ?? [],
    properties['DesiredShardLevelMetrics'] ?? [],
  ];
  const off = old.filter((name) => !next.includes(name));
  const on = next.filter((name) => !old.includes(name));
  if (off.length > 0)
    await request.call('kinesis', 'DisableEnhancedMonitoring', { StreamName, ShardLevelMetrics: off });
  if (on.length > 0) await request.call('kinesis', 'EnableEnhancedMonitoring', { StreamName, ShardLevelMetrics: on });
}

function resultOf(summary: StreamDescriptionSummary | undefined): ResourceResult {
  return { physicalId: summary?.StreamName ?? '', attributes: { Arn: summary?.StreamARN } };
}
