import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const network = join(import.meta.dirname, 'network.cjs');
const fluentBit = join(import.meta.dirname, 'fluent-bit', 'main.ts');

/** What the entry point of Docker's Node image does: its first argument is a program, or else one for node. */
const nodeEntryPoint = `#!/bin/sh
case "$1" in -*) set -- node "$@" ;; esac
command -v "$1" >/dev/null 2>&1 || set -- node "$@"
exec "$@"
`;

/** Where a shell and its usual companions are. */
const systemFolders = ['/usr/bin', '/bin'];

/**
 * Makes the folder of the programs that base images have and their root folders here have not, each starting the machine's
 * own in its place. What a task's processes get to know of their network is in there, not in their environment.
 */
export async function makePrograms(
  folder: string,
  { address, exempt, root }: { address: string; exempt: readonly number[]; root: string },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const preload = join(folder, 'preload.cjs');
  await writeFile(preload, `require(${JSON.stringify(network)})(${JSON.stringify({ address, exempt })});\n`);
  const node = `exec ${quote(process.execPath)} --require ${quote(preload)}`;
  const router = `#!/bin/sh\n${node} ${quote(fluentBit)} --root ${quote(root)} "$@"\n`;
  const scripts: Readonly<Record<string, string>> = {
    node: `#!/bin/sh\n${node} "$@"\n`,
    'docker-entrypoint.sh': nodeEntryPoint,
    'fluent-bit': router,
    'entrypoint.sh': router.replace('"$@"', '-c /fluent-bit/etc/fluent-bit.conf'),
  };
  for (const [name, text] of Object.entries(scripts)) await writeFile(join(folder, name), text, { mode: 0o755 });
}

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** Absolute paths of programs that base images have, and the names they are found under in the programs' folder. */
const standIns: Readonly<Record<string, string>> = {
  '/usr/local/bin/node': 'node',
  '/usr/local/bin/docker-entrypoint.sh': 'docker-entrypoint.sh',
  '/entrypoint.sh': 'entrypoint.sh',
  '/fluent-bit/bin/fluent-bit': 'fluent-bit',
};

export function standIn(path: string): string | undefined {
  return Object.hasOwn(standIns, path) ? standIns[path] : undefined;
}

export function searchPath(folder: string): string {
  return [folder, ...systemFolders].join(':');
}
