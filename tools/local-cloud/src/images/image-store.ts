import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readImageReference } from './image-reference.ts';
import { ImageError, type OciImageConfig, type OciManifest, sha256 } from './oci.ts';

/** Images built or pulled on this machine, by name; what Docker's daemon keeps. */
export interface ImageStore {
  readBlob(digest: string): Promise<Buffer>;
  hasBlob(digest: string): Promise<boolean>;
  /** Returns the digest. */
  writeBlob(content: string | Uint8Array): Promise<string>;
  /** The digest of the manifest a name stands for. */
  find(name: string): Promise<string | undefined>;
  tag(name: string, manifestDigest: string): Promise<void>;
  names(): Promise<string[]>;
  /** Manifest and configuration. Throws ImageError for a name that is not there. */
  image(name: string): Promise<{ digest: string; manifest: OciManifest; config: OciImageConfig }>;
  /** Passwords of registries, as `docker login` leaves them. Every embedded cloud has registries of the same hosts. */
  saveLogin(registry: Registry, password: string): Promise<void>;
  login(registry: Registry): Promise<string | undefined>;
}

/** One cloud's registry. */
export interface Registry {
  /** Where the cloud listens: `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  /** `000000000000.dkr.ecr.us-east-1.amazonaws.com` */
  readonly host: string;
}

/** `STACKYARD_IMAGE_STORE`, or `stackyard/images` in the user's cache folder. */
export function defaultImageStoreFolder(): string {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return process.env['STACKYARD_IMAGE_STORE'] || join(cache, 'stackyard', 'images');
}

/** Opens the store in a folder, which need not exist yet. Several processes may use it at once. */
export function openImageStore(folder: string): ImageStore {
  const blobFile = (digest: string) => join(folder, 'blobs', digest.replace(':', '/'));
  const tagFile = (name: string) => join(folder, 'tags', encodeURIComponent(readImageReference(name).name));
  const loginFile = ({ endpoint, host }: Registry) =>
    join(folder, 'logins', encodeURIComponent(endpoint), encodeURIComponent(host));

  async function find(name: string): Promise<string | undefined> {
    return readIfThere(tagFile(name));
  }

  return {
    readBlob: (digest) => readFile(blobFile(digest)),
    async hasBlob(digest) {
      return (await stat(blobFile(digest)).catch(() => undefined)) !== undefined;
    },
    async writeBlob(content) {
      const digest = sha256(content);
      await writeWhole(blobFile(digest), content);
      return digest;
    },
    find,
    tag: (name, manifestDigest) => writeWhole(tagFile(name), manifestDigest),
    async names() {
      const files = await readdir(join(folder, 'tags')).catch(() => []);
      return files
        .filter((file) => !file.startsWith('.'))
        .map(decodeURIComponent)
        .sort();
    },
    async image(name) {
      const digest = await find(name);
      if (digest === undefined) throw new ImageError(`No such image: ${name}. Build it first.`);
      const manifest = JSON.parse((await readFile(blobFile(digest))).toString()) as OciManifest;
      const config = JSON.parse((await readFile(blobFile(manifest.config.digest))).toString()) as OciImageConfig;
      return { digest, manifest, config };
    },
    saveLogin: (registry, password) => writeWhole(loginFile(registry), password),
    login: (registry) => readIfThere(loginFile(registry)),
  };
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes beside the file and renames, so that other processes see all of it or nothing. Only the user may read it. */
async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  const folder = join(file, '..');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const part = join(folder, `.${randomUUID()}`);
  await writeFile(part, content, { mode: 0o600 });
  await rename(part, file);
}
