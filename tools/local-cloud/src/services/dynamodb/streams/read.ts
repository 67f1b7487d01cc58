import type {
  GetRecordsCommandInput,
  GetRecordsCommandOutput,
  GetShardIteratorCommandInput,
  GetShardIteratorCommandOutput,
} from '@aws-sdk/client-dynamodb-streams';
import { between, oneOf } from '../../../constraints.ts';
import { AwsError, validationError } from '../../../errors.ts';
import { operation } from '../../../service.ts';
import { validate } from '../errors.ts';
import { type Change, positionOf, type Shard, type Stream } from './stream.ts';
import { sizeOfRecord, streamRecord } from './stream-record.ts';
import { onStream, streamOf } from './stream-reference.ts';

/** GetRecords, DynamoDB Streams API Reference: `Limit` is at most 1,000, an answer at most 1 MB. */
const mostRecords = 1000;
const mostBytes = 1024 * 1024;
/** "A shard iterator expires 15 minutes after it is returned to the requester." (GetShardIterator) */
const iteratorLifeMs = 15 * 60_000;

const types = ['AFTER_SEQUENCE_NUMBER', 'TRIM_HORIZON', 'AT_SEQUENCE_NUMBER', 'LATEST'];

export const getShardIterator = operation<GetShardIteratorCommandInput, GetShardIteratorCommandOutput>({
  demands: (input) => onStream('GetShardIterator', input.StreamArn),
  run(input, call) {
    validate(oneOf('shardIteratorType', input.ShardIteratorType, types));
    const stream = streamOf(input.StreamArn, call);
    const shard = shardOf(stream, input.ShardId ?? '');
    const at = startOf(input, stream, shard);
    return { ShardIterator: format({ arn: stream.arn, shardId: shard.id, at, issued: call.cloud.clock.now() }) };
  },
});

export const getRecords = operation<GetRecordsCommandInput, GetRecordsCommandOutput>({
  demands: (input) => onStream('GetRecords', parse(input.ShardIterator ?? '').arn),
  run(input, call) {
    validate(between('limit', input.Limit, 1, mostRecords));
    const now = call.cloud.clock.now();
    const { arn, shardId, at, issued } = parse(input.ShardIterator ?? '');
    if (now - issued > iteratorLifeMs) {
      throw new AwsError('ExpiredIteratorException', 'The provided iterator exceeds the maximum age allowed.');
    }
    const stream = streamOf(arn, call);
    const shard = shardOf(stream, shardId);
    if (at < oldest(stream, shard)) throw trimmed();
    const changes = read(stream, shard, at, input.Limit ?? mostRecords);
    const next = at + changes.length;
    const isOver = shard.last !== undefined && next > shard.last;
    return {
      Records: changes.map((change) => streamRecord(stream, change)),
      NextShardIterator: isOver ? undefined : format({ arn, shardId, at: next, issued: now }),
    };
  },
});

function shardOf(stream: Stream, id: string): Shard {
  const shard = stream.shards.find((one) => one.id === id);
  if (shard) return shard;
  throw new AwsError('ResourceNotFoundException', `Requested resource not found: Shard does not exist: ${id}`);
}

/** Position of the last change of a shard so far. */
function newest({ next }: Stream, { last }: Shard): number {
  return last ?? next - 1;
}

/** Position of the oldest change of a shard that is still there, or of what comes after its last. */
function oldest(stream: Stream, shard: Shard): number {
  const kept = stream.changes[0]?.position ?? stream.next;
  return Math.min(Math.max(shard.first, kept), newest(stream, shard) + 1);
}

function startOf(input: GetShardIteratorCommandInput, stream: Stream, shard: Shard): number {
  const { ShardIteratorType: type, SequenceNumber: text } = input;
  if (type === 'TRIM_HORIZON') return oldest(stream, shard);
  if (type === 'LATEST') return newest(stream, shard) + 1;
  if (text === undefined) throw validationError(`SequenceNumber is required for the ShardIteratorType ${type}`);
  const position = positionOf(text);
  if (position === undefined || position < shard.first || position > newest(stream, shard)) {
    throw validationError(`Invalid SequenceNumber: ${text} is not in the shard ${shard.id}`);
  }
  if (position < oldest(stream, shard)) throw trimmed();
  return type === 'AT_SEQUENCE_NUMBER' ? position : position + 1;
}

function trimmed(): AwsError {
  return new AwsError(
    'TrimmedDataAccessException',
    'The operation attempted to read past the oldest stream record in a shard.',
  );
}

function read(stream: Stream, shard: Shard, from: number, limit: number): Change[] {
  const { changes } = stream;
  const start = from - (changes[0]?.position ?? stream.next);
  const found: Change[] = [];
  let bytes = 0;
  for (let i = start; i < changes.length && found.length < limit; i += 1) {
    const change = changes[i] as Change;
    if (change.position > newest(stream, shard)) break;
    bytes += sizeOfRecord(stream, change);
    if (found.length > 0 && bytes > mostBytes) break;
    found.push(change);
  }
  return found;
}

interface ShardIterator {
  readonly arn: string;
  readonly shardId: string;
  /** Position of the next change to read. */
  readonly at: number;
  /** Milliseconds since the epoch. */
  readonly issued: number;
}

/** An ARN, a bar, and the rest opaque: iterators of AWS look like that. */
function format({ arn, shardId, at, issued }: ShardIterator): string {
  return `${arn}|1|${Buffer.from(JSON.stringify([shardId, at, issued])).toString('base64')}`;
}

/** Throws ValidationException for what no GetShardIterator gave out. */
function parse(text: string): ShardIterator {
  const [arn = '', , rest = ''] = text.split('|');
  try {
    const [shardId, at, issued] = JSON.parse(Buffer.from(rest, 'base64').toString()) as [string, number, number];
    const iterator = { arn, shardId, at, issued };
    if (Number.isInteger(at) && Number.isInteger(issued) && format(iterator) === text) return iterator;
  } catch {
    // Answered below.
  }
  throw validationError('Invalid ShardIterator');
}
