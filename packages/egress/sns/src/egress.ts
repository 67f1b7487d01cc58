import { dynamodbLedger, type Egress, type UserEvent, userRules } from '@stackyard/egress';
import { byTime } from '@stackyard/event-folding';
import { createDownstream } from '@stackyard/handler-kit/downstream';
import { signedFetch } from '@stackyard/handler-kit/signed-fetch';

/** What both ways from a topic to the partner have in common. */
export function egressWith({ remembersSeconds }: { readonly remembersSeconds: number }): Egress<UserEvent> {
  const partner = createDownstream({ url: process.env['PARTNER_URL'] ?? '', fetch: signedFetch('lambda') });
  return {
    rules: userRules,
    // Neither a topic nor Lambda's queue nor a standard queue keeps an order: events tell theirs.
    order: byTime,
    // All of them may give an event twice.
    ledger: dynamodbLedger(remembersSeconds),
    send: partner.post,
  };
}
