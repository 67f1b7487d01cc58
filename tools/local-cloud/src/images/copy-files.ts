import { chmod, copyFile, cp, lstat, mkdir, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { findSources } from './find-sources.ts';
import { isFolder } from './layers.ts';
import { ImageError } from './oci.ts';

export interface CopyRequest {
  /** Folder that the sources are relative to: the build context, or the root of another stage. */
  readonly from: string;
  readonly sources: readonly string[];
  /** Path in the image; a slash at its end makes it a folder. */
  readonly destination: string;
  /** WORKDIR, which a relative destination starts from. */
  readonly workingDir: string;
  /** What --chmod says, for everything that is copied. */
  readonly mode: number | undefined;
}

/**
 * Does what COPY does ("Dockerfile reference", COPY): a folder's contents go into the destination, a file becomes the
 * destination or goes into it. Writes to `layer`; `root` is the image so far and only looked at. Throws ImageError.
 */
export async function copyFiles(request: CopyRequest, root: string, layer: string): Promise<void> {
  const { from, sources, destination, workingDir, mode } = request;
  const found = sources.flatMap((source) => findSources(from, source));
  const namesFolder = /(^|\/)\.?$/.test(destination);
  if (found.length > 1 && !namesFolder) {
    throw new ImageError(`several files go to '${destination}': a folder's name ends with /`);
  }
  const target = join('/', destination.startsWith('/') ? '' : workingDir, destination);
  const intoFolder = namesFolder || isFolder(join(root, target));
  for (const source of found) {
    const path = join(from, source);
    const place = join(layer, target, intoFolder && !isFolder(path) ? basename(source) : '');
    await mkdir(isFolder(path) ? place : dirname(place), { recursive: true });
    if (isFolder(path)) await cp(path, place, { recursive: true, verbatimSymlinks: true });
    else await copyFile(path, place);
    if (mode !== undefined) await changeMode(place, mode);
  }
}

async function changeMode(path: string, mode: number): Promise<void> {
  const found = await lstat(path);
  if (found.isSymbolicLink()) return;
  if (found.isDirectory()) for (const name of await readdir(path)) await changeMode(join(path, name), mode);
  await chmod(path, mode);
}
