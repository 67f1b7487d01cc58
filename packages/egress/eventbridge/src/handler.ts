import { type Egress, forgetfulLedger, readUserEvent, tasksOf, type UserEvent, userRules } from '@stackyard/egress';
import { byArrival } from '@stackyard/event-folding';
import { createDownstream } from '@stackyard/handler-kit/downstream';
import { withLogger } from '@stackyard/handler-kit/logger';
import { signedFetch } from '@stackyard/handler-kit/signed-fetch';
import type { EventBridgeEvent } from 'aws-lambda';

const partner = createDownstream({ url: process.env['PARTNER_URL'] ?? '', fetch: signedFetch('lambda') });

const egress: Egress<UserEvent> = {
  rules: userRules,
  order: byArrival,
  // One event is one plan, whose key follows from its id: however often the event comes, the partner knows the call again.
  ledger: forgetfulLedger(),
  send: partner.post,
};

/** Tells the partner of one event: EventBridge gives a function no more at once. */
export const handler = withLogger(async ({ detail }: EventBridgeEvent<UserEvent['type'], unknown>) => {
  for (const task of await tasksOf([readUserEvent(JSON.stringify(detail))], egress)) await task.run();
});
