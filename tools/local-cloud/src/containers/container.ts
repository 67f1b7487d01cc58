import { mkdir } from 'node:fs/promises';
import { constants } from 'node:os';
import type { Container, ContainerDefinition } from '@aws-sdk/client-ecs';
import type { Clock } from '../clock.ts';
import { type EnvironmentProcess, type ProcessExit, startProcess } from '../lambda-environment/processes.ts';
import { type Command, type ContainerFolders, healthCommand } from './command.ts';
import { watchHealth } from './health-check.ts';
import { type LogDriver, StartError } from './types.ts';

export interface ContainerSpec {
  readonly definition: ContainerDefinition;
  /** The API's description of it, which is kept up to date. */
  readonly described: Container;
  readonly command: Command;
  readonly folders: ContainerFolders;
  readonly workingDir: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly log: LogDriver;
  readonly clock: Clock;
  changed(): void;
}

/** One container of a task: its process, its health and its log. */
export interface RunningContainer {
  /** Resolves when it first is HEALTHY, rejects with StartError when it becomes UNHEALTHY or ends before. */
  readonly healthy: Promise<void>;
  /** Resolves with its exit code once all it printed is delivered. */
  readonly exited: Promise<number>;
  /** SIGTERM, and SIGKILL when it has not ended after `stopTimeout`, or `atMost` seconds. Resolves as `exited` does. */
  stop(atMost: number): Promise<number>;
}

/** "ContainerDefinition": the time between SIGTERM and SIGKILL, in seconds. */
const defaultStopTimeout = 30;

/** Starts a container. Throws StartError when its program cannot be started. */
export async function startContainer(spec: ContainerSpec): Promise<RunningContainer> {
  const { definition, described, command, log, clock, changed } = spec;
  await mkdir(command.cwd, { recursive: true });
  const reader = (source: 'stdout' | 'stderr') => ({
    write: (chunk: Buffer) => log.write(source, chunk),
    end: () => undefined,
  });
  const process = startProcess({
    ...command,
    name: definition.name ?? '',
    variables: spec.variables,
    clock,
    stdout: reader('stdout'),
    stderr: reader('stderr'),
  });
  if (process.pid === undefined) {
    await process.exited;
    throw new StartError(
      `CannotStartContainerError: exec: ${JSON.stringify(command.command)}: ${process.exit?.error?.message ?? 'cannot be started'}`,
    );
  }
  Object.assign(described, { lastStatus: 'RUNNING' });
  changed();
  const checks = new AbortController();
  const healthy = Promise.withResolvers<void>();
  // Nobody may be waiting for it.
  healthy.promise.catch(() => undefined);
  const { healthCheck } = definition;
  if (healthCheck) {
    void watchHealth({
      check: healthCheck,
      command: healthCommand(healthCheck.command ?? [], spec.workingDir, spec.folders),
      variables: spec.variables,
      clock,
      signal: checks.signal,
      onStatus(status) {
        if (status === 'HEALTHY') healthy.resolve();
        else healthy.reject(new StartError(`Container ${definition.name} is UNHEALTHY`));
        if (described.healthStatus === status) return;
        described.healthStatus = status;
        changed();
      },
    });
  }

  async function end(): Promise<number> {
    await process.exited;
    checks.abort();
    const code = exitCode(process.exit);
    healthy.reject(new StartError(`Container ${definition.name} exited with ${code} before it was HEALTHY`));
    await log.close();
    Object.assign(described, { lastStatus: 'STOPPED', exitCode: code });
    changed();
    return code;
  }
  const exited = end();

  return {
    healthy: healthy.promise,
    exited,
    async stop(atMost) {
      checks.abort();
      await terminate(process, Math.min(atMost, definition.stopTimeout ?? defaultStopTimeout), clock);
      return exited;
    },
  };
}

async function terminate(process: EnvironmentProcess, seconds: number, clock: Clock): Promise<void> {
  process.signal('SIGTERM');
  const cancel = clock.after(seconds * 1000, () => process.signal('SIGKILL'));
  await process.exited;
  cancel();
}

/** As a shell counts: 128 and the number of the signal that ended it. */
function exitCode(exit: ProcessExit | undefined): number {
  if (exit?.signal) return 128 + constants.signals[exit.signal];
  return exit?.code ?? 1;
}
