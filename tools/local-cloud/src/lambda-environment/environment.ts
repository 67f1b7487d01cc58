import { randomUUID } from 'node:crypto';
import { makeFolders } from './folders.ts';
import { initialise, initLimitMs } from './init-phase.ts';
import { createInvocationReport, failInvocation, type Invocation, invoke } from './invoke-phase.ts';
import { watchMemory } from './memory-limit.ts';
import type { EnvironmentProcess } from './processes.ts';
import { Fault } from './progress.ts';
import { runtimeCommand } from './runtimes.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';
import { type ShutdownReason, shutDown } from './shutdown-phase.ts';
import type {
  EnvironmentLog,
  EnvironmentSpec,
  ExecutionEnvironment,
  InvocationRequest,
  InvocationResult,
} from './types.ts';

export { availableRuntimes, runtimeNote } from './runtimes.ts';

/** What a fault proof can do to an environment that nothing in the service can. */
export interface EnvironmentControls {
  /** `runtime` and the extensions by their names, as far as they run. */
  readonly processes: readonly string[];
  /** Lines of the function that Lambda has taken since the last initialisation. */
  readonly functionLines: number;
  /**
   * Stops every process, or the named one, where it stands, in the middle of whatever it does. An invocation that begins thaws
   * the environment. Throws when no such process runs.
   */
  freeze(process?: string): void;
  thaw(process?: string): void;
  /** Ends `runtime` or the named extension. Throws when no such process runs. */
  kill(process: string, cause: KillCause): void;
  /** Ends every process at once, without SHUTDOWN: what remains when the machine under the environment is gone. */
  destroy(): void;
  /** Posts `body` to whoever has subscribed to telemetry, whatever it is. */
  postTelemetry(body: string): Promise<void>;
}

/** What ends a process: an operator, the kernel for lack of memory, or itself in a segmentation fault. */
export type KillCause = (typeof killCauses)[number];

export const killCauses = ['killed', 'out-of-memory', 'crashed'] as const;

/**
 * Makes an execution environment and starts to initialise it. Throws at once when its runtime cannot run here.
 *
 * Follows "Understanding the Lambda execution environment lifecycle" of the Lambda guide.
 */
