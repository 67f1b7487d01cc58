import { AwsError } from '../../errors.ts';
import { invalidArgument } from './errors.ts';

/** Where a consumer stands in a shard. On the wire it is one opaque string. */
export interface ShardIterator {
  readonly streamArn: string;
  /** Tells the stream from an earlier one of the same name. Milliseconds since the epoch. */
  readonly streamCreated: number;
  readonly shardId: string;
  /** Position of the next record to read. */
  readonly position: number;
  /** Milliseconds since the epoch. */
  readonly issued: number;
}

/** "A shard iterator expires 5 minutes after it is returned to the requester" (GetShardIterator, Kinesis API Reference). */
const lifetimeMs = 300_000;

export function formatShardIterator(iterator: ShardIterator): string {
  const { streamArn, streamCreated, shardId, position, issued } = iterator;
  return Buffer.from(JSON.stringify([streamArn, streamCreated, shardId, position, issued])).toString('base64');
}

/** Throws InvalidArgumentException for what is no iterator. */
export function parseShardIterator(text: string): ShardIterator {
  try {
    const fields = JSON.parse(Buffer.from(text, 'base64').toString()) as unknown[];
    const [streamArn, streamCreated, shardId, position, issued] = fields as [string, number, string, number, number];
    const iterator = { streamArn, streamCreated, shardId, position, issued };
    if (formatShardIterator(iterator) === text && Number.isInteger(position) && Number.isInteger(issued)) {
      return iterator;
    }
  } catch {
    // Answered below, like any other text that no GetShardIterator gave out.
  }
  throw invalidArgument('Invalid ShardIterator.');
}

/** Throws ExpiredIteratorException. */
export function checkAge(iterator: ShardIterator, now: number): void {
  if (now - iterator.issued <= lifetimeMs) return;
  throw new AwsError(
    'ExpiredIteratorException',
    `Iterator expired. The iterator was created at time ${awsTime(iterator.issued)} while right now it is ` +
      `${awsTime(now)} which is further in the future than the tolerated delay of ${lifetimeMs} milliseconds.`,
  );
}

/** `Thu Jan 22 01:22:02 UTC 2015` */
function awsTime(ms: number): string {
  const [weekday, day, month, year, time] = new Date(ms).toUTCString().replace(',', '').split(' ');
  return `${weekday} ${month} ${day} ${time} UTC ${year}`;
}
