import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('../web-adapter', import.meta.url));

/** Writes what stands in for the file `/lambda-adapter` of the Lambda Web Adapter's image: one program for the machine's Node. */
export async function writeWebAdapter(root: string): Promise<void> {
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: ['main.ts'],
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minify: true,
    banner: { js: '#!/usr/bin/env node' },
    write: false,
  });
  await writeFile(join(root, 'lambda-adapter'), outputFiles[0]?.contents ?? '', { mode: 0o755 });
}
