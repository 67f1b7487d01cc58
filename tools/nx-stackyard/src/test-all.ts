import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir } from '@nx/devkit';
import { countResults, type FailedTest, type ResultsFile } from './count-results.ts';
import { type FailedTask, failedTasks } from './failed-tasks.ts';
import { failureSummary } from './failure-summary.ts';
import { deserveSecondRun } from './second-run.ts';

/** What `pnpm test` runs, in every project that has it. */
const targets = ['typecheck', 'lint', 'test', 'proof'];

/**
 * Runs all checks through Nx (unchanged ones are answered from its cache) and ends with what broke and the line
 * `N passed, N failed`: the end of the log is what one sees of a run elsewhere. Tests and proofs that failed beside others are
 * run once more alone; those that pass then are named as flaky.
 */
async function main(): Promise<void> {
  let tasks = await failedOf(['run-many', '-t', targets.join(','), '--parallel=2']);
  let results = await countResults(await resultsFiles());
  const again = deserveSecondRun(tasks, results.failures);
  if (again.length > 0) {
    const still = await runAlone(again);
    const flaky = again.filter((task) => !still.some((other) => nameOf(other) === nameOf(task)));
    process.stdout.write(flakySummary(flaky, results.failures));
    tasks = [...tasks.filter((task) => !again.includes(task)), ...still];
    results = await countResults(await resultsFiles());
  }
  const { passed, failed, failures } = results;
  process.stdout.write(`${failureSummary(failures, tasks, process.cwd())}\n`);
  // A type error or a lint finding fails no test: the run is then one failure more than the tests show.
  const others = tasks.length > 0 && failed === 0 ? 1 : 0;
  process.stdout.write(`${passed} passed, ${failed + others} failed\n`);
  process.exitCode = tasks.length > 0 ? 1 : 0;
}

/** Runs tasks with nothing beside them, answers those that fail again. */
async function runAlone(tasks: readonly FailedTask[]): Promise<FailedTask[]> {
  process.stdout.write(`\nOnce more, alone: ${tasks.map(nameOf).join(', ')}\n`);
  const all = (key: 'project' | 'target') => [...new Set(tasks.map((task) => task[key]))].join(',');
  return failedOf(['run-many', '-t', all('target'), '-p', all('project'), '--parallel=1']);
}

function flakySummary(flaky: readonly FailedTask[], tests: readonly FailedTest[]): string {
  if (flaky.length === 0) return '';
  const own = tests.filter((test) => flaky.some((task) => nameOf(task) === nameOf(test)));
  return `\nFlaky: failed beside others, passed alone\n${failureSummary(own, flaky, process.cwd())}`;
}

function nameOf({ project, target }: { project: string; target: string }): string {
  return `${project}:${target}`;
}

/** The tasks that failed of what Nx is asked to run. Throws when Nx itself fails. */
async function failedOf(args: readonly string[]): Promise<FailedTask[]> {
  const child = spawn('nx', [...args, '--outputStyle=static'], {
    stdio: 'inherit',
    env: { ...process.env, NX_DAEMON: 'false' },
  });
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
  if (exitCode === 0) return [];
  const failed = await failedTasks(cacheDir);
  if (failed.length === 0) throw new Error(`nx ${args.join(' ')} ended with ${exitCode}, and no task of it failed`);
  return failed;
}

/** Every `<project>/.stackyard/<target>.json` of a project that has one. */
async function resultsFiles(): Promise<ResultsFile[]> {
  const found = await Promise.all(
    (await projectFolders()).map(async (folder) => {
      const files = await readdir(join(folder, '.stackyard')).catch(() => []);
      const reports = files.filter((file) => file.endsWith('.json'));
      if (reports.length === 0) return [];
      const { name: project } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { name: string };
      return reports.map((file) => ({
        project,
        target: file.replace('.json', ''),
        path: join(folder, '.stackyard', file),
      }));
    }),
  );
  return found.flat();
}

/** The folders of all projects, with and without tests. */
async function projectFolders(): Promise<string[]> {
  const projects = [...(await folders('libs')), ...(await folders('tools'))];
  for (const family of await folders('packages')) projects.push(...(await folders(family)));
  return projects;
}

async function folders(parent: string): Promise<string[]> {
  const entries = await readdir(parent, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(parent, entry.name));
}

await main();
