import { signedFetch } from '@stackyard/handler-kit/signed-fetch';
import { limiter } from './control.ts';
import { createPartner, type Outcome, type Partner } from './partner.ts';

/** The partner that the stack's settings name. */
export function deployedPartner(tell: (outcome: Outcome) => void): Partner {
  return createPartner({
    limiter,
    url: process.env['PARTNER_URL'] ?? '',
    fetch: signedFetch('lambda'),
    failures: Number(process.env['BREAK_AFTER']),
    breakMs: Number(process.env['BREAK_MS']),
    tell,
  });
}
