import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const runFile = promisify(execFile);

/**
 * Memory in MB of the given processes and all they have started: the sum of each one's peak resident set from `/proc`;
 * on systems without it the present resident sets, from `ps`.
 */
export async function memoryUsedMb(leaders: readonly number[]): Promise<number> {
  const kilobytes =
    process.platform === 'linux' ? leaders.map(peakOf).reduce((a, b) => a + b, 0) : await fromPs(leaders);
  return Math.ceil(kilobytes / 1024);
}

/**
 * Memory in MB that a process and all it has started hold now and that the kernel could not take from them: without the pages of
 * program files, which processes share and which are read again when they are needed. 0 on systems without `/proc`.
 */
export function memoryHeldMb(leader: number): number {
  return process.platform === 'linux' ? heldBy(leader) / 1024 : 0;
}

const peakOf = (pid: number): number => sumOverTree(pid, /^VmHWM:\s+(\d+)/gm);
const heldBy = (pid: number): number => sumOverTree(pid, /^Rss(?:Anon|Shmem):\s+(\d+)/gm);

/** The sum, in kB, of what `lines` finds in the status of a process and of those it has started. */
function sumOverTree(pid: number, lines: RegExp): number {
  try {
    const own = [...readFileSync(`/proc/${pid}/status`, 'utf8').matchAll(lines)].map(([, kilobytes]) =>
      Number(kilobytes),
    );
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    return [...own, ...children.map((child) => sumOverTree(Number(child), lines))].reduce((a, b) => a + b, 0);
  } catch {
    // It has ended meanwhile.
    return 0;
  }
}

async function fromPs(groups: readonly number[]): Promise<number> {
  const { stdout } = await runFile('ps', ['-A', '-o', 'pgid=,rss=']);
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([group]) => group !== undefined && groups.includes(group))
    .reduce((sum, [, resident]) => sum + (resident ?? 0), 0);
}
