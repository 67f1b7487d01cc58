/** Codes of {@link TenancyError}. */
export type TenancyErrorCode =
  | 'TENANT_INVALID'
  | 'TENANT_UNKNOWN'
  | 'TENANT_EXISTS'
  | 'TENANT_BUSY'
  | 'TENANT_NO_ROOM'
  | 'TENANT_NOT_ALLOWED';

const statuses: Readonly<Record<TenancyErrorCode, number>> = {
  TENANT_INVALID: 400,
  TENANT_UNKNOWN: 404,
  TENANT_EXISTS: 409,
  TENANT_BUSY: 409,
  TENANT_NO_ROOM: 409,
  TENANT_NOT_ALLOWED: 409,
};

/** What the admin API refuses; nothing has changed. The message lists every problem. */
export class TenancyError extends Error {
  override readonly name = 'TenancyError';
  readonly code: TenancyErrorCode;
  readonly problems: readonly string[];

  constructor(code: TenancyErrorCode, problems: readonly string[]) {
    super(`${code}: ${problems.join('; ')}`);
    this.code = code;
    this.problems = problems;
  }

  /** The HTTP status it is answered with. */
  get status(): number {
    return statuses[this.code];
  }
}