export function createEnvironment(
  spec: EnvironmentSpec,
  onLog: (log: EnvironmentLog) => void,
): ExecutionEnvironment & EnvironmentControls {
  runtimeCommand(spec);
  const { clock } = spec;
  const id = randomUUID();
  const memory = { maxUsedMb: 0 };
  let sandbox: Sandbox | undefined;
  let starting = true;
  let invoking = false;
  let coldStartMs: number | undefined;
  let closing: Promise<void> | undefined;
  let work = start();
  // The next invocation says what went wrong.
  work.catch(() => {});
  const initialised = work.then(
    () => sandbox !== undefined,
    () => false,
  );

  async function newSandbox(): Promise<Sandbox> {
    const created = await createSandbox(spec, onLog);
    sandbox = created;
    if (closing) created.progress.fail(closed());
    return created;
  }

  function limit(target: Sandbox, ms: number): () => void {
    const message = `Task timed out after ${(spec.timeoutMs / 1_000).toFixed(2)} seconds`;
    return clock.after(ms, () => target.progress.fail(new Fault('timeout', 'Sandbox.Timedout', message)));
  }

  /** Ends the sandbox; the next invocation makes another. */
  async function reset(reason: ShutdownReason): Promise<void> {
    const ending = sandbox;
    sandbox = undefined;
    if (ending) await shutDown(ending, spec, reason);
  }

  async function start(): Promise<void> {
    try {
      await makeFolders(spec);
      const fresh = await newSandbox();
      const lift = limit(fresh, initLimitMs(spec));
      try {
        coldStartMs = await initialise(fresh, spec, id, 'init');
        fresh.freeze();
      } catch (error) {
        await reset(reasonFor(error));
      } finally {
        lift();
      }
    } finally {
      starting = false;
    }
  }

  async function serve(request: InvocationRequest, respond: (result: InvocationResult) => void): Promise<void> {
    if (sandbox?.progress.fault) await reset('FAILURE');
    const warm = sandbox !== undefined;
    const target = sandbox ?? (await newSandbox());
    const startedAt = clock.now();
    const invocation: Invocation = {
      request,
      startedAt,
      deadlineMs: startedAt + spec.timeoutMs,
      initDurationMs: coldStartMs,
      respond,
    };
    coldStartMs = undefined;
    const report = createInvocationReport(target, spec, invocation, memory);
    const lift = limit(target, spec.timeoutMs);
    const stopWatching = watchMemory(running, spec.memoryMb, (process) => end(process, 'out-of-memory'));
    try {
      target.logger.requestId = request.requestId;
      target.thaw();
      if (!warm) await initialise(target, spec, id, 'invoke');
      await invoke(target, spec, invocation, report);
      target.freeze();
    } catch (error) {
      if (error instanceof Fault) await failInvocation(target, invocation, report, error);
      await reset(reasonFor(error));
      if (!(error instanceof Fault)) throw error;
    } finally {
      lift();
      stopWatching();
      target.logger.requestId = undefined;
    }
  }

  function state(): ExecutionEnvironment['state'] {
    if (closing) return 'closed';
    if (invoking) return 'busy';
    if (starting) return 'starting';
    return sandbox && !sandbox.progress.fault ? 'idle' : 'broken';
  }

  return {
    id,
    get state() {
      return state();
    },
    initialised,
    invoke(request) {
      if (invoking || closing) throw new Error(`Environment ${id} is ${state()}: it takes one invocation at a time.`);
      invoking = true;
      const response = Promise.withResolvers<InvocationResult>();
      const done = work
        .then(() => serve(request, response.resolve))
        .catch((error) => {
          response.reject(error);
          throw error;
        })
        .finally(() => {
          invoking = false;
        });
      work = done.catch(() => {});
      return { response: response.promise, done };
    },
    shutdown(reason) {
      if (closing) return closing;
      const busy = invoking || starting;
      closing = work.then(() => reset(reason));
      if (busy) sandbox?.progress.fail(closed());
      return closing;
    },
    get processes() {
      return running().map(({ name }) => name);
    },
    get functionLines() {
      return sandbox?.logger.functionLines ?? 0;
    },
    freeze(name) {
      if (name === undefined) sandbox?.freeze();
      else processNamed(name).signal('SIGSTOP');
    },
    thaw(name) {
      if (name === undefined) sandbox?.thaw();
      else processNamed(name).signal('SIGCONT');
    },
    kill(name, cause) {
      end(processNamed(name), cause);
    },
    destroy() {
      sandbox?.expectExits();
      for (const process of running()) process.signal('SIGKILL');
      sandbox?.progress.fail(closed());
    },
    async postTelemetry(body) {
      await sandbox?.relay.post(body);
    },
  };

  function end(process: EnvironmentProcess, cause: KillCause): void {
    process.signal(cause === 'crashed' ? 'SIGSEGV' : 'SIGKILL');
    // "Memory Size: 256 MB Max Memory Used: 256 MB" is how an invocation's report shows it.
    if (cause === 'out-of-memory') memory.maxUsedMb = spec.memoryMb;
  }

  function running(): EnvironmentProcess[] {
    return (sandbox?.processes ?? []).filter(({ exit }) => !exit);
  }

  function processNamed(name: string): EnvironmentProcess {
    const process = running().find((candidate) => candidate.name === name);
    if (process) return process;
    const names = running().map((candidate) => candidate.name);
    throw new Error(`No process ${name} runs in environment ${id}; there are: ${names.join(', ') || 'none'}`);
  }
}

function closed(): Fault {
  return new Fault('failure', 'Sandbox.Failure', 'The environment was shut down');
}

function reasonFor(error: unknown): ShutdownReason {
  return error instanceof Fault && error.status === 'timeout' ? 'TIMEOUT' : 'FAILURE';
}
