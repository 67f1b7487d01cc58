/** Codes of {@link RequestError}. */
export type RequestErrorCode = 'METHOD_NOT_ALLOWED' | 'BODY_NOT_JSON' | 'BODY_INVALID';

/** A request that is refused before anything is logged. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: RequestErrorCode;
  readonly problems: readonly string[];

  constructor(code: RequestErrorCode, problems: readonly string[]) {
    super(`${code}: ${problems.join('; ')}`);
    this.code = code;
    this.problems = problems;
  }
}
