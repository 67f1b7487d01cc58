import { expect, test } from 'vitest';
import { deserveSecondRun } from '../src/second-run.ts';

const project = '@stackyard/cloud';
const failure = (target: string, file: string) => ({ project, target, file, test: 'holds', message: 'Error: so' });

test.each([
  ['a proof', 'proof', [failure('proof', '/p/order.proof.ts')], true],
  ['a proof that could not be deployed', 'proof', [], true],
  ['a test', 'test', [failure('test', '/p/queue.test.ts')], true],
  ['a test, though a property of another target failed', 'proof', [failure('test', '/p/queue.fuzz.test.ts')], true],
  ['a property', 'test', [failure('test', '/p/queue.test.ts'), failure('test', '/p/queue.fuzz.test.ts')], false],
  ['a type check', 'typecheck', [], false],
  ['lint', 'lint', [], false],
])('%s that failed is run again or not', (_, target, tests, again) => {
  const task = { project, target, output: '' };
  expect(deserveSecondRun([task], tests)).toEqual(again ? [task] : []);
});
