import type { HealthCheck } from '@aws-sdk/client-ecs';
import type { Clock } from '../clock.ts';
import { startProcess } from '../lambda-environment/processes.ts';
import type { Command } from './command.ts';

export interface HealthCheckRun {
  readonly check: HealthCheck;
  readonly command: Command;
  readonly variables: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** Ends the checks. */
  readonly signal: AbortSignal;
  onStatus(status: 'HEALTHY' | 'UNHEALTHY'): void;
}

/**
 * Checks a container as Docker does ("HealthCheck", Amazon ECS API Reference): first after one interval; failures inside the
 * start period do not count, the given number of them in a row make it UNHEALTHY, one success HEALTHY.
 */
export async function watchHealth({ check, command, variables, clock, signal, onStatus }: HealthCheckRun) {
  const { interval = 30, timeout = 5, retries = 3, startPeriod = 0 } = check;
  const counted = clock.now() + startPeriod * 1000;
  let failures = 0;
  for (;;) {
    await clock.sleep(interval * 1000, signal).catch(() => undefined);
    if (signal.aborted) return;
    const success = await succeeds(command, variables, clock, timeout * 1000, signal);
    if (signal.aborted) return;
    if (success) failures = 0;
    else if (clock.now() >= counted) failures += 1;
    if (success) onStatus('HEALTHY');
    else if (failures >= retries) onStatus('UNHEALTHY');
  }
}

const ignored = { write: () => undefined, end: () => undefined };

async function succeeds(
  command: Command,
  variables: Readonly<Record<string, string>>,
  clock: Clock,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const probe = startProcess({ ...command, name: 'health check', variables, clock, stdout: ignored, stderr: ignored });
  const kill = () => probe.signal('SIGKILL');
  const cancel = clock.after(timeoutMs, kill);
  signal.addEventListener('abort', kill, { once: true });
  await probe.exited;
  signal.removeEventListener('abort', kill);
  cancel();
  return probe.exit?.code === 0;
}
