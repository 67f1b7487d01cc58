/** Codes of {@link RequestError}, with the HTTP status each is answered with. */
export const requestErrorStatus = {
  METHOD_NOT_ALLOWED: 405,
  BODY_NOT_JSON: 400,
  BODY_INVALID: 400,
} as const;
export type RequestErrorCode = keyof typeof requestErrorStatus;

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
