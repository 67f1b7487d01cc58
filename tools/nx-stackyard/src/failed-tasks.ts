import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A task of Nx that ended with an error. */
export interface FailedTask {
  /** The project's name, as in its package.json. */
  readonly project: string;
  readonly target: string;
  /** The last lines of what it wrote. */
  readonly output: string;
}

/** The part of `run.json` that is read: what Nx's own `StoreRunInformationLifeCycle` leaves of its last run. */
interface Run {
  readonly tasks: readonly {
    readonly projectName: string;
    readonly target: string;
    readonly hash: string;
    /** The exit code; a task that was never started has none. */
    readonly status?: number;
  }[];
}

const outputLines = 15;

/** The tasks that failed in Nx's last run, from its cache folder. */
export async function failedTasks(cache: string): Promise<FailedTask[]> {
  const run = JSON.parse(await readFile(join(cache, 'run.json'), 'utf8')) as Run;
  const failed = run.tasks.filter(({ status }) => status !== undefined && status !== 0);
  return Promise.all(
    failed.map(async ({ projectName: project, target, hash }) => {
      const output = await readFile(join(cache, 'terminalOutputs', hash), 'utf8').catch(() => '');
      return { project, target, output: output.trimEnd().split('\n').slice(-outputLines).join('\n') };
    }),
  );
}
