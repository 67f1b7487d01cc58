import type { Phase, Status } from './platform-events.ts';
import { Fault } from './progress.ts';
import type { Sandbox } from './sandbox.ts';
import type { EnvironmentSpec } from './types.ts';

/** "Lambda execution environment lifecycle", Lambda guide: on demand 10 s; otherwise at least 130 s. */
export function initLimitMs(spec: EnvironmentSpec): number {
  return spec.initializationType === 'on-demand' ? 10_000 : Math.max(130_000, spec.timeoutMs);
}

/**
 * INIT: extensions start and register, then the runtime starts, then everyone asks for a first event. `phase` is
 * `invoke` when it runs inside an invocation after a failed initialisation or a reset.
 *
 * Returns its duration in milliseconds; throws the {@link Fault} that ended it.
 */
export async function initialise(sandbox: Sandbox, spec: EnvironmentSpec, id: string, phase: Phase): Promise<number> {
  const { progress, runtime, extensions, relay, logger } = sandbox;
  const { initializationType, clock } = spec;
  const startedAt = clock.now();
  logger.platform('platform.initStart', {
    initializationType,
    phase,
    functionName: spec.functionName,
    functionArn: spec.functionArn,
    functionVersion: spec.version,
    instanceId: id,
    instanceMaxMemory: spec.memoryMb * 1024 * 1024,
    runtimeVersion: runtimeVersion(spec),
  });

  let runtimeDone = false;
  function reportRuntime(outcome: Outcome): void {
    runtimeDone = true;
    logger.platform('platform.initRuntimeDone', { initializationType, phase, ...outcome });
  }
  function reportAll(outcome: Outcome): number {
    for (const { name, state, events, errorType } of extensions.extensions) {
      logger.platform('platform.extension', { name, state, events, ...(errorType === undefined ? {} : { errorType }) });
    }
    const durationMs = clock.now() - startedAt;
    logger.platform('platform.initReport', { initializationType, phase, ...outcome, metrics: { durationMs } });
    return durationMs;
  }

  try {
    sandbox.launchExtensions();
    await progress.until(() => extensions.extensions.every(({ state }) => state !== 'Started'));
    sandbox.launchRuntime();
    await progress.until(() => runtime.waiting);
    extensions.closeRegistration();
    await outputRead();
    reportRuntime({ status: 'success' });
    await progress.until(() => extensions.extensions.every(({ state }) => state === 'Ready'));
    relay.close();
    await outputRead();
    return reportAll({ status: 'success' });
  } catch (error) {
    await outputRead();
    if (error instanceof Fault) {
      const outcome = outcomeOf(error);
      if (!runtimeDone) reportRuntime(outcome);
      reportAll(outcome);
    }
    throw error;
  }
}

export interface Outcome {
  readonly status: Status;
  readonly errorType?: string;
}

export function outcomeOf(fault: Fault): Outcome {
  return fault.status === 'timeout' ? { status: 'timeout' } : { status: fault.status, errorType: fault.errorType };
}

/**
 * Resolves when all that a process printed before its last API call has been read: it is in the pipes by then, and one
 * full turn of the event loop empties them (they hold less than a turn reads).
 */
export async function outputRead(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
}

/** `nodejs:24.v21`: the family and the minor version that runs here. */
function runtimeVersion(spec: EnvironmentSpec): string {
  const [major, minor] = process.versions.node.split('.');
  return `${spec.runtime.replace(/[\d.x]+$/, '')}:${major}.v${minor}`;
}
