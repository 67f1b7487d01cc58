import { createHash } from 'node:crypto';
import { ecrError } from './errors.ts';
import { inRepository, type Repository, type StoredImage } from './state.ts';

interface Descriptor {
  readonly digest?: string;
  readonly size?: number;
  readonly mediaType?: string;
}

interface Manifest {
  readonly mediaType?: string;
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  /** An image index lists the manifests of its platforms instead. */
  readonly manifests?: readonly Descriptor[];
}

export function sha256(content: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/**
 * Stores a manifest whose parts are all there and gives it its tag. Throws ImageTagAlreadyExistsException in an immutable
 * repository, LayersNotFoundException, ReferencedImagesNotFoundException, ImageDigestDoesNotMatchException.
 */
export function storeImage(
  repository: Repository,
  pushed: { manifest: string; mediaType?: string | undefined; tag?: string | undefined; digest?: string | undefined },
  now: number,
): StoredImage {
  const parsed = parseManifest(pushed.manifest);
  const digest = sha256(pushed.manifest);
  if (pushed.digest !== undefined && pushed.digest !== digest) {
    throw ecrError(
      'ImageDigestDoesNotMatchException',
      `The digest sent by the client (${pushed.digest}) does not match the digest of the image manifest (${digest})`,
    );
  }
  if (pushed.tag !== undefined) checkTag(repository, pushed.tag);
  checkParts(repository, parsed);
  const size = (parsed.layers ?? []).reduce((sum, layer) => sum + (layer.size ?? 0), 0);
  const mediaType = pushed.mediaType ?? parsed.mediaType ?? 'application/vnd.oci.image.manifest.v1+json';
  const image = repository.images.get(digest) ?? {
    digest,
    manifest: pushed.manifest,
    mediaType,
    size,
    pushedAt: new Date(now),
  };
  repository.images.set(digest, image);
  if (pushed.tag !== undefined) repository.imageTags.set(pushed.tag, digest);
  return image;
}

function parseManifest(text: string): Manifest {
  try {
    const manifest = JSON.parse(text) as Manifest & { schemaVersion?: number };
    if (manifest.schemaVersion === 2 && (manifest.config || manifest.manifests)) return manifest;
  } catch {
    // Reported below, as any other text that is no manifest.
  }
  throw ecrError(
    'InvalidParameterException',
    "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'",
  );
}

function checkTag(repository: Repository, tag: string): void {
  // "Distribution Specification": a tag is a word character and up to 127 more, dots and hyphens among them.
  if (!/^\w[\w.-]{0,127}$/.test(tag)) {
    throw ecrError(
      'InvalidParameterException',
      `Invalid parameter at 'imageTag' failed to satisfy constraint: 'must satisfy regular expression '[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}''`,
    );
  }
  if (repository.mutability === 'IMMUTABLE' && repository.imageTags.has(tag)) {
    throw ecrError(
      'ImageTagAlreadyExistsException',
      `The image tag '${tag}' already exists in the '${repository.name}' repository and cannot be overwritten because the tag is immutable.`,
    );
  }
}

function checkParts(repository: Repository, manifest: Manifest): void {
  const digests = (descriptors: readonly Descriptor[]) => descriptors.map(({ digest = '' }) => digest);
  const layers = digests([...(manifest.config ? [manifest.config] : []), ...(manifest.layers ?? [])]);
  const missing = layers.filter((digest) => !repository.layers.has(digest));
  if (missing.length > 0) {
    throw ecrError(
      'LayersNotFoundException',
      `Layers with digests '[${missing.join(', ')}]' required for pushing image into ${inRepository(repository)} do not exist`,
    );
  }
  const unknown = digests(manifest.manifests ?? []).filter((digest) => !repository.images.has(digest));
  if (unknown.length > 0) {
    throw ecrError(
      'ReferencedImagesNotFoundException',
      `Images with digests '[${unknown.join(', ')}]' required for pushing image into ${inRepository(repository)} do not exist`,
    );
  }
}

/** An image by digest or tag. */
export function findImage(
  repository: Repository,
  id: { imageDigest?: string | undefined; imageTag?: string | undefined },
): StoredImage | undefined {
  const tagged = id.imageTag === undefined ? undefined : repository.imageTags.get(id.imageTag);
  if (id.imageTag !== undefined && tagged === undefined) return undefined;
  if (id.imageDigest !== undefined && tagged !== undefined && id.imageDigest !== tagged) return undefined;
  return repository.images.get(id.imageDigest ?? tagged ?? '');
}

export function tagsOf(repository: Repository, digest: string): string[] {
  return [...repository.imageTags].filter(([, target]) => target === digest).map(([tag]) => tag);
}
