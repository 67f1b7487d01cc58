import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { setTimeout as timePasses } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface StartedProcess {
  readonly pid: number;
  /** Resolves when it has ended, with its exit code. */
  readonly ended: Promise<number | null>;
  /** Rejects with what it printed when it ends: for waiting for something that comes only while it runs. */
  readonly failed: Promise<never>;
  /** The first output that matches, when it comes. Rejects when the process ends before. */
  prints(pattern: RegExp): Promise<RegExpExecArray>;
  kill(signal?: NodeJS.Signals): Promise<void>;
}

const started = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of started) child.kill('SIGKILL');
});

/** Starts a program that sees these variables only, and as `node` the Node that runs the benchmark; in this folder, if one is given. */
export function start(
  command: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
  folder?: string,
): StartedProcess {
  const child = spawn(command, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, ...variables },
  });
  started.add(child);
  let output = '';
  const ended = once(child, 'exit').then(([code]) => {
    started.delete(child);
    return code as number | null;
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-10_000);
    });
  }
  const failed = ended.then((code): never => {
    throw new Error(`${command} ${args.join(' ')} ended with exit code ${code}: ${output.trim()}`);
  });
  // Usually nobody waits for this any more.
  failed.catch(() => undefined);
  return {
    pid: child.pid as number,
    ended,
    failed,
    prints(pattern) {
      const { promise, resolve } = Promise.withResolvers<RegExpExecArray>();
      const look = () => {
        const found = pattern.exec(output);
        if (found) resolve(found);
      };
      child.stdout.on('data', look);
      look();
      return Promise.race([promise, failed]);
    },
    async kill(signal = 'SIGKILL') {
      child.kill(signal);
      await ended;
    },
  };
}

/** Resident memory of a process in MB as Lambda counts them: 2^20 bytes. */
export async function residentMb(pid: number): Promise<number> {
  const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) / 1024;
}

/** Resident memory when nothing has happened for a moment. */
export async function residentMbAtRest(pid: number): Promise<number> {
  await timePasses(500);
  return residentMb(pid);
}

/** Node that has started and says so with the least that says anything; the floor under every start. */
export function startBareNode(): StartedProcess {
  return start(process.execPath, ['-e', "require('node:fs').writeSync(1, 'ready'); setInterval(() => {}, 60_000)"]);
}
