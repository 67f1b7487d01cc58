import {
  carryOutQueue,
  dynamodbLedger,
  type Egress,
  readUserEvent,
  type UserEvent,
  userRules,
} from '@stackyard/egress';
import { byTime } from '@stackyard/event-folding';
import { createDownstream } from '@stackyard/handler-kit/downstream';
import { withLogger } from '@stackyard/handler-kit/logger';
import { signedFetch } from '@stackyard/handler-kit/signed-fetch';
import type { SQSEvent } from 'aws-lambda';

const partner = createDownstream({ url: process.env['PARTNER_URL'] ?? '', fetch: signedFetch('lambda') });

const egress: Egress<UserEvent> = {
  rules: userRules,
  // A standard queue keeps no order: events tell theirs.
  order: byTime,
  // The queue keeps its messages for four days.
  ledger: dynamodbLedger(4 * 24 * 3600),
  send: partner.post,
};

/** Carries out a batch of the queue of user events. */
export const handler = withLogger(({ Records }: SQSEvent) => carryOutQueue(Records, readUserEvent, egress));
