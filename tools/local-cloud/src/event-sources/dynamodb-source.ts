import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type {
  DescribeStreamCommandOutput,
  GetRecordsCommandOutput,
  GetShardIteratorCommandOutput,
  _Record as StreamRecord,
} from '@aws-sdk/client-dynamodb-streams';
import { AwsError } from '../errors.ts';
import type { Caller, Cloud } from '../service.ts';
import type { Position, SourceRecord, SourceShard, StreamSource } from './source.ts';

/** GetRecords of DynamoDB Streams takes at most this as its limit. */
const mostRead = 1000;
/** "Stream records … are subject to a 24-hour lifetime", DynamoDB Developer Guide. */
const retentionMs = 24 * 3_600_000;

/** The stream of a DynamoDB table. */
export function dynamodbSource(
  cloud: Cloud,
  streamArn: string,
  roleSession: () => Promise<{ caller: Caller; roleArn: string }>,
): StreamSource {
  const region = streamArn.split(':')[3] as string;
  const call = async <Output>(operation: string, input: Record<string, unknown>): Promise<Output> => {
    const { caller } = await roleSession();
    return cloud.call<Output>('dynamodb', operation, input, { caller, region });
  };
  // Streams have no position in time: a shard that is read from a time on is read from its start, older records unseen.
  const notBefore = new Map<string, number>();

  async function iteratorAt(ShardId: string, position: Record<string, unknown>): Promise<string> {
    const input = { StreamArn: streamArn, ShardId, ...position };
    return (await call<GetShardIteratorCommandOutput>('GetShardIterator', input)).ShardIterator as string;
  }

  return {
    batchInfoName: 'DDBStreamBatchInfo',
    // "Lambda polls shards in your DynamoDB stream for records at a base rate of 4 times per second."
    pollMs: 250,
    catchUpMs: 200,
    async shards() {
      const shards: SourceShard[] = [];
      let last: string | undefined;
      do {
        const input = { StreamArn: streamArn, ExclusiveStartShardId: last };
        const { StreamDescription: stream } = await call<DescribeStreamCommandOutput>('DescribeStream', input);
        for (const { ShardId: id = '', ParentShardId } of stream?.Shards ?? []) {
          shards.push({ id, parents: ParentShardId === undefined ? [] : [ParentShardId] });
        }
        last = stream?.LastEvaluatedShardId;
      } while (last !== undefined);
      return { shards, retentionMs };
    },
    async iterator(shardId, position) {
      notBefore.delete(shardId);
      if (position.type === 'AT_TIMESTAMP') notBefore.set(shardId, position.time);
      try {
        return await iteratorAt(shardId, iteratorInput(position));
      } catch (error) {
        // What was to be read next has left the stream: reading goes on with the oldest there is.
        if (!isTrimmed(error)) throw error;
        return iteratorAt(shardId, { ShardIteratorType: 'TRIM_HORIZON' });
      }
    },
    async read(shardId, ShardIterator, limit) {
      const answer = await readAt(call, ShardIterator, Math.min(limit, mostRead));
      // Times of records are cut to the second: those of the same second are given again rather than lost.
      const oldest = Math.floor((notBefore.get(shardId) ?? 0) / 1000) * 1000;
      const all = (answer.Records ?? []).map((record) => sourceRecord(record, streamArn));
      const records = all.filter(({ arrived }) => arrived >= oldest);
      return { records, next: answer.NextShardIterator, hasMore: all.length > 0 };
    },
  };
}

/** An iterator whose records have left the stream meanwhile is as good as expired: the reader takes a new one. */
async function readAt(
  call: <Output>(operation: string, input: Record<string, unknown>) => Promise<Output>,
  ShardIterator: string,
  Limit: number,
): Promise<GetRecordsCommandOutput> {
  try {
    return await call('GetRecords', { ShardIterator, Limit });
  } catch (error) {
    if (isTrimmed(error)) throw new AwsError('ExpiredIteratorException', (error as AwsError).message);
    throw error;
  }
}

function isTrimmed(error: unknown): boolean {
  return error instanceof AwsError && error.code === 'TrimmedDataAccessException';
}

function iteratorInput(position: Position): Record<string, unknown> {
  if (position.type === 'AT_TIMESTAMP') return { ShardIteratorType: 'TRIM_HORIZON' };
  if (position.type !== 'AFTER_SEQUENCE_NUMBER') return { ShardIteratorType: position.type };
  return { ShardIteratorType: position.type, SequenceNumber: position.sequenceNumber };
}

/** "Example DynamoDB stream event", Lambda Developer Guide. The lanes of a parallelization factor go by the item's key. */
function sourceRecord(record: StreamRecord, streamArn: string): SourceRecord {
  const { userIdentity, dynamodb = {} } = record;
  const { SequenceNumber: sequenceNumber = '', ApproximateCreationDateTime, Keys, NewImage, OldImage } = dynamodb;
  const arrived = ApproximateCreationDateTime?.getTime() ?? 0;
  const event = {
    eventID: record.eventID,
    eventName: record.eventName,
    eventVersion: record.eventVersion,
    eventSource: record.eventSource,
    awsRegion: record.awsRegion,
    dynamodb: {
      ApproximateCreationDateTime: arrived / 1000,
      Keys: plainItem(Keys),
      NewImage: plainItem(NewImage),
      OldImage: plainItem(OldImage),
      SequenceNumber: sequenceNumber,
      SizeBytes: dynamodb.SizeBytes,
      StreamViewType: dynamodb.StreamViewType,
    },
    ...(userIdentity && { userIdentity: { principalId: userIdentity.PrincipalId, type: userIdentity.Type } }),
    eventSourceARN: streamArn,
  };
  const text = JSON.stringify(event);
  const partitionKey = JSON.stringify(event.dynamodb.Keys);
  return {
    sequenceNumber,
    partitionKey,
    arrived,
    event,
    bytes: Buffer.byteLength(text),
    filterable: () => JSON.parse(text),
  };
}

/** An item as JSON: bytes in base64. */
function plainItem(item: Record<string, AttributeValue> | undefined): Record<string, unknown> | undefined {
  return item && Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: AttributeValue): unknown {
  if (value.B !== undefined) return { B: base64(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(base64) };
  if (value.L !== undefined) return { L: value.L.map(plainValue) };
  return value.M === undefined ? value : { M: plainItem(value.M) };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
