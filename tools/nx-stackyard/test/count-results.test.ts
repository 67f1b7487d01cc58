import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { countResults } from '../src/count-results.ts';

test('sums the reports and names what failed; a file that never started is a failure', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'count-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const passing = { fullName: 'holds', status: 'passed', failureMessages: [] };
  const reports = [
    {
      numPassedTests: 3,
      numFailedTests: 0,
      numFailedTestSuites: 0,
      testResults: [
        { name: '/a.test.ts', status: 'passed', message: '', assertionResults: [passing, passing, passing] },
      ],
    },
    {
      numPassedTests: 2,
      numFailedTests: 1,
      numFailedTestSuites: 1,
      testResults: [
        {
          name: '/b.test.ts',
          status: 'failed',
          message: '',
          assertionResults: [
            passing,
            { fullName: 'breaks', status: 'failed', failureMessages: ['Error: so'] },
            passing,
          ],
        },
      ],
    },
    {
      numPassedTests: 0,
      numFailedTests: 0,
      numFailedTestSuites: 1,
      testResults: [{ name: '/c.test.ts', status: 'failed', message: 'no such module', assertionResults: [] }],
    },
  ];
  const files = await Promise.all(
    reports.map(async (report, i) => {
      const path = join(folder, `${i}.json`);
      await writeFile(path, JSON.stringify(report));
      return { project: `p${i}`, target: 'test', path };
    }),
  );
  expect(await countResults(files)).toEqual({
    passed: 5,
    failed: 2,
    failures: [
      { project: 'p1', target: 'test', file: '/b.test.ts', test: 'breaks', message: 'Error: so' },
      { project: 'p2', target: 'test', file: '/c.test.ts', message: 'no such module' },
    ],
  });
});
