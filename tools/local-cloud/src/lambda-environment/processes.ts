import { spawn } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Clock } from '../clock.ts';
import type { ChunkReader } from './log-frames.ts';
import { guardGroup, releaseGroup } from './watchdog.ts';

/** How a process ended; `error` when it could not even start. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: NodeJS.ErrnoException;
}

/** One process of the environment with everything it has started: they share a process group. */
export interface EnvironmentProcess {
  /** `runtime`, or the extension's file name. */
  readonly name: string;
  readonly pid: number | undefined;
  readonly exit: ProcessExit | undefined;
  /** Resolves when it is gone, with its whole group, and all it printed has been read. */
  readonly exited: Promise<void>;
  /** Signals the whole group; nothing happens when it is gone. */
  signal(signal: NodeJS.Signals): void;
}

export interface ProcessOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly stdout: ChunkReader;
  readonly stderr: ChunkReader;
  /** Gives the process a file descriptor 3, whose bytes end here. */
  readonly telemetry?: ChunkReader;
}

/** How long output of an ended process may still be held open by something that left its group. */
const orphanedOutputMs = 200;

/** Process groups that are ended with this process at once; the watchdog sees to those of one that is killed. */
const groups = new Set<number>();
process.once('exit', () => {
  for (const group of groups) signalGroup(group, 'SIGKILL');
});

function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    // ESRCH: nobody of the group is left. EPERM: macOS says so of a group of zombies.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

export function startProcess(options: ProcessOptions): EnvironmentProcess {
  const notProgram = formatError(options.command);
  if (notProgram) {
    const exit = { code: null, signal: null, error: notProgram };
    return { name: options.name, pid: undefined, exit, exited: Promise.resolve(), signal: () => {} };
  }
  const child = spawn(options.command, [...options.args], {
    cwd: options.cwd,
    env: { ...options.variables },
    // Its own process group: freezing and killing reach what it starts, too.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', ...(options.telemetry ? (['pipe'] as const) : [])],
  });
  if (child.pid !== undefined) {
    groups.add(child.pid);
    guardGroup(child.pid);
  }
  const outputs: [Readable | null | undefined, ChunkReader | undefined][] = [
    [child.stdout, options.stdout],
    [child.stderr, options.stderr],
    [child.stdio[3] as Readable | undefined, options.telemetry],
  ];
  for (const [output, reader] of outputs) output?.on('data', (chunk: Buffer) => reader?.write(chunk));

  let exit: ProcessExit | undefined;
  const gone = Promise.withResolvers<void>();

  function ended(how: ProcessExit): void {
    if (exit) return;
    exit = how;
    if (child.pid === undefined) return;
    // What it has started dies with it; otherwise it would hold the output open and outlive the environment.
    signalGroup(child.pid, 'SIGKILL');
    groups.delete(child.pid);
    releaseGroup(child.pid);
  }

  child.once('error', (error) => {
    if (child.pid !== undefined) return;
    ended({ code: null, signal: null, error });
    gone.resolve();
  });
  child.once('exit', (code, name) => {
    ended({ code, signal: name });
    const stopWaiting = options.clock.after(orphanedOutputMs, () => {
      for (const [output] of outputs) output?.destroy();
    });
    child.once('close', () => {
      stopWaiting();
      for (const [, reader] of outputs) reader?.end();
      gone.resolve();
    });
  });

  return {
    name: options.name,
    pid: child.pid,
    get exit() {
      return exit;
    },
    exited: gone.promise,
    signal(name) {
      if (!exit && child.pid !== undefined) signalGroup(child.pid, name);
    },
  };
}

/** The kernel takes scripts with `#!` and binaries only; the C library, unlike Lambda, would give the rest to a shell. */
function formatError(command: string): NodeJS.ErrnoException | undefined {
  try {
    const file = openSync(command, 'r');
    const start = Buffer.alloc(2);
    readSync(file, start);
    closeSync(file);
    if (start.toString() === '#!' || (start[0] ?? 0) >= 0x7f) return undefined;
    return Object.assign(new Error('exec format error'), { code: 'ENOEXEC' });
  } catch {
    // Starting it says what is wrong with it.
    return undefined;
  }
}

const signalNames: Partial<Record<NodeJS.Signals, string>> = {
  SIGKILL: 'killed',
  SIGTERM: 'terminated',
  SIGINT: 'interrupt',
  SIGSEGV: 'segmentation fault',
  SIGABRT: 'aborted',
  SIGBUS: 'bus error',
};

const launchErrors: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  ENOENT: 'no such file or directory',
  ENOEXEC: 'exec format error',
};

/** `exit status 1`, `signal: killed`, `fork/exec /opt/extensions/x: permission denied`: as Lambda words the end of a process. */
export function describeExit(exit: ProcessExit, program: string): string {
  if (exit.error) return `fork/exec ${program}: ${launchErrors[exit.error.code ?? ''] ?? exit.error.message}`;
  if (exit.signal) return `signal: ${signalNames[exit.signal] ?? exit.signal}`;
  return `exit status ${exit.code}`;
}
