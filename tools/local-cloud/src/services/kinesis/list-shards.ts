import type {
  ListShardsCommandInput,
  ListShardsCommandOutput,
  Shard as ShardDescription,
  ShardFilter,
} from '@aws-sdk/client-kinesis';
import { oneOf } from '../../constraints.ts';
import { AwsError } from '../../errors.ts';
import { type Call, operation } from '../../service.ts';
import { demand } from './demands.ts';
import { invalidArgument, validate } from './errors.ts';
import { endingSequenceNumber, startingSequenceNumber } from './shard.ts';
import { type Shard, type Stream, streamOf, trimHorizon } from './state.ts';
import { checkPage, checkShardId, locate, locateArn, type StreamLocation } from './stream-reference.ts';

/** ListShards, Kinesis API Reference: at most 1,000 shards an answer; a token lives 300 seconds. */
const pageSize = 1000;
const tokenLifetimeMs = 300_000;

const filterTypes = [
  'AFTER_SHARD_ID',
  'AT_TRIM_HORIZON',
  'FROM_TRIM_HORIZON',
  'AT_LATEST',
  'AT_TIMESTAMP',
  'FROM_TIMESTAMP',
];

interface Page {
  readonly streamArn: string;
  readonly after: string | undefined;
  readonly filter: ShardFilter | undefined;
}

export const listShards = operation<ListShardsCommandInput, ListShardsCommandOutput>({
  demands: (input, call) => [demand('ListShards', locationOf(input, call), call)],
  run(input, call) {
    validate(
      checkPage('maxResults', input.MaxResults),
      ...checkShardId('exclusiveStartShardId', input.ExclusiveStartShardId),
      oneOf('shardFilter.type', input.ShardFilter?.Type, filterTypes),
    );
    const now = call.cloud.clock.now();
    const stream = streamOf({ StreamARN: locationArn(input, call) }, call);
    if (stream.status === 'CREATING') {
      const message = `Stream ${stream.name} under account ${stream.account} not ACTIVE, instead in state CREATING`;
      throw new AwsError('ResourceInUseException', message);
    }
    const page = input.NextToken === undefined ? firstPage(stream, input) : parseToken(input.NextToken, now);
    const matching = listedShards(stream, now).filter(filterOf(page.filter, stream, now));
    const following = shardsAfter(matching, page.after);
    const shards = following.slice(0, Math.min(input.MaxResults ?? pageSize, pageSize));
    const hasMore = shards.length < following.length;
    return {
      Shards: shards.map(describeShard),
      ...(hasMore && { NextToken: formatToken({ ...page, after: shards.at(-1)?.id }, now) }),
    };
  },
});

/** The shards of a stream that are not expired: a closed one goes when the last of its records has. */
export function listedShards(stream: Stream, now: number): Shard[] {
  const horizon = trimHorizon(stream, now);
  stream.shards = stream.shards.filter((shard) => shard.closedAt === undefined || shard.closedAt >= horizon);
  return stream.shards;
}

export function shardsAfter(shards: readonly Shard[], id: string | undefined): readonly Shard[] {
  return id === undefined ? shards : shards.filter((shard) => shard.id > id);
}

export function describeShard(shard: Shard): ShardDescription {
  return {
    ShardId: shard.id,
    ParentShardId: shard.parentId,
    AdjacentParentShardId: shard.adjacentParentId,
    HashKeyRange: {
      StartingHashKey: String(shard.startingHashKey),
      EndingHashKey: String(shard.endingHashKey),
    },
    SequenceNumberRange: {
      StartingSequenceNumber: startingSequenceNumber(shard),
      EndingSequenceNumber: endingSequenceNumber(shard),
    },
  };
}

function locationOf(input: ListShardsCommandInput, call: Call): StreamLocation {
  const isNamed = input.StreamName !== undefined || input.StreamARN !== undefined;
  if (!isNamed && input.NextToken === undefined) {
    throw invalidArgument('Either NextToken or StreamName should be provided.');
  }
  if (input.StreamName !== undefined && input.NextToken !== undefined) {
    throw invalidArgument('NextToken and StreamName cannot be provided together.');
  }
  if (input.NextToken === undefined) return locate(input, call);
  return locateArn('nextToken', parseToken(input.NextToken, call.cloud.clock.now()).streamArn);
}

function locationArn(input: ListShardsCommandInput, call: Call): string {
  const { account, region, name } = locationOf(input, call);
  return `arn:aws:kinesis:${region}:${account}:stream/${name}`;
}

function firstPage(stream: Stream, input: ListShardsCommandInput): Page {
  const { ShardFilter: filter, ExclusiveStartShardId: after, StreamCreationTimestamp: created } = input;
  if (filter?.Type === 'AFTER_SHARD_ID' && filter.ShardId === undefined) {
    throw invalidArgument('ShardFilter of type AFTER_SHARD_ID needs a ShardId.');
  }
  if ((filter?.Type === 'AT_TIMESTAMP' || filter?.Type === 'FROM_TIMESTAMP') && filter.Timestamp === undefined) {
    throw invalidArgument(`ShardFilter of type ${filter.Type} needs a Timestamp.`);
  }
  if (created && Math.floor(created.getTime() / 1000) !== Math.floor(stream.createdAt.getTime() / 1000)) {
    throw new AwsError(
      'ResourceNotFoundException',
      `Stream ${stream.name} under account ${stream.account} was not created at ${created.toISOString()}.`,
    );
  }
  return { streamArn: stream.arn, after, filter };
}

function filterOf(filter: ShardFilter | undefined, stream: Stream, now: number): (shard: Shard) => boolean {
  const wasOpenAt = (time: number) => (shard: Shard) => shard.createdAt <= time && isOpenFrom(time)(shard);
  const isOpenFrom = (time: number) => (shard: Shard) => shard.closedAt === undefined || shard.closedAt >= time;
  const timestamp = filter?.Timestamp?.getTime() ?? now;
  switch (filter?.Type) {
    case 'AFTER_SHARD_ID':
      return (shard) => shard.id > (filter.ShardId ?? '');
    case 'AT_LATEST':
      return (shard) => shard.closedAt === undefined;
    case 'AT_TRIM_HORIZON':
      return wasOpenAt(trimHorizon(stream, now));
    case 'AT_TIMESTAMP':
      return wasOpenAt(timestamp);
    case 'FROM_TIMESTAMP':
      return isOpenFrom(timestamp);
    default:
      return () => true;
  }
}

function formatToken(page: Page, now: number): string {
  const { ShardId, Timestamp, Type } = page.filter ?? {};
  const filter = page.filter && { Type, ShardId, Timestamp: Timestamp?.getTime() };
  return Buffer.from(JSON.stringify({ ...page, filter, issued: now })).toString('base64');
}

/** Throws ExpiredNextTokenException, and InvalidArgumentException for what is no token. */
function parseToken(token: string, now: number): Page {
  let page: Omit<Page, 'filter'> & { filter?: { Timestamp?: number } & object; issued: number };
  try {
    page = JSON.parse(Buffer.from(token, 'base64').toString());
  } catch {
    throw invalidArgument('NextToken is invalid.');
  }
  if (now - page.issued > tokenLifetimeMs) {
    throw new AwsError('ExpiredNextTokenException', 'The pagination token passed to the operation is expired.');
  }
  const timestamp = page.filter?.Timestamp;
  const filter = page.filter && { ...page.filter, ...(timestamp !== undefined && { Timestamp: new Date(timestamp) }) };
  return { streamArn: page.streamArn, after: page.after, filter: filter as ShardFilter | undefined };
}
