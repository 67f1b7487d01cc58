/** Codes of {@link FoldingError}. */
export type FoldingErrorCode = 'EVENT_TIME_UNREADABLE' | 'EVENT_TYPE_UNKNOWN';

/** An event that can't be folded: it came from outside, where no compiler looked. */
export class FoldingError extends Error {
  override readonly name = 'FoldingError';
  readonly code: FoldingErrorCode;
  /** Of the event. */
  readonly id: string;

  constructor(code: FoldingErrorCode, id: string, problem: string) {
    super(`${code}: event ${id} ${problem}`);
    this.code = code;
    this.id = id;
  }
}
