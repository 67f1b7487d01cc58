import type {
  DescribeLimitsCommandInput,
  DescribeLimitsCommandOutput,
  DescribeStreamCommandInput,
  DescribeStreamCommandOutput,
  DescribeStreamSummaryCommandInput,
  DescribeStreamSummaryCommandOutput,
  ListStreamsCommandInput,
  ListStreamsCommandOutput,
} from '@aws-sdk/client-kinesis';
import { operation } from '../../service.ts';
import { mostOnDemandStreams } from './create-stream.ts';
import { onStream } from './demands.ts';
import { validate } from './errors.ts';
import { describeShard, listedShards, shardsAfter } from './list-shards.ts';
import { openShardCount, shardQuota } from './shard-quota.ts';
import { type Stream, streamOf, streamsOf } from './state.ts';
import { checkName, checkPage, checkShardId } from './stream-reference.ts';

/** Shards, or streams, in an answer unless the request says otherwise; a larger request gets no more. */
const pageSize = 100;

export const describeStream = operation<DescribeStreamCommandInput, DescribeStreamCommandOutput>({
  demands: onStream('DescribeStream'),
  run(input, call) {
    validate(checkPage('limit', input.Limit), ...checkShardId('exclusiveStartShardId', input.ExclusiveStartShardId));
    const stream = streamOf(input, call);
    const shards = stream.status === 'CREATING' ? [] : listedShards(stream, call.cloud.clock.now());
    const following = shardsAfter(shards, input.ExclusiveStartShardId);
    const page = following.slice(0, Math.min(input.Limit ?? pageSize, pageSize));
    return {
      StreamDescription: {
        ...describe(stream),
        Shards: page.map(describeShard),
        HasMoreShards: page.length < following.length,
      },
    };
  },
});

export const describeStreamSummary = operation<DescribeStreamSummaryCommandInput, DescribeStreamSummaryCommandOutput>({
  demands: onStream('DescribeStreamSummary'),
  run(input, call) {
    const stream = streamOf(input, call);
    return {
      StreamDescriptionSummary: {
        ...describe(stream),
        OpenShardCount: stream.status === 'CREATING' ? 0 : stream.open.length,
        ConsumerCount: 0,
        MaxRecordSizeInKiB: stream.maxRecordSizeInKiB,
      },
    };
  },
});

function describe(stream: Stream) {
  return {
    StreamName: stream.name,
    StreamARN: stream.arn,
    StreamStatus: stream.status,
    StreamModeDetails: { StreamMode: stream.mode },
    RetentionPeriodHours: stream.retentionHours,
    StreamCreationTimestamp: stream.createdAt,
    EnhancedMonitoring: [{ ShardLevelMetrics: stream.shardLevelMetrics }],
    EncryptionType: stream.encryptionKey === undefined ? ('NONE' as const) : ('KMS' as const),
    KeyId: stream.encryptionKey,
  };
}

export const listStreams = operation<ListStreamsCommandInput, ListStreamsCommandOutput>({
  run(input, call) {
    validate(checkPage('limit', input.Limit), ...checkName(input.ExclusiveStartStreamName));
    const after = input.NextToken ?? input.ExclusiveStartStreamName ?? '';
    const following = [...streamsOf(call.cloud, call.account, call.region).values()]
      .filter((stream) => stream.name > after)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = following.slice(0, Math.min(input.Limit ?? pageSize, pageSize));
    const hasMore = page.length < following.length;
    return {
      StreamNames: page.map((stream) => stream.name),
      HasMoreStreams: hasMore,
      ...(hasMore && { NextToken: page.at(-1)?.name }),
      StreamSummaries: page.map((stream) => ({
        StreamName: stream.name,
        StreamARN: stream.arn,
        StreamStatus: stream.status,
        StreamModeDetails: { StreamMode: stream.mode },
        StreamCreationTimestamp: stream.createdAt,
      })),
    };
  },
});

export const describeLimits = operation<DescribeLimitsCommandInput, DescribeLimitsCommandOutput>({
  run(_input, call) {
    const streams = [...streamsOf(call.cloud, call.account, call.region).values()];
    return {
      ShardLimit: shardQuota(call.region),
      OpenShardCount: openShardCount(streams),
      OnDemandStreamCount: streams.filter((stream) => stream.mode === 'ON_DEMAND').length,
      OnDemandStreamCountLimit: mostOnDemandStreams,
    };
  },
});
