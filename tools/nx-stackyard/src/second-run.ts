import type { FailedTest } from './count-results.ts';
import type { FailedTask } from './failed-tasks.ts';

/**
 * The failed tasks to run once more with nothing beside them: tests and proofs drive real processes, and one that fails on a
 * crowded machine only is told apart from one that is broken. Type checks and lint don't depend on the machine. A task with
 * a failed property test is not run again: the counterexample is a finding, and another seed would hide it.
 */
export function deserveSecondRun(tasks: readonly FailedTask[], tests: readonly FailedTest[]): FailedTask[] {
  return tasks.filter(({ project, target }) => {
    const own = tests.filter((test) => test.project === project && test.target === target);
    return ['test', 'proof'].includes(target) && own.every(({ file }) => !file.endsWith('.fuzz.test.ts'));
  });
}
