import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ownModule } from './folders.ts';
import type { EnvironmentSpec } from './types.ts';

const runtimeClient = createRequire(import.meta.url).resolve('aws-lambda-ric');
const preload = join(import.meta.dirname, 'preload.cjs');
const httpsRedirect = join(import.meta.dirname, 'https-redirect.cjs');

/** The one runtime that is here. */
const presentRuntime = 'nodejs24.x';

/** Runtimes that are not here; their functions run on the present one, which their owner is told. */
const replacedRuntimes: readonly string[] = ['nodejs22.x', 'nodejs20.x'];

/** Identifiers of the runtimes that functions may name here. */
export const availableRuntimes: readonly string[] = [presentRuntime, ...replacedRuntimes];

/** What has to be known of a function whose runtime another stands in for; `undefined` for one that is here. */
export function runtimeNote(functionName: string, runtime: string): string | undefined {
  if (!replacedRuntimes.includes(runtime)) return undefined;
  return (
    `Function ${functionName} names ${runtime} and runs as ${presentRuntime} here (Node.js ${process.versions.node}), ` +
    'which for one takes no callback handlers.'
  );
}

/** The folders in which a layer keeps packages for Node.js ("Packaging your layer content", Lambda guide). */
export function layerModules({ runtime, optRoot }: EnvironmentSpec): string[] {
  const version = runtime.replace(/^nodejs(\d+)\.x$/, 'node$1');
  return [join(optRoot, 'nodejs', version, 'node_modules'), join(optRoot, 'nodejs', 'node_modules')];
}

/** `AWS_EXECUTION_ENV` of every function: what runs it, whatever it names. */
export const executionEnvironment = `AWS_Lambda_${presentRuntime}`;

/**
 * What is started as the runtime: AWS's own runtime client, behind the function's wrapper script if it names one, or the
 * program of an image that brings its own.
 */
export function runtimeCommand(spec: EnvironmentSpec): { command: string; args: string[] } {
  if (!availableRuntimes.includes(spec.runtime)) {
    throw new Error(
      `Function ${spec.functionName} names the runtime ${spec.runtime}, which cannot run here. ` +
        `Available: ${availableRuntimes.join(', ')}.`,
    );
  }
  const executable = process.execPath;
  const own = ['--require', ownModule(spec)];
  if (spec.program) {
    return { command: executable, args: [...own, '--require', httpsRedirect, ...spec.program.nodeArguments] };
  }
  const command = [executable, ...own, '--require', preload, runtimeClient];
  const wrapper = spec.variables['AWS_LAMBDA_EXEC_WRAPPER'];
  if (wrapper) command.unshift(underRoots(wrapper, spec));
  const [first = executable, ...args] = command;
  return { command: first, args };
}

/** Paths below `/opt` and `/var/task` in a value that only the start of the runtime reads, moved to where they are here. */
export function underRoots(value: string, spec: Pick<EnvironmentSpec, 'optRoot' | 'taskRoot'>): string {
  return value
    .replaceAll(/(?<![^\s=:"'])\/opt(?=\/)/g, () => spec.optRoot)
    .replaceAll(/(?<![^\s=:"'])\/var\/task(?=\/)/g, () => spec.taskRoot);
}
