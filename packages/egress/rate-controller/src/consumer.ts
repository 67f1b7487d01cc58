import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { withLogger } from '@stackyard/handler-kit/logger';
import { createConsumer } from './consume.ts';
import { deployedPartner } from './deployed-partner.ts';
import { tellOfMessage, tellOfPartner, withMetrics } from './metrics.ts';
import { sourceQueue } from './source-queue.ts';

const consumer = createConsumer({
  partner: deployedPartner(tellOfPartner),
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
export const handler = withLogger(withMetrics(consumer));
