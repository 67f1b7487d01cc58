import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';

/** All state of the cloud: one plain object per service, account and region. */
export type Stores = Map<string, { service: string; account: string; region: string; state: object }>;

const fileName = 'state.v8';

/** Reads what an earlier run kept in the folder; empty when there is nothing. */
export async function loadStores(folder: string): Promise<Stores> {
  await mkdir(folder, { recursive: true });
  try {
    return deserialize(await readFile(join(folder, fileName))) as Stores;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw new Error(
      `${join(folder, fileName)} cannot be read (${(error as Error).message}); move it away to start empty`,
    );
  }
}

/** Writes beside the old file and renames, so that a crash leaves one of the two whole. */
export async function saveStores(folder: string, stores: Stores): Promise<void> {
  const file = join(folder, fileName);
  await writeFile(`${file}.new`, serialize(stores), { mode: 0o600 });
  await rename(`${file}.new`, file);
}
