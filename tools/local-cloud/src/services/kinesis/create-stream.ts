import type {
  CreateStreamCommandInput,
  CreateStreamCommandOutput,
  DeleteStreamCommandInput,
  DeleteStreamCommandOutput,
} from '@aws-sdk/client-kinesis';
import { between, oneOf } from '../../constraints.ts';
import { AwsError } from '../../errors.ts';
import { type Call, operation } from '../../service.ts';
import { demand, onStream } from './demands.ts';
import { invalidArgument, limitExceeded, validate } from './errors.ts';
import { noDemand, onDemandShards } from './on-demand.ts';
import { createShards } from './reshard.ts';
import { largestRecordKiB } from './shard.ts';
import { checkShardQuota } from './shard-quota.ts';
import { begin, type Stream, streamOf, streamsOf } from './state.ts';
import { arnOf, checkName, type StreamLocation } from './stream-reference.ts';
import { checkTags } from './tag-rules.ts';

/** "Have more than five streams in the CREATING state at any point in time." (CreateStream, Kinesis API Reference) */
const mostCreating = 5;
/** By default, accounts have 50 on-demand streams ("Quotas and limits", Kinesis Developer Guide). */
export const mostOnDemandStreams = 50;

export const createStream = operation<CreateStreamCommandInput, CreateStreamCommandOutput>({
  demands(input, call) {
    const location = locationOf(input, call);
    const create = demand('CreateStream', location, call);
    return input.Tags ? [create, demand('AddTagsToStream', location, call)] : [create];
  },
  run(input, call) {
    const location = locationOf(input, call);
    const mode = check(input);
    const streams = streamsOf(call.cloud, call.account, call.region);
    if (streams.has(location.name)) {
      const message = `Stream ${location.name} under account ${call.account} already exists.`;
      throw new AwsError('ResourceInUseException', message);
    }
    const shardCount = input.ShardCount ?? onDemandShards;
    checkQuotas(streams, mode, shardCount, call);
    const stream = emptyStream(location, mode, input, call);
    createShards(stream, shardCount, call.cloud.clock.now());
    begin(stream, 'CREATING', call);
    streams.set(stream.name, stream);
    return {};
  },
});

export const deleteStream = operation<DeleteStreamCommandInput, DeleteStreamCommandOutput>({
  demands: onStream('DeleteStream'),
  run(input, call) {
    const stream = streamOf(input, call);
    if (stream.status !== 'DELETING') begin(stream, 'DELETING', call);
    return {};
  },
});

function locationOf(input: CreateStreamCommandInput, call: Call): StreamLocation {
  return { account: call.account, region: call.region, name: input.StreamName ?? '' };
}

/** Answers the capacity mode: provisioned unless the input says otherwise. */
function check(input: CreateStreamCommandInput): 'ON_DEMAND' | 'PROVISIONED' {
  const mode = input.StreamModeDetails?.StreamMode ?? 'PROVISIONED';
  validate(
    ...checkName(input.StreamName),
    between('shardCount', input.ShardCount, 1, 100_000),
    oneOf('streamModeDetails.streamMode', mode, ['PROVISIONED', 'ON_DEMAND']),
    between('maxRecordSizeInKiB', input.MaxRecordSizeInKiB, 1024, largestRecordKiB),
  );
  checkTags(input.Tags ?? {});
  if (input.WarmThroughputMiBps !== undefined) {
    throw invalidArgument('WarmThroughputMiBps needs MinimumThroughputBillingCommitment, which this account has not.');
  }
  if (input.RecordDistributionStrategy === 'AUTO') {
    throw invalidArgument('RecordDistributionStrategy AUTO is not supported here: use USER_PARTITION_KEY.');
  }
  if (mode === 'ON_DEMAND' && input.ShardCount !== undefined) {
    throw invalidArgument('ShardCount cannot be set for a stream in ON_DEMAND mode.');
  }
  if (mode !== 'ON_DEMAND' && input.ShardCount === undefined) {
    throw invalidArgument('ShardCount must be set for a stream in PROVISIONED mode.');
  }
  return mode;
}

function checkQuotas(streams: ReadonlyMap<string, Stream>, mode: string, shardCount: number, call: Call): void {
  const all = [...streams.values()];
  if (all.filter((stream) => stream.status === 'CREATING').length >= mostCreating) {
    throw limitExceeded(
      `Account ${call.account} has ${mostCreating} streams in the CREATING state already; wait until one is ACTIVE.`,
    );
  }
  if (mode === 'PROVISIONED') checkShardQuota(all, shardCount, call);
  else if (all.filter((stream) => stream.mode === 'ON_DEMAND').length >= mostOnDemandStreams) {
    throw limitExceeded(`Account ${call.account} has ${mostOnDemandStreams} on-demand streams already.`);
  }
}

function emptyStream(
  location: StreamLocation,
  mode: 'ON_DEMAND' | 'PROVISIONED',
  input: CreateStreamCommandInput,
  call: Call,
): Stream {
  return {
    ...location,
    arn: arnOf(location),
    createdAt: new Date(call.cloud.clock.now()),
    status: 'CREATING',
    mode,
    retentionHours: 24,
    maxRecordSizeInKiB: input.MaxRecordSizeInKiB ?? 1024,
    shards: [],
    open: [],
    shardsCreated: 0,
    tags: new Map(Object.entries(input.Tags ?? {})),
    shardLevelMetrics: [],
    consumers: new Map(),
    shardCountUpdates: [],
    modeUpdates: [],
    demand: mode === 'ON_DEMAND' ? noDemand(call.cloud.clock.now()) : undefined,
  };
}
