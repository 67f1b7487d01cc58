import { expect, test } from 'vitest';
import { failureSummary } from '../src/failure-summary.ts';

test('a failed test is told with its project, file, name and error, without the frames of the runner', () => {
  const failure = {
    project: '@stackyard/cloud',
    target: 'test',
    file: '/repo/tools/cloud/test/queue.test.ts',
    test: 'a queue keeps order',
    message:
      'AssertionError: expected 1 to be 2\n    at /repo/tools/cloud/test/queue.test.ts:7:3\n    at new Promise (<anonymous>)\n    at run (/repo/node_modules/x.js:1:1)',
  };
  expect(failureSummary([failure], [{ project: '@stackyard/cloud', target: 'test', output: 'long' }], '/repo')).toBe(`
✗ @stackyard/cloud:test tools/cloud/test/queue.test.ts
  a queue keeps order
    AssertionError: expected 1 to be 2
        at /repo/tools/cloud/test/queue.test.ts:7:3
`);
});

test('a task that failed without a failed test is told with the end of its output', () => {
  const task = { project: '@stackyard/cloud', target: 'typecheck', output: '\u001b[31merror\u001b[0m TS2322: so' };
  expect(failureSummary([], [task], '/repo')).toBe(`
✗ @stackyard/cloud:typecheck
    error TS2322: so
`);
});

test('a file that could not start is told with the reason', () => {
  const failure = {
    project: '@stackyard/cloud',
    target: 'test',
    file: '/repo/tools/cloud/test/a.test.ts',
    message: 'no such module',
  };
  expect(failureSummary([failure], [], '/repo')).toContain('(the file could not start)\n    no such module');
});

test('nothing failed, nothing told', () => {
  expect(failureSummary([], [], '/repo')).toBe('');
});
