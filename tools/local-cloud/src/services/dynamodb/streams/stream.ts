import { createHash } from 'node:crypto';
import type { KeySchemaElement, StreamViewType } from '@aws-sdk/client-dynamodb';
import type { Cloud } from '../../../service.ts';
import type { Item } from '../attribute-values.ts';

/** One change of one item, as a stream keeps it. */
export interface Change {
  /** Counts from 1 through the whole stream, whatever the shard. */
  readonly position: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly keys: Item;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  /** The item expired: DynamoDB itself deleted it. */
  readonly isExpiry: boolean;
}

export interface Shard {
  readonly id: string;
  readonly parentId: string | undefined;
  /** Milliseconds since the epoch. */
  readonly openedAt: number;
  closedAt?: number | undefined;
  /** Positions of the first change it holds or will hold, and of the last one once it is closed. */
  readonly first: number;
  last?: number | undefined;
}

/** The stream of a table. It outlives the table, and its being turned off, by a day. Plain data. */
export interface Stream {
  readonly arn: string;
  /** The time it was turned on, which tells a table's streams apart. */
  readonly label: string;
  readonly tableName: string;
  readonly account: string;
  readonly region: string;
  readonly keySchema: readonly KeySchemaElement[];
  readonly viewType: StreamViewType;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  disabledAt?: number | undefined;
  readonly shards: Shard[];
  /** The ones kept, in order. */
  readonly changes: Change[];
  /** Position of the next change. */
  next: number;
}

/** "All data in DynamoDB Streams is subject to a 24-hour lifetime" ("Change data capture for DynamoDB Streams"). */
const retentionMs = 24 * 3_600_000;
/** Shards end by themselves and go on in a child; AWS lets them live for about four hours. */
const shardLifeMs = 4 * 3_600_000;

/** The streams of an account and Region by ARN, what has expired of them removed. */
export function streamsOf(cloud: Cloud, account: string, region: string): Map<string, Stream> {
  const { streams } = cloud.store('dynamodb-streams', account, region, () => ({ streams: new Map<string, Stream>() }));
  const now = cloud.clock.now();
  for (const stream of streams.values()) {
    trim(stream, now);
    if (stream.disabledAt !== undefined && stream.disabledAt + retentionMs <= now) streams.delete(stream.arn);
  }
  return streams;
}

function trim({ changes, shards }: Stream, now: number): void {
  const kept = changes.findIndex(({ at }) => at + retentionMs > now);
  if (kept !== 0) changes.splice(0, kept === -1 ? changes.length : kept);
  const isOver = ({ closedAt }: Shard) => closedAt !== undefined && closedAt + retentionMs <= now;
  while (shards[0] && isOver(shards[0])) shards.shift();
}

/** Begins a stream, with its first shard. */
export function openStream(cloud: Cloud, definition: Omit<Stream, 'shards' | 'changes' | 'next'>): void {
  const stream: Stream = { ...definition, shards: [], changes: [], next: 1 };
  openShard(stream, stream.createdAt);
  streamsOf(cloud, stream.account, stream.region).set(stream.arn, stream);
}

/** Nothing more is written; what there is can be read for a day. */
export function closeStream(cloud: Cloud, stream: Pick<Stream, 'arn' | 'account' | 'region'>): void {
  const found = streamsOf(cloud, stream.account, stream.region).get(stream.arn);
  if (!found || found.disabledAt !== undefined) return;
  found.disabledAt = cloud.clock.now();
  closeShard(found, found.disabledAt);
}

/** Adds a change; a shard that is old enough is closed first and followed by another. */
export function append(stream: Stream, change: Omit<Change, 'position'>): void {
  const open = stream.shards.at(-1);
  if (open && open.openedAt + shardLifeMs <= change.at) {
    closeShard(stream, change.at);
    openShard(stream, change.at, open.id);
  }
  stream.changes.push({ ...change, position: stream.next });
  stream.next += 1;
}

function openShard(stream: Stream, now: number, parentId?: string): void {
  const suffix = createHash('md5').update(`${stream.arn} ${stream.next}`).digest('hex').slice(0, 8);
  const id = `shardId-${String(now).padStart(20, '0')}-${suffix}`;
  stream.shards.push({ id, parentId, openedAt: now, first: stream.next });
}

function closeShard(stream: Stream, now: number): void {
  const open = stream.shards.at(-1);
  if (!open) return;
  open.closedAt = now;
  open.last = stream.next - 1;
}

/** 21 digits, the fewest AWS documents; they grow through the stream. */
const sequenceBase = 10n ** 20n;

/** Texts that grow with the position, of one length. */
export function sequenceNumber(position: number): string {
  return String(sequenceBase + BigInt(position));
}

/** `undefined` for what is no sequence number of this form. */
export function positionOf(text: string): number | undefined {
  return /^1\d{20}$/.test(text) ? Number(BigInt(text) - sequenceBase) : undefined;
}
