import { logger } from '@stackyard/handler-kit/logger';
import { type Deferral, RateLimitedError } from '@stackyard/rate-control';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { keyAttribute } from './key-attribute.ts';
import { LeftAloneError, type Partner } from './partner.ts';
import type { SourceQueue } from './source-queue.ts';

export type MessageFate = 'done' | 'deferred' | 'failed' | 'given-up';

export interface ConsumerOptions {
  readonly partner: Partner;
  /** Keeps the places of those who were sent back, from one batch to the next. */
  readonly deferral: Deferral;
  readonly queue: SourceQueue;
  /** How long a message waits for its turn here; one whose turn comes later is sent back until then. */
  readonly waitMs: number;
  /** Calls that fail before a message is given up. */
  readonly attempts: number;
  /** How long a message rests after a call that failed. */
  readonly restSeconds: number;
  /** Told of each message once. */
  tell(fate: MessageFate): void;
}

/**
 * Posts each message of a batch to the partner, by its idempotency key. What doesn't fit now is sent back until it will. That uses up
 * none of its attempts: they are counted when a call has failed, not when a message is received.
 */
export function createConsumer({ partner, deferral, queue, waitMs, attempts, restSeconds, tell }: ConsumerOptions) {
  /** `later`: it doesn't fit now, and is sent back when it is known who else doesn't. */
  async function call(record: SQSRecord): Promise<MessageFate | 'later'> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': keyOf(record) };
    try {
      const { status } = await partner.call('limited', { method: 'POST', headers, body: record.body }, waitMs);
      if (status < 300) return 'done';
      if (status === 429) return 'later';
      if (status >= 500) return fail(record, `the partner answered ${status}`);
      // It would be answered the same again.
      return giveUp(record, `the partner answered ${status}`);
    } catch (error) {
      if (error instanceof RateLimitedError) return 'later';
      if (error instanceof LeftAloneError) return defer(record, Math.ceil(error.retryAfterMs / 1000));
      return fail(record, (error as Error).message);
    }
  }

  async function defer(record: SQSRecord, seconds: number): Promise<MessageFate> {
    await queue.hide(record.receiptHandle, seconds);
    return 'deferred';
  }

  async function fail(record: SQSRecord, why: string): Promise<MessageFate> {
    if ((await queue.countFailure(record.messageId)) >= attempts) return giveUp(record, why);
    await queue.hide(record.receiptHandle, restSeconds);
    return 'failed';
  }

  async function giveUp(record: SQSRecord, why: string): Promise<MessageFate> {
    await queue.giveUp({ body: record.body, key: keyOf(record), why });
    return 'given-up';
  }

  async function deliver(records: readonly SQSRecord[]) {
    const fates = await Promise.allSettled(records.map((record) => call(record)));
    return Promise.allSettled(
      records.map(async (record, i) => {
        const fate = fates[i] as PromiseSettledResult<MessageFate | 'later'>;
        if (fate.status === 'rejected') throw fate.reason;
        return fate.value === 'later' ? defer(record, deferral.visibilityTimeout()) : fate.value;
      }),
    );
  }

  return async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const fates = await deliver(Records);
    const batchItemFailures = Records.flatMap(({ messageId }, i) => {
      const settled = fates[i] as PromiseSettledResult<MessageFate>;
      // What could not be hidden, counted or given up is seen again when the queue's own visibility timeout is over.
      if (settled.status === 'rejected') logger.error('message.kept', { messageId, error: settled.reason });
      const fate = settled.status === 'fulfilled' ? settled.value : 'failed';
      tell(fate);
      return fate === 'done' || fate === 'given-up' ? [] : [{ itemIdentifier: messageId }];
    });
    return { batchItemFailures };
  };
}

/** The producer's own, which outlives a redrive, else the message's ID. */
const keyOf = ({ messageAttributes, messageId }: SQSRecord) =>
  messageAttributes[keyAttribute]?.stringValue ?? messageId;
