import { setTimeout } from 'node:timers/promises';
import { type Limiter, RateLimitedError, retryAfterMs } from '@stackyard/rate-control';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { problem, refusal } from './problem.ts';
import { waitMs } from './wait.ts';

/** What became of a call, for the metrics. */
export interface Outcome {
  readonly waitedMs: number;
  readonly fate: 'answered' | 'refused' | 'store-failed' | 'partner-refused' | 'partner-failed';
}

export interface ControllerOptions {
  /** A limiter for one call: an environment makes one at a time, and what it has learnt is old when it is thawed. */
  readonly limiter: () => Limiter;
  readonly partnerUrl: string;
  readonly fetch: typeof fetch;
  readonly waitMs: number;
  readonly mostWaitMs: number;
  /** Told of each call once. */
  tell(outcome: Outcome): void;
}

/** The headers that the partner is told of the caller's, and the caller of the partner's. */
const requestHeaders = ['content-type', 'idempotency-key'];
const answerHeaders = ['content-type', 'retry-after'];

/** Posts a caller's request to the partner when its turn comes, and answers as the partner does. Nothing is sent twice. */
export function createController(options: ControllerOptions) {
  const { partnerUrl, tell } = options;
  let pausedUntil = Number.NEGATIVE_INFINITY;

  async function post(
    request: APIGatewayProxyEventV2,
    signal: AbortSignal,
  ): Promise<APIGatewayProxyStructuredResultV2> {
    const { headers, body = '', isBase64Encoded } = request;
    const response = await options.fetch(partnerUrl, {
      method: 'POST',
      headers: picked(requestHeaders, (name) => headers[name]),
      body: isBase64Encoded ? Buffer.from(body, 'base64') : body,
      signal,
    });
    const text = await response.text();
    const answer = picked(answerHeaders, (name) => response.headers.get(name));
    return { statusCode: response.status, headers: answer, body: text };
  }

  return async (request: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const came = performance.now();
    const limiter = options.limiter();
    if (pausedUntil > came) limiter.pause(pausedUntil - came);
    let waitedMs: number | undefined;
    const told = (fate: Outcome['fate']) => tell({ waitedMs: waitedMs ?? performance.now() - came, fate });
    try {
      const answer = await limiter.run(
        (signal) => {
          waitedMs = performance.now() - came;
          return post(request, signal);
        },
        { waitMs: waitMs(request.headers['prefer'], options.waitMs, options.mostWaitMs) },
      );
      const { statusCode, headers } = answer as { statusCode: number; headers: Record<string, string> };
      if (statusCode === 429)
        pausedUntil = performance.now() + (retryAfterMs(headers['retry-after']) ?? unknownPauseMs);
      told(statusCode === 429 ? 'partner-refused' : 'answered');
      return answer;
    } catch (error) {
      if (error instanceof RateLimitedError) {
        told(error.code === 'RATE_STORE_UNAVAILABLE' ? 'store-failed' : 'refused');
        return refusal(error);
      }
      told('partner-failed');
      const isLate = error instanceof Error && error.name === 'TimeoutError';
      return isLate
        ? problem(504, 'the partner did not answer in time; it may have taken the call')
        : problem(502, 'the partner could not be reached; it may have taken the call');
    } finally {
      // The environment may be frozen from here on: the others need its permits.
      await Promise.race([limiter.giveBack(), setTimeout(mostGiveBackMs, undefined, { ref: false })]);
    }
  };
}

/** Nobody waits longer for permits to be given back; they come back by themselves when the lease ends. */
const mostGiveBackMs = 1000;

/** When a partner refuses and doesn't say for how long. */
const unknownPauseMs = 1000;

function picked(names: readonly string[], value: (name: string) => string | null | undefined): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const found = value(name);
      return found == null ? [] : [[name, found]];
    }),
  );
}
