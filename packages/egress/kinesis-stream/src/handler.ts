import {
  carryOutStream,
  dynamodbLedger,
  type Egress,
  readUserEvent,
  type UserEvent,
  userRules,
} from '@stackyard/egress';
import { byArrival } from '@stackyard/event-folding';
import { createDownstream } from '@stackyard/handler-kit/downstream';
import { withLogger } from '@stackyard/handler-kit/logger';
import { signedFetch } from '@stackyard/handler-kit/signed-fetch';
import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';

const partner = createDownstream({ url: process.env['PARTNER_URL'] ?? '', fetch: signedFetch('lambda') });

const egress: Egress<UserEvent> = {
  rules: userRules,
  // A shard keeps the order of each partition key, which is the subject.
  order: byArrival,
  // The stream keeps its records for a day.
  ledger: dynamodbLedger(24 * 3600),
  send: partner.post,
};

/** Carries out a batch of the stream of user events. */
export const handler = withLogger(({ Records }: KinesisStreamEvent) =>
  carryOutStream(
    {
      records: Records,
      identify: ({ kinesis }: KinesisStreamRecord) => kinesis.sequenceNumber,
      read: ({ kinesis }) => readUserEvent(Buffer.from(kinesis.data, 'base64').toString()),
    },
    egress,
  ),
);
