import type {
  SubscribeToShardCommandInput,
  SubscribeToShardCommandOutput,
  SubscribeToShardEventStream,
} from '@aws-sdk/client-kinesis';
import { oneOf } from '../../constraints.ts';
import { AwsError } from '../../errors.ts';
import { type Call, type Cloud, operation } from '../../service.ts';
import { findConsumer } from './consumer-reference.ts';
import { onConsumer } from './demands.ts';
import { validate } from './errors.ts';
import { millisBehindLatest, read, recordOutput, whatFollows } from './get-records.ts';
import { positionOf, positionTypes, readableShard } from './get-shard-iterator.ts';
import { nextPosition, sequenceNumberAt, sizeOf } from './shard.ts';
import type { Shard, Stream, StreamConsumer } from './state.ts';
import { checkShardId } from './stream-reference.ts';

/** SubscribeToShard, Kinesis API Reference: a subscription lasts 5 minutes, and holds off another for its first 5 seconds. */
const lifetimeMs = 300_000;
const exclusiveMs = 5_000;
/** "Up to 2 MB of data per second for each shard and consumer", Develop enhanced fan-out consumers. */
const bytesPerSecond = 2 * 1024 * 1024;
const mostRecords = 10_000;
/** Records reach a consumer within some 70 ms; without any there is an event now and then that says how far behind it is. */
const pollMs = 50;
const quietMs = 5_000;

interface Subscription {
  readonly began: number;
  readonly ended: AbortController;
}

/** By consumer and shard. */
const subscriptions = new WeakMap<Cloud, Map<string, Subscription>>();

export const subscribeToShard = operation<SubscribeToShardCommandInput, SubscribeToShardCommandOutput>({
  demands: onConsumer('SubscribeToShard'),
  run({ ConsumerARN, ShardId = '', StartingPosition }, call) {
    const { Type, SequenceNumber, Timestamp } = StartingPosition ?? {};
    validate(...checkShardId('shardId', ShardId), oneOf('startingPosition.type', Type, positionTypes));
    const { stream, consumer } = findConsumer({ ConsumerARN }, call);
    const now = call.cloud.clock.now();
    if (now < consumer.activeFrom) throw inUse(`Consumer ${consumer.name} is not ACTIVE.`);
    const shard = readableShard(stream, ShardId, now);
    const start = { ShardIteratorType: Type, StartingSequenceNumber: SequenceNumber, Timestamp };
    const position = positionOf(start, stream, shard, now);
    const ended = begin(`${consumer.arn} ${ShardId}`, call);
    const signal = AbortSignal.any([ended, call.signal ?? ended]);
    return { EventStream: events({ stream, shard, consumer }, position, signal, call.cloud) };
  },
});

/** Ends the subscription there is, unless it is too young for that. Throws ResourceInUseException. */
function begin(key: string, { cloud }: Call): AbortSignal {
  const all = subscriptions.get(cloud) ?? new Map<string, Subscription>();
  subscriptions.set(cloud, all);
  const now = cloud.clock.now();
  const before = all.get(key);
  if (before && !before.ended.signal.aborted && now - before.began < exclusiveMs) {
    throw inUse(`There is an active subscription already: ${key}.`);
  }
  before?.ended.abort();
  const subscription = { began: now, ended: new AbortController() };
  all.set(key, subscription);
  return subscription.ended.signal;
}

interface Subscribed {
  readonly stream: Stream;
  readonly shard: Shard;
  readonly consumer: StreamConsumer;
}

async function* events(
  { stream, shard, consumer }: Subscribed,
  from: number,
  signal: AbortSignal,
  { clock }: Cloud,
): AsyncGenerator<SubscribeToShardEventStream> {
  const expires = clock.now() + lifetimeMs;
  let [position, last, quietSince] = [from, shard.createdSecond * 1000, Number.NEGATIVE_INFINITY];
  const isRegistered = () => stream.consumers.get(consumer.name) === consumer;
  while (!signal.aborted && clock.now() < expires && isRegistered()) {
    const now = clock.now();
    position = Math.max(position, shard.firstPosition);
    const records = read(shard, position, mostRecords, bytesPerSecond);
    const { ChildShards } = whatFollows(stream, shard, position + records.length, now);
    if (records.length > 0 || ChildShards || now - quietSince >= quietMs) {
      const Records = records.map((record, i) => recordOutput(shard, record, position + i));
      position += records.length;
      last = records.at(-1)?.arrived ?? last;
      quietSince = now;
      const ContinuationSequenceNumber = ChildShards ? undefined : sequenceNumberAt(shard, BigInt(position - 1), last);
      const MillisBehindLatest = millisBehindLatest(shard, position, now);
      yield {
        SubscribeToShardEvent: {
          Records,
          ContinuationSequenceNumber,
          MillisBehindLatest,
          ...(ChildShards && { ChildShards }),
        },
      };
      if (ChildShards) return;
    }
    const bytes = records.reduce((sum, record) => sum + sizeOf(record), 0);
    const isWaiting = position < nextPosition(shard);
    const pause = isWaiting ? (bytes / bytesPerSecond) * 1000 : pollMs;
    await clock.sleep(Math.max(pause, 1), signal).catch(() => undefined);
  }
}

function inUse(message: string): AwsError {
  return new AwsError('ResourceInUseException', message);
}
