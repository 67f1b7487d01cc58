import type {
  PutRecordCommandInput,
  PutRecordCommandOutput,
  PutRecordsCommandInput,
  PutRecordsCommandOutput,
  PutRecordsRequestEntry,
} from '@aws-sdk/client-kinesis';
import { lengthBetween, matches, notNull, type Problem, sizeBetween } from '../../constraints.ts';
import { emitKinesisMetric } from '../../metrics/kinesis-metrics.ts';
import { type Cloud, operation } from '../../service.ts';
import { onStream } from './demands.ts';
import { invalidArgument, rateExceeded, rateExceededMessage, validate } from './errors.ts';
import { hashKeyOf } from './hash-key.ts';
import { noteWrites } from './on-demand.ts';
import { shardOf } from './reshard.ts';
import { parseSequenceNumber } from './sequence-number.ts';
import { append, sizeOf, takeWrite, trim } from './shard.ts';
import { readyStreamOf, type Shard, type Stream, trimHorizon } from './state.ts';
import { stopDryRun } from './stream-reference.ts';

/** PutRecords, Kinesis API Reference: 500 records and 10 MiB a request, partition keys included. */
const mostRecords = 500;
const mostRequestBytes = 10 * 1024 * 1024;

export const putRecord = operation<PutRecordCommandInput, PutRecordCommandOutput>({
  demands: onStream('PutRecord'),
  run(input, call) {
    const stream = readyStreamOf(input, call);
    validate(
      matches('sequenceNumberForOrdering', input.SequenceNumberForOrdering, String.raw`0|([1-9]\d{0,128})`),
      ...checkEntry('', input, stream),
    );
    checkOrdering(input.SequenceNumberForOrdering, stream);
    const hashKey = hashKeyOf(input.PartitionKey as string, input.ExplicitHashKey);
    stopDryRun(input);
    const { shard, sequenceNumber } = write(stream, input, hashKey, call.cloud.clock.now());
    measure(call.cloud, stream, sequenceNumber === undefined ? [] : [input], sequenceNumber === undefined ? 1 : 0);
    if (sequenceNumber === undefined) throw rateExceeded(shard.id, stream.name, stream.account);
    return { ShardId: shard.id, SequenceNumber: sequenceNumber, EncryptionType: encryptionTypeOf(stream) };
  },
});

export const putRecords = operation<PutRecordsCommandInput, PutRecordsCommandOutput>({
  demands: onStream('PutRecords'),
  run(input, call) {
    const stream = readyStreamOf(input, call);
    const entries = input.Records ?? [];
    validate(
      sizeBetween('records', entries.length, 1, mostRecords),
      ...entries.flatMap((entry, i) => checkEntry(`records.${i + 1}.member.`, entry, stream)),
    );
    const bytes = entries.reduce((sum, entry) => sum + sizeOf(recordOf(entry)), 0);
    if (bytes > mostRequestBytes) throw invalidArgument('Records size exceeds 10 MB limit');
    const hashKeys = entries.map((entry) => hashKeyOf(entry.PartitionKey as string, entry.ExplicitHashKey));
    stopDryRun(input);

    const now = call.cloud.clock.now();
    let failed = 0;
    const results = entries.map((entry, i) => {
      const { shard, sequenceNumber } = write(stream, entry, hashKeys[i] as bigint, now);
      if (sequenceNumber !== undefined) return { ShardId: shard.id, SequenceNumber: sequenceNumber };
      failed += 1;
      return {
        ErrorCode: 'ProvisionedThroughputExceededException',
        ErrorMessage: rateExceededMessage(shard.id, stream.name, stream.account),
      };
    });
    measure(
      call.cloud,
      stream,
      entries.filter((_, i) => results[i]?.SequenceNumber !== undefined),
      failed,
    );
    return { FailedRecordCount: failed, Records: results, EncryptionType: encryptionTypeOf(stream) };
  },
});

/**
 * What is wrong with one record of a request, under the member's path (`records.1.member.` or nothing).
 *
 * The stream's limit is on data and partition key together ("The record size limit applies to the total size of the
 * partition key and data blob."); the text is the one AWS gives for the data.
 */
function checkEntry(path: string, entry: PutRecordsRequestEntry, stream: Stream): Problem[] {
  const missing = [notNull(`${path}partitionKey`, entry.PartitionKey), notNull(`${path}data`, entry.Data)];
  if (missing.some((problem) => problem !== undefined)) return missing;
  return [
    lengthBetween(`${path}partitionKey`, entry.PartitionKey, 1, 256),
    matches(`${path}explicitHashKey`, entry.ExplicitHashKey, String.raw`0|([1-9]\d{0,38})`),
    sizeBetween(`${path}data`, sizeOf(recordOf(entry)), 0, stream.maxRecordSizeInKiB * 1024),
  ];
}

function recordOf(entry: PutRecordsRequestEntry): { data: Uint8Array; partitionKey: string } {
  return { data: entry.Data as Uint8Array, partitionKey: entry.PartitionKey as string };
}

/** A sequence number to follow must be one the stream gave out. Any later record's number is greater anyway. */
function checkOrdering(text: string | undefined, stream: Stream): void {
  if (text === undefined) return;
  const number = parseSequenceNumber(text);
  if (number && number.shardIndex < stream.shardsCreated) return;
  throw invalidArgument(
    `ExclusiveMinimumSequenceNumber ${text} used in PutRecord on stream ${stream.name} under account ` +
      `${stream.account} is invalid.`,
  );
}

function write(
  stream: Stream,
  entry: PutRecordsRequestEntry,
  hashKey: bigint,
  now: number,
): { shard: Shard; sequenceNumber: string | undefined } {
  const shard = shardOf(stream, hashKey);
  const record = recordOf(entry);
  if (!takeWrite(shard, sizeOf(record), stream.maxRecordSizeInKiB, now)) return { shard, sequenceNumber: undefined };
  trim(shard, trimHorizon(stream, now));
  return { shard, sequenceNumber: append(shard, { ...record, encryptionType: encryptionTypeOf(stream) }, now) };
}

/** One point for each call, whatever it holds; on-demand streams grow by what they took. */
function measure(cloud: Cloud, stream: Stream, taken: readonly PutRecordsRequestEntry[], refused: number): void {
  const bytes = taken.reduce((sum, entry) => sum + sizeOf(recordOf(entry)), 0);
  noteWrites(stream, bytes, taken.length);
  emitKinesisMetric(cloud, stream, 'IncomingRecords', taken.length);
  emitKinesisMetric(cloud, stream, 'IncomingBytes', bytes);
  emitKinesisMetric(cloud, stream, 'WriteProvisionedThroughputExceeded', refused);
}

function encryptionTypeOf(stream: Stream): 'KMS' | 'NONE' {
  return stream.encryptionKey === undefined ? 'NONE' : 'KMS';
}
