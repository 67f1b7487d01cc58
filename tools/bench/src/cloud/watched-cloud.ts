import { fileURLToPath } from 'node:url';
import { defaultRegion, rootCredentials } from '@stackyard/local-cloud';
import type { Figure } from '../figure.ts';
import { readable } from '../figure.ts';
import { type StartedProcess, start } from '../processes.ts';
import type { CloudProcess } from './cloud-process.ts';
import type { Usage } from './leak-process.ts';

const program = fileURLToPath(new URL('leak-process.ts', import.meta.url));

/** Runs `work` with a cloud of its own that tells what it holds. */
export async function withWatchedCloud<Result>(work: (cloud: CloudProcess) => Promise<Result>): Promise<Result> {
  const started = start(process.execPath, ['--expose-gc', program]);
  try {
    const [, endpoint = ''] = await started.prints(/ready on (\S+)\n/);
    const client = { endpoint, region: defaultRegion, credentials: rootCredentials };
    return await work({ ...started, endpoint, client });
  } finally {
    await started.kill('SIGTERM');
  }
}

/** What it holds when it is asked for the first or the second time. */
export async function usageOf({ pid, prints }: StartedProcess, time: 1 | 2): Promise<Usage> {
  process.kill(pid, 'SIGUSR2');
  const [, json = ''] = await prints(new RegExp(`usage ${time} (.*)\\n`));
  return JSON.parse(json) as Usage;
}

/** How much more it holds. */
export function growth(prefix: string, before: Usage, after: Usage): Figure[] {
  const figure = (name: keyof Usage, unit: string, goal: number): Figure => ({
    name: `${prefix}.${name}`,
    value: after[name] - before[name],
    unit,
    goal,
    better: 'lower',
    measured: `${readable(before[name])}, then ${readable(after[name])}`,
  });
  return [figure('heapMb', 'MB', 2), figure('handles', '', 0), figure('descriptors', '', 0), figure('files', '', 0)];
}
