import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { EnvironmentSpec } from './types.ts';

const runtimeClient = createRequire(import.meta.url).resolve('aws-lambda-ric');
const preload = join(import.meta.dirname, 'preload.cjs');

/** The Node.js executable behind each runtime that can run here. */
const executables: Readonly<Record<string, string>> = { 'nodejs24.x': process.execPath };

/** Identifiers of the runtimes that functions may name here. */
export const availableRuntimes: readonly string[] = Object.keys(executables);

/** What is started as the runtime: AWS's own runtime client, behind the function's wrapper script if it names one. */
export function runtimeCommand(spec: EnvironmentSpec): { command: string; args: string[] } {
  const executable = executables[spec.runtime];
  if (executable === undefined) {
    throw new Error(
      `Function ${spec.functionName} names the runtime ${spec.runtime}, which cannot run here. ` +
        `Available: ${availableRuntimes.join(', ')}.`,
    );
  }
  const command = [executable, '--require', preload, runtimeClient];
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
