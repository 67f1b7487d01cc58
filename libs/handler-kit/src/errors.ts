/** Codes of {@link DownstreamError}. */
export type DownstreamErrorCode = 'DOWNSTREAM_REFUSED' | 'DOWNSTREAM_UNAVAILABLE';

/** A call that the downstream did not take. */
export class DownstreamError extends Error {
  override readonly name = 'DownstreamError';
  /** `DOWNSTREAM_REFUSED`: the same call will be refused again. `DOWNSTREAM_UNAVAILABLE`: it may be taken later. */
  readonly code: DownstreamErrorCode;
  /** HTTP status of the last answer; undefined when there was none. */
  readonly status: number | undefined;
  /** How long the downstream asked to be left alone, in seconds. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: DownstreamErrorCode,
    problem: string,
    { status, retryAfterSeconds, cause }: { status?: number; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(`${code}: ${problem}`, { cause });
    this.code = code;
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
