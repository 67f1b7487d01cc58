import { dynamodbLedger, type Egress, type UserEvent, userRules } from '@stackyard/egress';
import { byTime } from '@stackyard/event-folding';
import { createDownstream } from '@stackyard/handler-kit/downstream';
import { signedFetch } from '@stackyard/handler-kit/signed-fetch';

/** How this package's functions tell the partner. */
export function createEgress(): Egress<UserEvent> {
  const partner = createDownstream({ url: process.env['PARTNER_URL'] ?? '', fetch: signedFetch('lambda') });
  return {
    rules: userRules,
    // EventBridge keeps no order: events tell theirs.
    order: byTime,
    // An event may be delivered twice at once, and again for as long as one of the queues keeps it.
    ledger: dynamodbLedger(14 * 24 * 3600),
    send: partner.post,
  };
}
