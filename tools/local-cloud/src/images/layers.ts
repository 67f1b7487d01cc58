import { type Stats, statSync } from 'node:fs';
import { lstat, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as tar from 'tar';
import { sha256 } from './oci.ts';

export interface Layer {
  /** A gzipped tar. */
  readonly content: Buffer;
  /** Digest of the tar before compression, as image configurations list it. */
  readonly diffId: string;
}

/** Packs all of a folder. The same files give the same bytes: owner is root, times are the epoch, order is by name. */
export async function packLayer(folder: string): Promise<Layer> {
  const entries = (await readdir(folder, { recursive: true })).sort();
  const statCache = new Map<string, Stats>();
  for (const entry of entries) statCache.set(join(folder, entry), plain(await lstat(join(folder, entry))));
  const scratch = await mkdtemp(join(tmpdir(), 'stackyard-layer-'));
  try {
    const file = join(scratch, 'layer.tar');
    // `./` keeps names that begin with an @ from being read as archives.
    const names = entries.map((entry) => `./${entry}`);
    await tar.create({ cwd: folder, file, noDirRecurse: true, statCache, preservePaths: true }, names);
    const packed = entries.length > 0 ? await readFile(file) : emptyTar;
    return { content: gzipSync(packed), diffId: sha256(packed) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Two blocks of zeros end a tar; this one has nothing before them. */
const emptyTar = Buffer.alloc(1024);

function plain(stats: Stats): Stats {
  const epoch = new Date(0);
  return Object.assign(stats, { uid: 0, gid: 0, atime: epoch, mtime: epoch, ctime: epoch, dev: 0, ino: 0, nlink: 1 });
}

const whiteout = '.wh.';
const opaque = '.wh..wh..opq';

/** Unpacks a layer over what the layers below it left, deletions included ("Image Layer Filesystem Changeset"). */
export async function applyLayer(root: string, content: Buffer): Promise<void> {
  const archive = content[0] === 0x1f && content[1] === 0x8b ? gunzipSync(content) : content;
  for (const marker of markersIn(archive)) {
    const folder = join(root, dirname(marker));
    const name = basename(marker);
    const removed = name === opaque ? await readdir(folder).catch(() => []) : [name.slice(whiteout.length)];
    for (const each of removed) await rm(join(folder, each), { recursive: true, force: true });
  }
  const filter = (path: string) => !basename(path).startsWith(whiteout);
  tar.extract({ cwd: root, sync: true, filter, preserveOwner: false, unlink: true }).end(archive);
}

function markersIn(archive: Buffer): string[] {
  const markers: string[] = [];
  const onReadEntry = (entry: tar.ReadEntry) => {
    if (basename(entry.path).startsWith(whiteout)) markers.push(join('/', entry.path));
  };
  tar.list({ sync: true, onReadEntry }).end(archive);
  return markers;
}

/** Whether a path is a folder, links followed. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
