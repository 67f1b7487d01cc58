/** Codes of {@link CdkCoreError}. */
export type CdkCoreErrorCode =
  | 'CONFIGURATION_INVALID'
  | 'NO_ENFORCED_STACK'
  | 'ACKNOWLEDGEMENT_WITHOUT_REASON'
  | 'FUNCTION_CODE_MISSING';

/** A refusal at synth: nothing is deployed. The message lists every problem with its way out. */
export class CdkCoreError extends Error {
  override readonly name = 'CdkCoreError';
  readonly code: CdkCoreErrorCode;
  readonly problems: readonly string[];

  constructor(code: CdkCoreErrorCode, problems: readonly string[]) {
    super(`${code}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.code = code;
    this.problems = problems;
  }
}
