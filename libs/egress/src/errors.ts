/** Codes of {@link EgressError}. */
export type EgressErrorCode = 'EVENT_UNREADABLE';

/** An event that no attempt can ever carry out: it has to be looked at by a person. */
export class EgressError extends Error {
  override readonly name = 'EgressError';
  readonly code: EgressErrorCode;

  constructor(code: EgressErrorCode, problem: string, cause?: unknown) {
    super(`${code}: ${problem}`, { cause });
    this.code = code;
  }
}
