import { dirname, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { FailedTest } from './count-results.ts';
import type { FailedTask } from './failed-tasks.ts';

const messageLines = 12;

/**
 * What broke, as text for the end of a long log: each failed test with its project, file, name and error, and each task
 * that failed without a failed test, with the end of its output. Empty when nothing failed.
 *
 * `projects` gives each project's name by its folder, relative to `root` like the reports' paths.
 */
export function failureSummary(
  tests: readonly FailedTest[],
  tasks: readonly FailedTask[],
  projects: ReadonlyMap<string, string>,
  root: string,
): string {
  const projectOf = ({ report }: FailedTest) => projects.get(dirname(dirname(report))) ?? dirname(dirname(report));
  const explained = new Set(tests.map((test) => `${projectOf(test)}:${targetOf(test)}`));
  const parts = [
    ...tests.map((test) => {
      const title = test.test ?? '(the file could not start)';
      return `✗ ${projectOf(test)}:${targetOf(test)} ${relative(root, test.file)}\n  ${title}\n${error(test.message)}`;
    }),
    ...tasks
      .filter(({ project, target }) => !explained.has(`${project}:${target}`))
      .map(({ project, target, output }) => `✗ ${project}:${target}\n${indented(output)}`),
  ];
  return parts.map((part) => `\n${part}\n`).join('');
}

/** `proof` for `<project>/.stackyard/proof.json`. */
function targetOf({ report }: FailedTest): string {
  return report.replace(/^.*\//, '').replace(/\.json$/, '');
}

/** The error's first lines and where in the repository's own files it was thrown: the runner's frames help nobody. */
function error(message: string): string {
  const lines = message.split('\n').filter((line) => !/^\s+at .*(node_modules|node:|<anonymous>)/.test(line));
  return indented(lines.slice(0, messageLines).join('\n'));
}

function indented(text: string): string {
  return stripVTControlCharacters(text).replace(/^/gm, '    ');
}
