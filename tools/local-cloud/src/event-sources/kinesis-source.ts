import type {
  DescribeStreamCommandOutput,
  GetRecordsCommandOutput,
  GetShardIteratorCommandOutput,
  _Record as KinesisRecord,
} from '@aws-sdk/client-kinesis';
import type { Caller, Cloud } from '../service.ts';
import { parsedText } from './filter.ts';
import type { Position, SourceRecord, SourceShard, StreamSource } from './source.ts';

/** Calls operations of a stream as the function's role. */
type StreamCall = <Output>(operation: string, input: object) => Promise<Output>;

/** A Kinesis stream read with the standard iterator, sharing the throughput of its shards with other readers. */
export function kinesisSource(
  cloud: Cloud,
  streamArn: string,
  roleSession: () => Promise<{ caller: Caller; roleArn: string }>,
): StreamSource {
  const region = streamArn.split(':')[3] as string;
  const call: StreamCall = async <Output>(operation: string, input: object): Promise<Output> => {
    const { caller } = await roleSession();
    return cloud.call<Output>('kinesis', operation, { StreamARN: streamArn, ...input }, { caller, region });
  };

  return {
    batchInfoName: 'KinesisBatchInfo',
    // "Lambda polls each shard in your Kinesis stream for records at a base rate of once per second."
    pollMs: 1000,
    // "five read transactions per second" and shard, Kinesis quotas: the pace while there is more to read.
    catchUpMs: 200,
    shards: () => shardsOf(call),
    async iterator(ShardId, position) {
      const input = { ShardId, ...iteratorInput(position) };
      return (await call<GetShardIteratorCommandOutput>('GetShardIterator', input)).ShardIterator as string;
    },
    async read(shardId, ShardIterator, Limit) {
      const answer = await call<GetRecordsCommandOutput>('GetRecords', { ShardIterator, Limit });
      const { roleArn } = await roleSession();
      const records = (answer.Records ?? []).map((record) =>
        sourceRecord(record, { shardId, sourceArn: streamArn, roleArn }),
      );
      return { records, next: answer.NextShardIterator, hasMore: (answer.MillisBehindLatest ?? 0) > 0 };
    },
  };
}

/** Every shard of the stream, and how long it keeps its records. */
export async function shardsOf(call: StreamCall): Promise<{ shards: readonly SourceShard[]; retentionMs: number }> {
  const shards: SourceShard[] = [];
  let last: string | undefined;
  for (;;) {
    const input = last === undefined ? {} : { ExclusiveStartShardId: last };
    const { StreamDescription: stream } = await call<DescribeStreamCommandOutput>('DescribeStream', input);
    for (const { ShardId: id = '', ParentShardId, AdjacentParentShardId } of stream?.Shards ?? []) {
      const parents = [ParentShardId, AdjacentParentShardId].filter((parent) => parent !== undefined);
      shards.push({ id, parents });
    }
    last = shards.at(-1)?.id;
    if (!stream?.HasMoreShards) return { shards, retentionMs: (stream?.RetentionPeriodHours ?? 24) * 3_600_000 };
  }
}

function iteratorInput(position: Position): object {
  switch (position.type) {
    case 'AT_TIMESTAMP':
      return { ShardIteratorType: position.type, Timestamp: new Date(position.time) };
    case 'AFTER_SEQUENCE_NUMBER':
      return { ShardIteratorType: position.type, StartingSequenceNumber: position.sequenceNumber };
    default:
      return { ShardIteratorType: position.type };
  }
}

interface Origin {
  readonly shardId: string;
  /** Of the stream, or of the consumer it is read as. */
  readonly sourceArn: string;
  readonly roleArn: string;
}

/** "Example Kinesis event", Lambda Developer Guide. */
export function sourceRecord(record: KinesisRecord, { shardId, sourceArn, roleArn }: Origin): SourceRecord {
  const { SequenceNumber: sequenceNumber = '', PartitionKey: partitionKey = '', Data = new Uint8Array() } = record;
  const data = Buffer.from(Data);
  const arrived = record.ApproximateArrivalTimestamp?.getTime() ?? 0;
  const event = {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey,
      sequenceNumber,
      data: data.toString('base64'),
      approximateArrivalTimestamp: arrived / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${shardId}:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: roleArn,
    awsRegion: sourceArn.split(':')[3],
    eventSourceARN: sourceArn,
  };
  const bytes = Buffer.byteLength(JSON.stringify(event));
  return {
    sequenceNumber,
    partitionKey,
    arrived,
    event,
    bytes,
    filterable: () => ({ data: parsedText(data.toString()) }),
  };
}
