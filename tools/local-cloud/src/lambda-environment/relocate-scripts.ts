import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const shell = /^#!\s*(\/usr)?\/bin\/(env\s+)?(ba|da)?sh\b/;

/**
 * Makes the shell scripts that Lambda itself starts out of a layer (extensions, wrappers) find `/opt` where it is here: they
 * name it, because on Lambda a layer is always there. Files of other kinds stay as they are.
 */
export async function relocateScripts(optRoot: string): Promise<void> {
  for (const folder of [optRoot, join(optRoot, 'extensions')]) {
    for (const entry of await entriesOf(folder)) {
      if (!entry.isFile()) continue;
      const file = join(folder, entry.name);
      const text = await readFile(file, 'latin1');
      if (!shell.test(text)) continue;
      const moved = text.replaceAll(/(?<![^\s=:"'(`{])\/opt(?=\/)/g, () => Buffer.from(optRoot).toString('latin1'));
      if (moved !== text) await writeFile(file, moved, 'latin1');
    }
  }
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
