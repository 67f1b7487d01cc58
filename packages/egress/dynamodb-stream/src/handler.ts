import { carryOutStream, dynamodbLedger, type Egress } from '@stackyard/egress';
import { byArrival, type Change, changeRules } from '@stackyard/event-folding';
import { createDownstream } from '@stackyard/handler-kit/downstream';
import { withLogger } from '@stackyard/handler-kit/logger';
import { signedFetch } from '@stackyard/handler-kit/signed-fetch';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { type Item, itemChange } from './item-change.ts';

const partner = createDownstream({ url: process.env['PARTNER_URL'] ?? '', fetch: signedFetch('lambda') });

const egress: Egress<Change<Item>> = {
  rules: changeRules<Item>(),
  // A shard keeps the order of each item's changes.
  order: byArrival,
  // The stream keeps its records for a day.
  ledger: dynamodbLedger(24 * 3600),
  send: partner.post,
};

/** Carries out a batch of the table's stream. */
export const handler = withLogger(({ Records }: DynamoDBStreamEvent) =>
  carryOutStream(
    {
      records: Records,
      identify: ({ dynamodb }: DynamoDBRecord) => dynamodb?.SequenceNumber ?? '',
      read: itemChange,
    },
    egress,
  ),
);
