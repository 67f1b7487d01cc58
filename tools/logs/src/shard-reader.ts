import {
  ExpiredIteratorException,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  type KinesisClient,
} from '@aws-sdk/client-kinesis';

export type Start = Pick<GetShardIteratorCommandInput, 'ShardIteratorType' | 'Timestamp' | 'StartingSequenceNumber'>;

/** Reads one shard from its start on. */
export interface ShardReader {
  /** What comes next in the shard, or undefined when it is closed and all of it was read. */
  next(): Promise<GetRecordsCommandOutput | undefined>;
}

export function createShardReader(
  kinesis: KinesisClient,
  StreamName: string,
  ShardId: string,
  start: Start,
): ShardReader {
  const iteratorAt = async (from: Start) =>
    (await kinesis.send(new GetShardIteratorCommand({ StreamName, ShardId, ...from }))).ShardIterator;

  let position = start;
  let iterator: string | undefined;
  let begun = false;

  async function next(): Promise<GetRecordsCommandOutput | undefined> {
    if (!begun) iterator = await iteratorAt(position);
    begun = true;
    if (!iterator) return undefined;
    try {
      const answer = await kinesis.send(new GetRecordsCommand({ ShardIterator: iterator }));
      iterator = answer.NextShardIterator;
      const last = answer.Records?.at(-1)?.SequenceNumber;
      if (last) position = { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: last };
      return answer;
    } catch (error) {
      if (!(error instanceof ExpiredIteratorException)) throw error;
      // An iterator lives five minutes, less than a laptop sleeps.
      begun = false;
      return next();
    }
  }

  return { next };
}
