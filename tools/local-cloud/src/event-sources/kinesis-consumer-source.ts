import type { SubscribeToShardCommandOutput, SubscribeToShardEventStream } from '@aws-sdk/client-kinesis';
import type { Caller, Cloud } from '../service.ts';
import { streamArnOfConsumer } from '../services/kinesis/consumer-reference.ts';
import { shardsOf, sourceRecord } from './kinesis-source.ts';
import type { Position, SourceRead, StreamSource } from './source.ts';

/** One shard as it is pushed: the subscription under way, or where the next one begins. */
interface Subscription {
  events: AsyncIterator<SubscribeToShardEventStream> | undefined;
  position: Position;
}

/**
 * A Kinesis stream read as one of its registered consumers (enhanced fan-out): records are pushed as they arrive, at up to
 * 2 MB a second and shard that are the consumer's own. "Polling and batching streams", Lambda Developer Guide. The signal
 * ends the subscriptions.
 */
export function kinesisConsumerSource(
  cloud: Cloud,
  ConsumerARN: string,
  roleSession: () => Promise<{ caller: Caller; roleArn: string }>,
  signal: AbortSignal,
): StreamSource {
  const region = ConsumerARN.split(':')[3] as string;
  const StreamARN = streamArnOfConsumer(ConsumerARN);
  const subscriptions = new Map<string, Subscription>();
  const call = async <Output>(operation: string, input: Record<string, unknown>): Promise<Output> => {
    const { caller } = await roleSession();
    return cloud.call<Output>('kinesis', operation, input, { caller, region, signal });
  };

  async function subscribe(ShardId: string, position: Position) {
    const input = { ConsumerARN, ShardId, StartingPosition: startingPosition(position) };
    const { EventStream } = await call<SubscribeToShardCommandOutput>('SubscribeToShard', input);
    return EventStream?.[Symbol.asyncIterator]();
  }

  return {
    batchInfoName: 'KinesisBatchInfo',
    pollMs: 0,
    catchUpMs: 0,
    shards: () => shardsOf((operation, input) => call(operation, { StreamARN, ...input })),
    async iterator(shardId, position) {
      subscriptions.set(shardId, { events: await subscribe(shardId, position), position });
      return shardId;
    },
    async read(shardId): Promise<SourceRead> {
      const subscription = subscriptions.get(shardId) as Subscription;
      subscription.events ??= await subscribe(shardId, subscription.position);
      const { value, done } = (await subscription.events?.next()) ?? { done: true };
      signal.throwIfAborted();
      if (done) {
        // A subscription lasts five minutes; the next one goes on behind it.
        subscription.events = undefined;
        return { records: [], next: shardId, hasMore: true };
      }
      const { Records = [], ContinuationSequenceNumber, ChildShards, MillisBehindLatest } = event(value);
      if (ContinuationSequenceNumber !== undefined) {
        subscription.position = { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: ContinuationSequenceNumber };
      }
      const { roleArn } = await roleSession();
      const records = Records.map((record) => sourceRecord(record, { shardId, sourceArn: ConsumerARN, roleArn }));
      return { records, next: ChildShards ? undefined : shardId, hasMore: (MillisBehindLatest ?? 0) > 0 };
    },
  };
}

function event({ SubscribeToShardEvent: pushed }: SubscribeToShardEventStream) {
  if (!pushed) throw new Error('a subscription answered something that is no SubscribeToShardEvent');
  return pushed;
}

function startingPosition(position: Position): object {
  switch (position.type) {
    case 'AT_TIMESTAMP':
      return { Type: position.type, Timestamp: new Date(position.time) };
    case 'AFTER_SEQUENCE_NUMBER':
      return { Type: position.type, SequenceNumber: position.sequenceNumber };
    default:
      return { Type: position.type };
  }
}
