/** Codes of {@link PolicyError}. */
export type PolicyErrorCode = 'POLICY_INVALID';

/** A policy that can't be kept or makes no sense. The message has all problems found. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly code: PolicyErrorCode = 'POLICY_INVALID';
  readonly problems: readonly string[];

  constructor(policy: string, problems: readonly string[]) {
    super(`POLICY_INVALID: policy '${policy}': ${problems.join('; ')}`);
    this.problems = problems;
  }
}

/** Codes of {@link RateLimitedError}. */
export type RateLimitedCode = 'RATE_LIMITED' | 'RATE_PAUSED' | 'RATE_STORE_UNAVAILABLE' | 'RATE_STRAINED';

const refusals: Readonly<Record<RateLimitedCode, string>> = {
  RATE_LIMITED: 'the call does not fit within its deadline',
  RATE_PAUSED: 'the partner has asked for a pause that outlasts the deadline',
  RATE_STRAINED: 'as many calls as the partner bears at the moment are under way',
  RATE_STORE_UNAVAILABLE: 'the store of the permits does not answer, and calls without a permit are not allowed',
};

/** A call that was not made. */
export class RateLimitedError extends Error {
  override readonly name = 'RateLimitedError';
  readonly code: RateLimitedCode;
  /** When it is worth to ask again, in milliseconds from now: an estimate, at least 1. */
  readonly retryAfterMs: number;

  constructor(code: RateLimitedCode, policy: string, retryAfterMs: number, cause?: unknown) {
    const wait = Math.max(1, Math.ceil(retryAfterMs));
    super(`${code}: policy '${policy}': ${refusals[code]}; try again in ${wait} ms`, { cause });
    this.code = code;
    this.retryAfterMs = wait;
  }
}

/** Codes of {@link StoreError}. */
export type StoreErrorCode = 'STORE_CONTENDED' | 'STORE_FAILED' | 'STORE_STATE_FOREIGN' | 'STORE_STATE_MISSING';

/** The store could not carry out an exchange. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;
  readonly problem: string;
  /** False when it is certain that nothing was written; true when nobody knows. */
  readonly mayBeWritten: boolean;

  constructor(code: StoreErrorCode, problem: string, options: { mayBeWritten?: boolean; cause?: unknown } = {}) {
    super(`${code}: ${problem}`, { cause: options.cause });
    this.code = code;
    this.problem = problem;
    this.mayBeWritten = options.mayBeWritten ?? false;
  }
}
