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
    process.platform === 'linux' ? leaders.map(fromProc).reduce((a, b) => a + b, 0) : await fromPs(leaders);
  return Math.ceil(kilobytes / 1024);
}

function fromProc(pid: number): number {
  try {
    const peak = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    return Number(peak ?? 0) + children.map((child) => fromProc(Number(child))).reduce((a, b) => a + b, 0);
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
