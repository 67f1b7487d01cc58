/** Codes of {@link ContractError}. */
export type ContractErrorCode = 'CONTRACT_INVALID' | 'CONTRACT_VALUE_MISSING';

/** A contract that can't be declared or published; the message lists every problem. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
  readonly code: ContractErrorCode;
  readonly problems: readonly string[];

  constructor(code: ContractErrorCode, problems: readonly string[]) {
    super(`${code}: ${problems.join('; ')}`);
    this.code = code;
    this.problems = problems;
  }
}
