import type { EncryptionType, MetricsName, StreamMode, StreamStatus } from '@aws-sdk/client-kinesis';
import { AwsError } from '../../errors.ts';
import type { Call, Cloud } from '../../service.ts';
import type { TokenBucket } from '../../token-bucket.ts';
import { streamNotFound } from './errors.ts';
import { type Demand, scaleOnDemand } from './on-demand.ts';
import { locate, type StreamReference } from './stream-reference.ts';

export interface StoredRecord {
  readonly data: Uint8Array;
  readonly partitionKey: string;
  /** Milliseconds since the epoch. */
  readonly arrived: number;
  readonly encryptionType: EncryptionType;
}

export interface Shard {
  /** `shardId-000000000000` */
  readonly id: string;
  readonly index: number;
  readonly parentId?: string;
  readonly adjacentParentId?: string;
  readonly startingHashKey: bigint;
  readonly endingHashKey: bigint;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Seconds since the epoch, later than any parent's: the leading part of its sequence numbers. */
  readonly createdSecond: number;
  closedAt?: number;
  /** Position of `records[0]`, the oldest one kept; the first record of a shard has 1. */
  firstPosition: number;
  readonly records: StoredRecord[];
  readonly writtenBytes: TokenBucket;
  readonly writtenRecords: TokenBucket;
  readonly readCalls: TokenBucket;
  readonly readBytes: TokenBucket;
  /** GetRecords returned more than the rate allows and is refused until the rate has caught up. */
  isReadOverdrawn: boolean;
  readonly iteratorCalls: TokenBucket;
}

export interface StreamConsumer {
  readonly name: string;
  readonly arn: string;
  readonly created: Date;
  /** When CREATING is over. Milliseconds since the epoch. */
  readonly activeFrom: number;
  tags: Map<string, string>;
  /** As it was put. */
  policy?: string | undefined;
}

export interface Stream {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly createdAt: Date;
  status: StreamStatus;
  /** When CREATING, UPDATING or DELETING is over. Milliseconds since the epoch. */
  statusUntil?: number | undefined;
  mode: StreamMode;
  retentionHours: number;
  maxRecordSizeInKiB: number;
  /** The KMS key the records are (said to be) encrypted with. */
  encryptionKey?: string | undefined;
  /** In order of creation, closed ones included. */
  shards: Shard[];
  /** The open ones, in order of their hash keys. */
  open: Shard[];
  shardsCreated: number;
  tags: Map<string, string>;
  shardLevelMetrics: MetricsName[];
  /** Registered for enhanced fan-out, by name. */
  readonly consumers: Map<string, StreamConsumer>;
  /** As it was put. */
  policy?: string | undefined;
  /** Times of UpdateShardCount and of UpdateStreamMode within the last day. Milliseconds since the epoch. */
  shardCountUpdates: number[];
  modeUpdates: number[];
  /** Of on-demand streams. */
  demand?: Demand | undefined;
}

/**
 * How long CREATING, UPDATING and DELETING last. AWS takes tens of seconds; here it is only long enough for a client that
 * does not wait for ACTIVE to fail as it would there.
 */
const transitionMs = 200;

export function streamsOf(cloud: Cloud, account: string, region: string): Map<string, Stream> {
  const { streams } = cloud.store('kinesis', account, region, () => ({ streams: new Map<string, Stream>() }));
  const now = cloud.clock.now();
  for (const stream of streams.values()) {
    if (stream.statusUntil === undefined || stream.statusUntil > now) continue;
    if (stream.status === 'DELETING') streams.delete(stream.name);
    stream.status = 'ACTIVE';
    stream.statusUntil = undefined;
  }
  for (const stream of streams.values()) scaleOnDemand(stream, now);
  return streams;
}

/** The stream an input names, whatever its status. Throws ResourceNotFoundException. */
export function streamOf(input: StreamReference, call: Call): Stream {
  const { account, region, name } = locate(input, call);
  const stream = streamsOf(call.cloud, account, region).get(name);
  if (!stream) throw streamNotFound(name, account);
  return stream;
}

/** A stream that takes and gives records: while it is created it is not there yet. Throws ResourceNotFoundException. */
export function readyStreamOf(input: StreamReference, call: Call): Stream {
  const stream = streamOf(input, call);
  if (stream.status === 'CREATING') throw streamNotFound(stream.name, stream.account);
  return stream;
}

/** Puts the stream into a status that the clock ends. */
export function begin(stream: Stream, status: 'CREATING' | 'UPDATING' | 'DELETING', call: Call): void {
  stream.status = status;
  stream.statusUntil = call.cloud.clock.now() + transitionMs;
}

/** Throws ResourceInUseException while the stream is being created, updated or deleted. */
export function requireActive(stream: Stream): void {
  if (stream.status === 'ACTIVE') return;
  throw new AwsError(
    'ResourceInUseException',
    `Stream ${stream.name} under account ${stream.account} not ACTIVE, instead in state ${stream.status}`,
  );
}

/** Records that arrived before this have left the stream. Milliseconds since the epoch. */
export function trimHorizon(stream: Stream, now: number): number {
  return Math.max(stream.createdAt.getTime(), now - stream.retentionHours * 3_600_000);
}
