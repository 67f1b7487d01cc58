import { signedFetch } from '@stackyard/handler-kit/signed-fetch';
import { createLimiter } from '@stackyard/rate-control';
import { policy, store } from './control.ts';
import { createPartner, type Outcome, type Partner } from './partner.ts';

const whenStoreFails = process.env['WHEN_STORE_FAILS'] === 'open' ? 'open' : 'closed';

/** The partner that the stack's settings name. */
export function deployedPartner(tell: (outcome: Outcome) => void): Partner {
  return createPartner({
    limiter: () => createLimiter({ policy, store, whenStoreFails }),
    url: process.env['PARTNER_URL'] ?? '',
    fetch: signedFetch('lambda'),
    failures: Number(process.env['BREAK_AFTER']),
    breakMs: Number(process.env['BREAK_MS']),
    tell,
  });
}
