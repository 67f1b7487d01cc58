import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createController } from './controller.ts';
import { deployedPartner } from './deployed-partner.ts';
import { invocation } from './invocation.ts';
import { tellOfCaller } from './metrics.ts';
import { createQuotes } from './quotes.ts';

const partner = deployedPartner(tellOfCaller);
const waitMs = Number(process.env['WAIT_MS']);

const controller = createController({ partner, waitMs, mostWaitMs: Number(process.env['MOST_WAIT_MS']) });

const quotes = createQuotes({
  partner,
  freshMs: Number(process.env['QUOTES_FRESH_MS']),
  staleMs: Number(process.env['QUOTES_STALE_MS']),
  defaults: JSON.parse(process.env['QUOTES_DEFAULTS'] ?? '{}') as Record<string, number>,
  waitMs: Number(process.env['QUOTES_WAIT_MS']),
});

/** Calls the partner for the caller, as often as the partner allows it to all callers together. */
export const handler = invocation((request: APIGatewayProxyEventV2) => {
  const answer = request.routeKey.startsWith('GET ') ? quotes : controller;
  return answer(request);
});
