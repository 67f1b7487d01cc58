import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createDeferral } from '@stackyard/rate-control';
import { createConsumer } from './consume.ts';
import { limiter } from './control.ts';
import { deployedPartner } from './deployed-partner.ts';
import { invocation } from './invocation.ts';
import { tellOfMessage, tellOfPartner } from './metrics.ts';
import { sourceQueue } from './source-queue.ts';

const consumer = createConsumer({
  partner: deployedPartner(tellOfPartner),
  // The environment may be frozen between two batches.
  deferral: createDeferral(limiter, { now: Date.now }),
  queue: sourceQueue({
    sqs: new SQSClient({}),
    dynamodb: new DynamoDBClient({}),
    queueUrl: process.env['QUEUE_URL'] ?? '',
    deadLetterQueueUrl: process.env['DEAD_LETTER_QUEUE_URL'] ?? '',
    failuresTable: process.env['FAILURES_TABLE'] ?? '',
  }),
  waitMs: Number(process.env['WAIT_MS']),
  attempts: Number(process.env['ATTEMPTS']),
  restSeconds: Number(process.env['REST_SECONDS']),
  tell: tellOfMessage,
});

/** Tells the partner what is in the queue, as often as it allows to this and all other callers together. */
export const handler = invocation(consumer);
