import { AwsError } from '../../errors.ts';
import { fullBucket, holds } from '../../token-bucket.ts';
import type { Queue } from './state.ts';

/**
 * "Without batching, FIFO queues support up to 300 API calls per second, per API method (SendMessage, ReceiveMessage, or
 * DeleteMessage)", Amazon SQS FIFO queue quotas; a batch is one call. High throughput (`perMessageGroupId`) allows more
 * than this cloud can be asked for, so it is not limited.
 */
const callsPerSecond = 300;

/** Counts one call. Throws RequestThrottled beyond what a FIFO queue allows. */
export function takeThroughput(queue: Queue, action: 'Send' | 'Receive' | 'Delete', now: number): void {
  if (!queue.fifo || queue.attributes['FifoThroughputLimit'] === 'perMessageGroupId') return;
  const rate = { perSecond: callsPerSecond, capacity: callsPerSecond };
  const bucket = queue.throughput.get(action) ?? fullBucket(callsPerSecond, now);
  queue.throughput.set(action, bucket);
  if (!holds(bucket, 1, rate, now))
    throw new AwsError('RequestThrottled', 'The request was denied due to request throttling.');
  bucket.tokens -= 1;
}
