import { createWriteStream } from 'node:fs';
import { chmod, mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';

/** What a .zip file archive holds, from its directory alone. */
export interface ZipSummary {
  readonly files: number;
  /** As the archive states; what is unpacked later may not exceed it. */
  readonly unzippedBytes: number;
}

/** Throws when the archive is broken or one of its names is absolute, has `..` in it or a backslash. */
export async function inspectZip(zip: Uint8Array): Promise<ZipSummary> {
  let files = 0;
  let unzippedBytes = 0;
  const archive = await open(zip);
  for await (const entry of archive.eachEntry()) {
    if (!isFolder(entry)) files += 1;
    unzippedBytes += entry.uncompressedSize;
  }
  return { files, unzippedBytes };
}

/**
 * Unpacks into a folder, over what is there. Modes are kept, because extensions and bootstrap files are executables.
 * Symbolic links come last and may only point below the folder.
 */
export async function unzip(zip: Uint8Array, folder: string): Promise<void> {
  const links: { at: string; target: string }[] = [];
  const archive = await open(zip);
  for await (const entry of archive.eachEntry()) {
    const at = join(folder, entry.fileName);
    if (isFolder(entry)) {
      await mkdir(at, { recursive: true });
      continue;
    }
    const content = await archive.openReadStreamPromise(entry);
    if (isLink(entry)) {
      links.push({ at, target: (await buffer(content)).toString() });
      continue;
    }
    await mkdir(dirname(at), { recursive: true });
    await rm(at, { force: true });
    await pipeline(content, createWriteStream(at));
    await chmod(at, modeOf(entry));
  }
  for (const { at, target } of links) {
    if (relative(folder, resolve(dirname(at), target)).startsWith('..')) {
      throw new Error(`The link ${relative(folder, at)} points to ${target}, outside of the archive`);
    }
    await mkdir(dirname(at), { recursive: true });
    await rm(at, { force: true });
    await symlink(target, at);
  }
}

function open(zip: Uint8Array): Promise<ZipFile> {
  return fromBufferPromise(Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength), {
    lazyEntries: true,
    strictFileNames: true,
  });
}

function isFolder(entry: Entry): boolean {
  return entry.fileName.endsWith('/');
}

/** The upper half of the external attributes is the Unix mode (APPNOTE.TXT, section 4.4.15). */
function unixMode(entry: Entry): number {
  return entry.externalFileAttributes >>> 16;
}

function isLink(entry: Entry): boolean {
  return (unixMode(entry) & 0o170000) === 0o120000;
}

/** Archives from other systems carry no mode. */
function modeOf(entry: Entry): number {
  return unixMode(entry) & 0o777 || 0o644;
}
