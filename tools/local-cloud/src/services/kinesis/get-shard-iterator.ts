import type { GetShardIteratorCommandInput, GetShardIteratorCommandOutput } from '@aws-sdk/client-kinesis';
import { matches, oneOf } from '../../constraints.ts';
import { AwsError } from '../../errors.ts';
import { operation } from '../../service.ts';
import { onStream } from './demands.ts';
import { invalidArgument, rateExceeded, validate } from './errors.ts';
import { listedShards } from './list-shards.ts';
import { parseSequenceNumber } from './sequence-number.ts';
import { nextPosition, positionAt, takeIterator, trim } from './shard.ts';
import { formatShardIterator } from './shard-iterator.ts';
import { readyStreamOf, type Shard, type Stream, trimHorizon } from './state.ts';
import { checkShardId, stopDryRun } from './stream-reference.ts';

export const positionTypes = ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER', 'TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP'];

export const getShardIterator = operation<GetShardIteratorCommandInput, GetShardIteratorCommandOutput>({
  demands: onStream('GetShardIterator'),
  run(input, call) {
    validate(
      ...checkShardId('shardId', input.ShardId),
      oneOf('shardIteratorType', input.ShardIteratorType, positionTypes),
      matches('startingSequenceNumber', input.StartingSequenceNumber, String.raw`0|([1-9]\d{0,128})`),
    );
    const stream = readyStreamOf(input, call);
    const now = call.cloud.clock.now();
    const shard = readableShard(stream, input.ShardId as string, now);
    const position = positionOf(input, stream, shard, now);
    if (!takeIterator(shard, now)) throw rateExceeded(shard.id, stream.name, stream.account);
    stopDryRun(input);
    return { ShardIterator: iteratorAt(stream, shard, position, now) };
  },
});

/** The shard with its expired records gone. Throws ResourceNotFoundException. */
export function readableShard(stream: Stream, id: string, now: number): Shard {
  const shard = listedShards(stream, now).find((one) => one.id === id);
  if (!shard) {
    throw new AwsError(
      'ResourceNotFoundException',
      `Shard ${id} in stream ${stream.name} under account ${stream.account} does not exist`,
    );
  }
  trim(shard, trimHorizon(stream, now));
  return shard;
}

export function iteratorAt(stream: Stream, shard: Shard, position: number, now: number): string {
  const streamCreated = stream.createdAt.getTime();
  return formatShardIterator({ streamArn: stream.arn, streamCreated, shardId: shard.id, position, issued: now });
}

/** Position of the first record the iterator is to give. Throws InvalidArgumentException for parts that do not fit. */
export function positionOf(
  input: Pick<GetShardIteratorCommandInput, 'ShardIteratorType' | 'StartingSequenceNumber' | 'Timestamp'>,
  stream: Stream,
  shard: Shard,
  now: number,
): number {
  const { ShardIteratorType: type, StartingSequenceNumber: start, Timestamp: timestamp } = input;
  const isSequenced = type === 'AT_SEQUENCE_NUMBER' || type === 'AFTER_SEQUENCE_NUMBER';
  if (isSequenced !== (start !== undefined)) {
    throw invalidArgument(
      'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or ' +
        '(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. ' +
        `Request specified ${type} and ${start === undefined ? 'no' : 'also a'} StartingSequenceNumber.`,
    );
  }
  switch (type) {
    case 'AT_SEQUENCE_NUMBER':
      return sequencedPosition(start as string, stream, shard);
    case 'AFTER_SEQUENCE_NUMBER':
      return sequencedPosition(start as string, stream, shard) + 1;
    case 'AT_TIMESTAMP':
      return timedPosition(timestamp, shard, now);
    case 'LATEST':
      return nextPosition(shard);
    default:
      return shard.firstPosition;
  }
}

function sequencedPosition(start: string, stream: Stream, shard: Shard): number {
  const used = `StartingSequenceNumber ${start} used in GetShardIterator on shard ${shard.id} in stream ${stream.name} under account ${stream.account} is invalid`;
  const number = parseSequenceNumber(start);
  if (!number) throw invalidArgument(`${used}.`);
  if (number.shardIndex !== shard.index) {
    const encoded = `shardId-${String(number.shardIndex).padStart(12, '0')}`;
    throw invalidArgument(
      `Invalid StartingSequenceNumber. It encodes ${encoded}, while it was used in a call to a shard with ${shard.id}`,
    );
  }
  if (number.shardCreated !== shard.createdSecond) {
    throw invalidArgument(`${used} because it did not come from this stream.`);
  }
  return Math.min(Number(number.position), nextPosition(shard));
}

function timedPosition(timestamp: Date | undefined, shard: Shard, now: number): number {
  if (!timestamp) {
    throw invalidArgument(
      'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. ' +
        'Current request has no timestamp parameter.',
    );
  }
  if (timestamp.getTime() > now) {
    throw invalidArgument(
      'The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. ' +
        `timestampInMillis: ${timestamp.getTime()}, currentTimestampInMillis: ${now}`,
    );
  }
  return positionAt(shard, timestamp.getTime());
}
