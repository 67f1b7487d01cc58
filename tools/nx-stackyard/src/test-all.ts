import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir } from '@nx/devkit';
import { countResults } from './count-results.ts';
import { failedTasks } from './failed-tasks.ts';
import { failureSummary } from './failure-summary.ts';

/** What `pnpm test` runs, in every project that has it. */
const targets = ['typecheck', 'lint', 'test', 'proof'];

/**
 * Runs all checks through Nx (unchanged ones are answered from its cache) and ends with what broke and the line
 * `N passed, N failed`: the end of the log is what one sees of a run elsewhere.
 */
async function main(): Promise<void> {
  const exitCode = await nx(['run-many', '-t', targets.join(','), '--parallel=2', '--outputStyle=static']);
  const projects = await projectFolders();
  const { passed, failed, failures } = await countResults(await reports(projects));
  if (exitCode !== 0) {
    const names = new Map(await Promise.all(projects.map(async (folder) => [folder, await nameOf(folder)] as const)));
    process.stdout.write(`${failureSummary(failures, await failedTasks(cacheDir), names, process.cwd())}\n`);
  }
  // A type error or a lint finding fails no test: the run is then one failure more than the tests show.
  const others = exitCode !== 0 && failed === 0 ? 1 : 0;
  process.stdout.write(`${passed} passed, ${failed + others} failed\n`);
  process.exitCode = exitCode;
}

function nx(args: readonly string[]): Promise<number> {
  const child = spawn('nx', args, { stdio: 'inherit', env: { ...process.env, NX_DAEMON: 'false' } });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** The folders of all projects, with and without tests. */
async function projectFolders(): Promise<string[]> {
  const projects = [...(await folders('libs')), ...(await folders('tools'))];
  for (const family of await folders('packages')) projects.push(...(await folders(family)));
  return projects;
}

/** Every `<project>/.stackyard/<target>.json` of a project that has one. */
async function reports(projects: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    projects.map(async (project) => {
      const folder = join(project, '.stackyard');
      const files = await readdir(folder).catch(() => []);
      return files.filter((file) => file.endsWith('.json')).map((file) => join(folder, file));
    }),
  );
  return found.flat();
}

async function folders(parent: string): Promise<string[]> {
  const entries = await readdir(parent, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(parent, entry.name));
}

/** A project's name, which Nx takes from its package.json. */
async function nameOf(folder: string): Promise<string> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}');
  return (JSON.parse(text) as { name?: string }).name ?? folder;
}

await main();
