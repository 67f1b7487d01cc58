import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { countResults } from './count-results.ts';

/** What `pnpm test` runs, in every project that has it. */
const targets = ['typecheck', 'lint', 'test', 'proof'];

/** Runs all checks through Nx (unchanged ones are answered from its cache) and ends with `N passed, N failed`. */
async function main(): Promise<void> {
  const exitCode = await nx(['run-many', '-t', targets.join(','), '--parallel=2', '--outputStyle=static']);
  const { passed, failed } = await countResults(await reports());
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

/** Every `<project>/.stackyard/<target>.json` of a project that has one. */
async function reports(): Promise<string[]> {
  const projects = [...(await folders('libs')), ...(await folders('tools'))];
  for (const family of await folders('packages')) projects.push(...(await folders(family)));
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

await main();
