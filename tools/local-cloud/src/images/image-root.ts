import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cloud } from '../service.ts';
import { findImage } from '../services/ecr/images.ts';
import { registryOf } from '../services/ecr/state.ts';
import { ecrRegistry, readImageReference } from './image-reference.ts';
import { applyLayer } from './layers.ts';
import { ImageError, type OciImageConfig, type OciManifest } from './oci.ts';

export interface ImageRoot {
  /** Folder with the image's files. Shared by all who ask for the image: not to be written to. */
  readonly root: string;
  /** The manifest's. */
  readonly digest: string;
  readonly config: OciImageConfig;
}

/**
 * Unpacks an image of the embedded ECR, named by tag or digest, into the cloud's scratch folder. Whether somebody may pull
 * it is for the caller to have checked. Throws ImageError when it is not there or not of this cloud's ECR.
 */
export async function imageRoot(cloud: Cloud, imageUri: string): Promise<ImageRoot> {
  const { host, repository: name, reference } = readImageReference(imageUri);
  const registry = ecrRegistry(host);
  if (!registry) throw new ImageError(`${imageUri} is not an image of the embedded cloud's ECR`);
  const repository = registryOf(cloud, registry.account, registry.region).get(name);
  const id = reference.startsWith('sha256:') ? { imageDigest: reference } : { imageTag: reference };
  const image = repository && findImage(repository, id);
  if (!image) throw new ImageError(`${imageUri} does not exist in the embedded cloud's ECR: push it there first`);
  const manifest = JSON.parse(image.manifest) as OciManifest;
  if (manifest.config === undefined) {
    throw new ImageError(
      `${imageUri} is an index of several platforms, which is not supported; push one platform's image`,
    );
  }
  // storeImage took the manifest only with all its parts there, and parts never go away.
  const blob = (digest: string) => repository.layers.get(digest) as Buffer;
  const config = JSON.parse(blob(manifest.config.digest).toString()) as OciImageConfig;
  const folder = join(cloud.scratch, 'images');
  const root = join(folder, image.digest.replace(':', '-'));
  await unpackOnce(
    folder,
    root,
    manifest.layers.map(({ digest }) => blob(digest)),
  );
  return { root, digest: image.digest, config };
}

/** Unpacks beside the root and renames: a half unpacked image is never seen, and two at once do no harm. */
async function unpackOnce(folder: string, root: string, layers: readonly Buffer[]): Promise<void> {
  if (await stat(root).catch(() => undefined)) return;
  await mkdir(folder, { recursive: true });
  const part = await mkdtemp(join(folder, 'part-'));
  for (const layer of layers) await applyLayer(part, layer);
  await rename(part, root).catch(async (error: NodeJS.ErrnoException) => {
    await rm(part, { recursive: true, force: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
}
