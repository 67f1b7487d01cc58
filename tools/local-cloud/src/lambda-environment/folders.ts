import { mkdir, symlink } from 'node:fs/promises';
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

/** Makes the folders that an environment's processes find beside their code. */
export async function makeFolders(spec: EnvironmentSpec): Promise<void> {
  await mkdir(temporaryFolder(spec), { recursive: true });
  await mkdir(runtimeModules(spec), { recursive: true });
  await symlink(sdk, join(runtimeModules(spec), '@aws-sdk'), 'dir');
}
