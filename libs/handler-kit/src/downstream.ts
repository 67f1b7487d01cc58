import ky, { isHTTPError, type KyInstance } from 'ky';
import { DownstreamError } from './errors.ts';
import { RetryBudget } from './retry-budget.ts';

export { DownstreamError, type DownstreamErrorCode } from './errors.ts';

export interface DownstreamOptions {
  /** Where calls are posted to. */
  readonly url: string;
  /** @default the global one; `signedFetch` for what asks for AWS_IAM */
  readonly fetch?: typeof fetch;
  /**
   * How long one attempt may take.
   * @default 3000
   */
  readonly attemptTimeoutMs?: number;
  /**
   * How long a call may take with its retries and the waits between them; well below the function's timeout.
   * @default 10000
   */
  readonly totalTimeoutMs?: number;
}

export interface Downstream {
  /**
   * Posts `body` as JSON with the header `Idempotency-Key` ("The Idempotency-Key HTTP Header Field", IETF draft): a downstream that
   * heeds it takes a call once, however often it comes.
   *
   * Statuses 408, 409, 425, 429 and 5xx, timeouts and broken connections are retried twice with full jitter, as far as the budget
   * for retries goes. `Retry-After` is obeyed when it fits into the call's time, else the call is not retried.
   *
   * @throws DownstreamError (`DOWNSTREAM_REFUSED`) for other statuses, (`DOWNSTREAM_UNAVAILABLE`) when retries didn't help.
   */
  post(body: unknown, idempotencyKey: string): Promise<void>;
}

const passing = [408, 409, 425, 429, 500, 502, 503, 504];

/** Client of an HTTP API that must not be overloaded and must not be told anything twice. */
export function createDownstream(options: DownstreamOptions): Downstream {
  const { url, attemptTimeoutMs = 3000, totalTimeoutMs = 10_000 } = options;
  const budget = new RetryBudget();
  const client: KyInstance = ky.create({
    ...(options.fetch && { fetch: options.fetch }),
    timeout: attemptTimeoutMs,
    totalTimeout: totalTimeoutMs,
    retry: {
      limit: 2,
      methods: ['post'],
      statusCodes: passing,
      afterStatusCodes: [429, 503],
      retryOnTimeout: true,
      jitter: true,
      shouldRetry({ error }) {
        const wait = isHTTPError(error) ? (retryAfterSeconds(error.response) ?? 0) : 0;
        return budget.allowsRetry && wait * 1000 < totalTimeoutMs ? undefined : false;
      },
    },
    hooks: { beforeRetry: [() => budget.failed()] },
  });
  return {
    async post(body, idempotencyKey) {
      try {
        await client.post(url, { json: body, headers: { 'idempotency-key': idempotencyKey } });
        budget.succeeded();
      } catch (error) {
        const failure = downstreamError(error, url);
        if (failure.code === 'DOWNSTREAM_UNAVAILABLE') budget.failed();
        throw failure;
      }
    },
  };
}

function downstreamError(cause: unknown, url: string): DownstreamError {
  const { host } = new URL(url);
  if (!isHTTPError(cause)) {
    return new DownstreamError('DOWNSTREAM_UNAVAILABLE', `${host} did not answer: ${(cause as Error).message}`, {
      cause,
    });
  }
  const { status } = cause.response;
  if (!passing.includes(status) && status < 500) {
    return new DownstreamError('DOWNSTREAM_REFUSED', `${host} answered ${status}`, { status, cause });
  }
  const seconds = retryAfterSeconds(cause.response);
  const until = seconds === undefined ? '' : ` and asks to be left alone for ${seconds} s`;
  return new DownstreamError('DOWNSTREAM_UNAVAILABLE', `${host} answered ${status}${until}`, {
    status,
    cause,
    ...(seconds !== undefined && { retryAfterSeconds: seconds }),
  });
}

/** `Retry-After` holds seconds or a date (RFC 9110, 10.2.3). */
function retryAfterSeconds({ headers }: Response): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}
