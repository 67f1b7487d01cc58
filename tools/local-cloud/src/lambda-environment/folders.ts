import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EnvironmentSpec } from './types.ts';

/** The folder that stands for `/tmp`. */
export function temporaryFolder(spec: EnvironmentSpec): string {
  return join(spec.scratch, 'tmp');
}

/** Stands for `/var/runtime/node_modules`, which brings the AWS SDK ("Building Lambda functions with Node.js"). */
export function runtimeModules(spec: EnvironmentSpec): string {
  return join(spec.scratch, 'runtime', 'node_modules');
}

/** The clients that are installed here; a function that needs another one bundles it. */
const sdk = join(import.meta.dirname, '..', '..', 'node_modules', '@aws-sdk');

/** The module that gives the Node.js processes of an environment ports of their own and the modules of its layers. */
export function ownModule(spec: EnvironmentSpec): string {
  return join(spec.scratch, 'own.cjs');
}

/** Stands before every other folder in which programs are looked for. */
export function programs(spec: EnvironmentSpec): string {
  return join(spec.scratch, 'bin');
}

const portsFolder = (spec: EnvironmentSpec) => join(spec.scratch, 'ports');

/** The machine's port for one that a process of the environment listens on. */
export function ownPort(spec: EnvironmentSpec, port: number): number {
  try {
    return Number(readFileSync(join(portsFolder(spec), String(port)), 'utf8'));
  } catch {
    // Programs other than Node.js listen where they say.
    return port;
  }
}

/** Makes the folders that an environment's processes find beside their code. */
export async function makeFolders(spec: EnvironmentSpec): Promise<void> {
  await mkdir(temporaryFolder(spec), { recursive: true });
  await mkdir(runtimeModules(spec), { recursive: true });
  await symlink(sdk, join(runtimeModules(spec), '@aws-sdk'), 'dir');
  await writeOwnModule(spec);
  await writeNode(spec);
}

async function writeOwnModule(spec: EnvironmentSpec): Promise<void> {
  const call = (file: string, argument: string) =>
    `require(${JSON.stringify(join(import.meta.dirname, file))})(${JSON.stringify(argument)});\n`;
  const text =
    call('own-ports.cjs', portsFolder(spec)) + (existsSync(spec.optRoot) ? call('opt-modules.cjs', spec.optRoot) : '');
  await writeFile(ownModule(spec), text);
}

/** The machine's Node, for everything but the runtime itself. NODE_OPTIONS would be seen by it, and may be unset before. */
async function writeNode(spec: EnvironmentSpec): Promise<void> {
  await mkdir(programs(spec), { recursive: true });
  const command = `exec ${quoted(process.execPath)} --require ${quoted(ownModule(spec))} "$@"`;
  await writeFile(join(programs(spec), 'node'), `#!/bin/sh\n${command}\n`, { mode: 0o755 });
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}

/** Nobody listens any more: the processes have ended. */
export async function clearPorts(spec: EnvironmentSpec): Promise<void> {
  await rm(portsFolder(spec), { recursive: true, force: true });
  await mkdir(portsFolder(spec), { recursive: true });
}
