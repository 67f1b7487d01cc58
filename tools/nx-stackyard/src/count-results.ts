import { readFile } from 'node:fs/promises';

/** The part of Vitest's JSON report that is counted. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
}

/** Sums Vitest's JSON reports. A file that could not even start counts as one failure. */
export async function countResults(files: readonly string[]): Promise<{ passed: number; failed: number }> {
  let passed = 0;
  let failed = 0;
  for (const file of files) {
    const report = JSON.parse(await readFile(file, 'utf8')) as Report;
    passed += report.numPassedTests;
    failed += report.numFailedTests;
    if (report.numFailedTests === 0) failed += report.numFailedTestSuites;
  }
  return { passed, failed };
}
