import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ApiServer, startApiServer } from './api-server.ts';
import { createEnvironmentLogger, type EnvironmentLogger } from './environment-log.ts';
import { createExtensionsApi, type ExtensionsApi, maxExtensions } from './extensions-api.ts';
import { clearPorts, ownPort, temporaryFolder } from './folders.ts';
import { createFrameReader, createLineReader } from './log-frames.ts';
import { extensionVariables, runtimeVariables } from './process-variables.ts';
import { describeExit, type EnvironmentProcess, type ProcessExit, startProcess } from './processes.ts';
import { createProgress, Fault, type Progress } from './progress.ts';
import { createRuntimeApi, type RuntimeApi } from './runtime-api.ts';
import { runtimeCommand } from './runtimes.ts';
import { telemetryRoutes } from './telemetry-api.ts';
import { createTelemetryRelay, type TelemetryRelay } from './telemetry-relay.ts';
import type { EnvironmentLog, EnvironmentSpec } from './types.ts';

/**
 * The processes of an environment from one initialisation to the next reset, and the APIs they speak to. Calls of a
 * process that a reset has ended cannot reach its successor, because each sandbox has a server of its own.
 */
export interface Sandbox {
  readonly progress: Progress;
  readonly runtime: RuntimeApi;
  readonly extensions: ExtensionsApi;
  readonly relay: TelemetryRelay;
  readonly logger: EnvironmentLogger;
  readonly server: ApiServer;
  readonly processes: readonly EnvironmentProcess[];
  /** Starts every file directly in `/opt/extensions`. */
  launchExtensions(): void;
  launchRuntime(): void;
  /** Stops every process where it stands; telemetry waits with them. */
  freeze(): void;
  thaw(): void;
  /** From now on the end of a process is no fault. */
  expectExits(): void;
}

export async function createSandbox(spec: EnvironmentSpec, onLog: (log: EnvironmentLog) => void): Promise<Sandbox> {
  await clearPorts(spec);
  const progress = createProgress();
  const relay = createTelemetryRelay();
  const logger = createEnvironmentLogger(spec, relay, onLog);
  const runtime = createRuntimeApi(progress, spec.clock);
  const extensions = createExtensionsApi(progress, {
    functionName: spec.functionName,
    functionVersion: spec.version,
    handler: spec.handler,
    accountId: spec.account,
  });
  const telemetry = telemetryRoutes(relay, extensions, logger, spec.clock, (port) => ownPort(spec, port));
  const server = await startApiServer([...runtime.routes, ...extensions.routes, ...telemetry]);
  const processes: EnvironmentProcess[] = [];
  let exitsExpected = false;

  function watch(process: EnvironmentProcess, faultOf: (exit: ProcessExit) => Fault): void {
    processes.push(process);
    void process.exited.then(() => {
      if (process.exit && !exitsExpected) progress.fail(faultOf(process.exit));
      progress.changed();
    });
  }

  function launchExtension(name: string): void {
    if (!extensions.launch(name)) {
      progress.fail(new Fault('error', 'Extension.LaunchError', `Extension limit (${maxExtensions}) reached`));
      return;
    }
    const lines = () => createLineReader((line) => logger.line('extension', line));
    const process = startProcess({
      name,
      command: join(spec.optRoot, 'extensions', name),
      args: [],
      cwd: temporaryFolder(spec),
      variables: extensionVariables(spec, server.address),
      clock: spec.clock,
      stdout: lines(),
      stderr: lines(),
    });
    watch(process, (exit) => extensionFault(extensions, name, exit));
  }

  return {
    progress,
    runtime,
    extensions,
    relay,
    logger,
    server,
    processes,
    launchExtensions() {
      for (const name of extensionFiles(spec.optRoot)) if (!progress.fault) launchExtension(name);
    },
    launchRuntime() {
      const lines = () => createLineReader((line) => logger.line('function', line));
      const program = runtimeCommand(spec);
      const process = startProcess({
        ...program,
        name: 'runtime',
        cwd: spec.program?.folder ?? spec.taskRoot,
        variables: runtimeVariables(spec, server.address),
        clock: spec.clock,
        stdout: lines(),
        stderr: lines(),
        telemetry: createFrameReader((frame) => logger.frame(frame)),
      });
      watch(process, (exit) => runtimeFault(exit, program.command));
    },
    freeze() {
      relay.pause();
      for (const process of processes) process.signal('SIGSTOP');
    },
    thaw() {
      for (const process of processes) process.signal('SIGCONT');
      relay.resume();
    },
    expectExits() {
      exitsExpected = true;
    },
  };
}

function extensionFiles(optRoot: string): string[] {
  try {
    const entries = readdirSync(join(optRoot, 'extensions'), { withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    // No layer brings extensions.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function runtimeFault(exit: ProcessExit, program: string): Fault {
  if (exit.error) return new Fault('error', 'Runtime.InvalidEntrypoint', describeExit(exit, program));
  const clean = exit.code === 0;
  const message = clean
    ? 'Runtime exited without providing a reason'
    : `Runtime exited with error: ${describeExit(exit, program)}`;
  return new Fault('error', 'Runtime.ExitError', message);
}

/** Any end of an extension before SHUTDOWN is a crash, even one with code 0; its own report of an error goes first. */
function extensionFault(api: ExtensionsApi, name: string, exit: ProcessExit): Fault {
  const extension = api.extensions.find((candidate) => candidate.name === name);
  const reported = extension?.state === 'InitError' || extension?.state === 'ExitError' ? extension.state : 'Crash';
  const errorType = exit.error ? 'Extension.LaunchError' : `Extension.${reported}`;
  if (extension) extension.errorType ??= errorType;
  if (extension && exit.error) extension.state = 'LaunchError';
  return new Fault('error', errorType, exit.code === 0 ? 'exit code 0' : describeExit(exit, `/opt/extensions/${name}`));
}
