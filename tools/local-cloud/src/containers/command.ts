import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { ContainerDefinition, ContainerOverride } from '@aws-sdk/client-ecs';
import type { ContainerConfig } from '../images/oci.ts';
import { standIn } from './programs.ts';
import { StartError } from './types.ts';

/** Folders of one container. */
export interface ContainerFolders {
  /** Its root folder, of its own. */
  readonly root: string;
  /** The programs of its base image ({@link makePrograms}). */
  readonly programs: string;
  /** What `localhost` is to it. */
  readonly address: string;
}

/** A program to start. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
}

/**
 * What a container runs: the image's ENTRYPOINT and CMD unless the definition or the task's overrides say otherwise; an
 * entry point of the definition takes the image's CMD away, as in Docker. Throws StartError when there is nothing to run.
 */
export function containerCommand(
  config: ContainerConfig,
  definition: ContainerDefinition,
  override: ContainerOverride | undefined,
  folders: ContainerFolders,
): Command {
  const own = definition.entryPoint?.length ? definition.entryPoint : undefined;
  const asked = override?.command ?? (definition.command?.length ? definition.command : undefined);
  const argv = [...(own ?? config.Entrypoint ?? []), ...(asked ?? (own ? [] : (config.Cmd ?? [])))];
  if (argv.length === 0) throw new StartError('CannotStartContainerError: no command specified');
  return programIn(argv, definition.workingDirectory ?? config.WorkingDir ?? '/', folders);
}

/** A health check's command in the container's folders; shells know the task's address by no name, so it is put in. */
export function healthCommand(
  [kind, ...rest]: readonly string[],
  workingDir: string,
  folders: ContainerFolders,
): Command {
  const shell = kind === 'CMD-SHELL' ? ['/bin/sh', '-c', rest.join(' ')] : rest;
  const argv = shell.map((word) => word.replaceAll(/(?<![\w.])(localhost|127\.0\.0\.1)(?![\w.])/g, folders.address));
  return programIn(argv, workingDir, folders);
}

/**
 * The container's root folder is not the process's: absolute paths in the command that are in the image are moved to where
 * they are here. What a program itself opens by an absolute path is the machine's.
 */
function programIn(argv: readonly string[], workingDir: string, { root, programs }: ContainerFolders): Command {
  const cwd = join(root, workingDir);
  const inRoot = (word: string) => (word.startsWith('/') && existsSync(join(root, word)) ? join(root, word) : word);
  const [first = '', ...args] = argv.map(inRoot);
  const named = standIn(argv[0] ?? '') ?? (posix.basename(first) === first ? first : undefined);
  const ofImage = named === undefined ? undefined : join(programs, named);
  const command = ofImage && first === (argv[0] ?? '') && existsSync(ofImage) ? ofImage : first;
  return { command, args, cwd };
}
