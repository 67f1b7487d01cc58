import type {
  MergeShardsCommandInput,
  MergeShardsCommandOutput,
  SplitShardCommandInput,
  SplitShardCommandOutput,
  UpdateShardCountCommandInput,
  UpdateShardCountCommandOutput,
} from '@aws-sdk/client-kinesis';
import { between, matches, oneOf } from '../../constraints.ts';
import { validationError } from '../../errors.ts';
import { type Call, operation } from '../../service.ts';
import { onStream } from './demands.ts';
import { invalidArgument, limitExceeded, shardNotFound, validate } from './errors.ts';
import { listedShards } from './list-shards.ts';
import { merge, reshardEvenly, split } from './reshard.ts';
import { checkShardQuota } from './shard-quota.ts';
import { begin, requireActive, type Shard, type Stream, streamOf, streamsOf } from './state.ts';
import { checkShardId, type StreamReference } from './stream-reference.ts';

const dayMs = 24 * 3_600_000;
/** "Scale more than ten times per rolling 24-hour period per stream" (UpdateShardCount, Kinesis API Reference) */
const mostUpdatesPerDay = 10;
/** "Scale up to more than 10000 shards in a stream" */
const mostShardsByUpdate = 10_000;

export const splitShard = operation<SplitShardCommandInput, SplitShardCommandOutput>({
  demands: onStream('SplitShard'),
  run(input, call) {
    validate(
      ...checkShardId('shardToSplit', input.ShardToSplit),
      matches('newStartingHashKey', input.NewStartingHashKey, String.raw`0|([1-9]\d{0,38})`),
    );
    const stream = reshardableStream(input, call);
    const shard = openShard(stream, input.ShardToSplit as string, call);
    const at = BigInt(input.NewStartingHashKey as string);
    if (at <= shard.startingHashKey + 1n || at >= shard.endingHashKey) {
      throw invalidArgument(
        `NewStartingHashKey ${at} used in SplitShard() on shard ${shard.id} in stream ${stream.name} under account ` +
          `${stream.account} is not both greater than one plus the shard's StartingHashKey ${shard.startingHashKey} ` +
          `and less than the shard's EndingHashKey ${shard.endingHashKey}.`,
      );
    }
    checkShardQuota(streamsOf(call.cloud, call.account, call.region).values(), 1, call);
    requireActive(stream);
    split(stream, shard, at, call.cloud.clock.now());
    begin(stream, 'UPDATING', call);
    return {};
  },
});

export const mergeShards = operation<MergeShardsCommandInput, MergeShardsCommandOutput>({
  demands: onStream('MergeShards'),
  run(input, call) {
    validate(
      ...checkShardId('shardToMerge', input.ShardToMerge),
      ...checkShardId('adjacentShardToMerge', input.AdjacentShardToMerge),
    );
    const stream = reshardableStream(input, call);
    const one = openShard(stream, input.ShardToMerge as string, call);
    const other = openShard(stream, input.AdjacentShardToMerge as string, call);
    const [lower, upper] = one.startingHashKey < other.startingHashKey ? [one, other] : [other, one];
    if (lower.endingHashKey + 1n !== upper.startingHashKey) {
      throw invalidArgument(
        `Shards ${one.id} and ${other.id} in stream ${stream.name} under account ${stream.account} are not an ` +
          'adjacent pair of shards eligible for merging',
      );
    }
    requireActive(stream);
    merge(stream, lower, upper, call.cloud.clock.now());
    begin(stream, 'UPDATING', call);
    return {};
  },
});

export const updateShardCount = operation<UpdateShardCountCommandInput, UpdateShardCountCommandOutput>({
  demands: onStream('UpdateShardCount'),
  run(input, call) {
    const target = input.TargetShardCount as number;
    validate(
      between('targetShardCount', target, 1, 100_000),
      oneOf('scalingType', input.ScalingType, ['UNIFORM_SCALING']),
    );
    const stream = reshardableStream(input, call);
    requireActive(stream);
    const now = call.cloud.clock.now();
    const current = stream.open.length;
    checkScaling(stream, target, now);
    checkShardQuota(streamsOf(call.cloud, call.account, call.region).values(), target - current, call);
    reshardEvenly(stream, target, now);
    stream.shardCountUpdates.push(now);
    begin(stream, 'UPDATING', call);
    return {
      StreamName: stream.name,
      StreamARN: stream.arn,
      CurrentShardCount: current,
      TargetShardCount: target,
    };
  },
});

/** Throws LimitExceededException for what UpdateShardCount may not do. */
function checkScaling(stream: Stream, target: number, now: number): void {
  const current = stream.open.length;
  const counts = `Current open shard count: ${current}, Target shard count: ${target}`;
  if (target > mostShardsByUpdate) {
    const rule = `Target shard count or number of open shards cannot be greater than ${mostShardsByUpdate}.`;
    throw limitExceeded(`${rule} ${counts}`);
  }
  if (target > current * 2) {
    throw limitExceeded(`UpdateShardCount cannot scale up over double your current open shard count. ${counts}`);
  }
  if (target < current / 2) {
    throw limitExceeded(`UpdateShardCount cannot scale down below half your current open shard count. ${counts}`);
  }
  stream.shardCountUpdates = stream.shardCountUpdates.filter((time) => time > now - dayMs);
  if (stream.shardCountUpdates.length >= mostUpdatesPerDay) {
    throw limitExceeded(
      `UpdateShardCount cannot scale more than ${mostUpdatesPerDay} times per rolling 24-hour period. ${counts}`,
    );
  }
}

/** The stream an input names. Throws ValidationException when AWS manages its shards. */
function reshardableStream(input: StreamReference, call: Call): Stream {
  const stream = streamOf(input, call);
  if (stream.mode === 'ON_DEMAND') {
    throw validationError(
      `Request is invalid. Stream ${stream.name} under account ${stream.account} is in On-Demand mode.`,
    );
  }
  return stream;
}

function openShard(stream: Stream, id: string, call: Call): Shard {
  const shard = listedShards(stream, call.cloud.clock.now()).find((one) => one.id === id);
  if (!shard) throw shardNotFound(id, stream.name, stream.account);
  if (shard.closedAt !== undefined) {
    throw invalidArgument(
      `Shard ${id} in stream ${stream.name} under account ${stream.account} has already been merged or split, and ` +
        'thus is not eligible for merging or splitting.',
    );
  }
  return shard;
}
