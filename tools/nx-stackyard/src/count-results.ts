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

/** Where the results of a project's target are. */
export interface ResultsFile {
  /** The project's name, as in its package.json. */
  readonly project: string;
  readonly target: string;
  readonly path: string;
}

/** A test that failed, or a file that could not start: then without a test's name. */
export interface FailedTest {
  readonly project: string;
  readonly target: string;
  /** The test file's path. */
  readonly file: string;
  readonly test?: string;
  /** The error as Vitest reports it, with its stack. */
  readonly message: string;
}

/** Sums Vitest's JSON reports. A file that could not even start counts as one failure. */
export async function countResults(
  files: readonly ResultsFile[],
): Promise<{ passed: number; failed: number; failures: FailedTest[] }> {
  let passed = 0;
  let failed = 0;
  const failures: FailedTest[] = [];
  for (const { project, target, path } of files) {
    const report = JSON.parse(await readFile(path, 'utf8')) as Report;
    passed += report.numPassedTests;
    failed += report.numFailedTests;
    if (report.numFailedTests === 0) failed += report.numFailedTestSuites;
    failures.push(...failuresOf(report).map((failure) => ({ project, target, ...failure })));
  }
  return { passed, failed, failures };
}

function failuresOf({ testResults }: Report): Omit<FailedTest, 'project' | 'target'>[] {
  return testResults.flatMap(({ name: file, status, message, assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === 'failed');
    if (tests.length === 0) return status === 'failed' ? [{ file, message }] : [];
    return tests.map((test) => ({ file, test: test.fullName, message: test.failureMessages?.join('\n') ?? '' }));
  });
}
