import { readFile } from 'node:fs/promises';

/** The part of Vitest's JSON report that is counted. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly testResults: readonly {
    /** The test file's path. */
    readonly name: string;
    readonly status: 'passed' | 'failed';
    /** Why the file could not start; empty when its tests ran. */
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

/** A test that failed, or a file that could not start: then without a test's name. */
export interface FailedTest {
  /** The report it is told in. */
  readonly report: string;
  /** The test file's path. */
  readonly file: string;
  readonly test?: string;
  /** The error as Vitest reports it, with its stack. */
  readonly message: string;
}

/** Sums Vitest's JSON reports. A file that could not even start counts as one failure. */
export async function countResults(
  files: readonly string[],
): Promise<{ passed: number; failed: number; failures: FailedTest[] }> {
  let passed = 0;
  let failed = 0;
  const failures: FailedTest[] = [];
  for (const file of files) {
    const report = JSON.parse(await readFile(file, 'utf8')) as Report;
    passed += report.numPassedTests;
    failed += report.numFailedTests;
    if (report.numFailedTests === 0) failed += report.numFailedTestSuites;
    failures.push(...failuresOf(report).map((failure) => ({ report: file, ...failure })));
  }
  return { passed, failed, failures };
}

function failuresOf({ testResults }: Report): Omit<FailedTest, 'report'>[] {
  return testResults.flatMap(({ name: file, status, message, assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === 'failed');
    if (tests.length === 0) return status === 'failed' ? [{ file, message }] : [];
    return tests.map((test) => ({ file, test: test.fullName, message: test.failureMessages?.join('\n') ?? '' }));
  });
}
