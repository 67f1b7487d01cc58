import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { countResults } from '../src/count-results.ts';

test('sums the reports; a file that never started is a failure', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'count-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const reports = [
    { numPassedTests: 3, numFailedTests: 0, numFailedTestSuites: 0 },
    { numPassedTests: 2, numFailedTests: 1, numFailedTestSuites: 1 },
    { numPassedTests: 0, numFailedTests: 0, numFailedTestSuites: 1 },
  ];
  const files = await Promise.all(
    reports.map(async (report, i) => {
      const file = join(folder, `${i}.json`);
      await writeFile(file, JSON.stringify(report));
      return file;
    }),
  );
  expect(await countResults(files)).toEqual({ passed: 5, failed: 2 });
});
