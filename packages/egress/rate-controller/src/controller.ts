import { RateLimitedError } from '@stackyard/rate-control';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { LeftAloneError, type Partner } from './partner.ts';
import { problem, refusal } from './problem.ts';
import { waitMs } from './wait.ts';

export interface ControllerOptions {
  readonly partner: Partner;
  readonly waitMs: number;
  readonly mostWaitMs: number;
}

/** The headers that the partner is told of the caller's, and the caller of the partner's. */
const requestHeaders = ['content-type', 'idempotency-key'];
const answerHeaders = ['content-type', 'retry-after'];

/** Posts a caller's request to the partner when its turn comes, and answers as the partner does. */
export function createController({ partner, ...options }: ControllerOptions) {
  return async (request: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const { headers, body = '', isBase64Encoded } = request;
    const init = {
      method: 'POST',
      headers: picked(requestHeaders, (name) => headers[name]),
      body: isBase64Encoded ? Buffer.from(body, 'base64') : body,
    };
    const patience = waitMs(headers['prefer'], options.waitMs, options.mostWaitMs);
    try {
      const answer = await partner.call('limited', init, patience);
      return {
        statusCode: answer.status,
        headers: picked(answerHeaders, (name) => answer.headers.get(name)),
        body: answer.body,
      };
    } catch (error) {
      return problemOf(error);
    }
  };
}

/** What a caller hears whose call was not made, or not answered. */
export function problemOf(error: unknown): APIGatewayProxyStructuredResultV2 {
  if (error instanceof RateLimitedError) return refusal(error);
  if (error instanceof LeftAloneError) {
    const seconds = String(Math.ceil(error.retryAfterMs / 1000));
    return problem(503, error.message, { retryAfterMs: error.retryAfterMs }, { 'retry-after': seconds });
  }
  const isLate = error instanceof Error && error.name === 'TimeoutError';
  return isLate
    ? problem(504, 'the partner did not answer in time; it may have taken the call')
    : problem(502, 'the partner could not be reached; it may have taken the call');
}

function picked(names: readonly string[], value: (name: string) => string | null | undefined): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const found = value(name);
      return found == null ? [] : [[name, found]];
    }),
  );
}
