import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { FailedTest } from './count-results.ts';
import type { FailedTask } from './failed-tasks.ts';

const messageLines = 12;

/**
 * What broke, as text for the end of a long log: each failed test with its project, file, name and error, and each task
 * that failed without a failed test, with the end of its output. Empty when nothing failed. Paths are told relative to `root`.
 */
export function failureSummary(tests: readonly FailedTest[], tasks: readonly FailedTask[], root: string): string {
  const explained = new Set(tests.map(({ project, target }) => `${project}:${target}`));
  const parts = [
    ...tests.map(({ project, target, file, test: title = '(the file could not start)', message }) => {
      return `✗ ${project}:${target} ${relative(root, file)}\n  ${title}\n${error(message)}`;
    }),
    ...tasks
      .filter(({ project, target }) => !explained.has(`${project}:${target}`))
      .map(({ project, target, output }) => `✗ ${project}:${target}\n${indented(output)}`),
  ];
  return parts.map((part) => `\n${part}\n`).join('');
}

/** The error's first lines and where in the repository's own files it was thrown: the runner's frames help nobody. */
function error(message: string): string {
  const lines = message.split('\n').filter((line) => !/^\s+at .*(node_modules|node:|<anonymous>)/.test(line));
  return indented(lines.slice(0, messageLines).join('\n'));
}

function indented(text: string): string {
  return stripVTControlCharacters(text).replace(/^/gm, '    ');
}
