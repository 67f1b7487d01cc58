import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Every file git knows or would add, relative to the root: what a clone will hold. */
export function files(): string[] {
  const output = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  return output.split('\n').filter(Boolean);
}

export function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

export interface Manifest {
  readonly name: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly nx?: { tags?: string[]; implicitDependencies?: string[] };
}

/** Every project's folder and package.json. */
export function projects(): { folder: string; manifest: Manifest }[] {
  return files()
    .filter((file) => /^(packages\/[^/]+\/[^/]+|libs\/[^/]+|tools\/[^/]+)\/package\.json$/.test(file))
    .map((file) => ({ folder: dirname(file), manifest: JSON.parse(read(file)) as Manifest }));
}

/** Modules a source file imports, static and dynamic. */
export function importsOf(source: string): string[] {
  const statements = /^(?:import|export)\b[^'";]*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm;
  return [...source.matchAll(statements)].map((match) => (match[1] ?? match[2] ?? match[3]) as string);
}
