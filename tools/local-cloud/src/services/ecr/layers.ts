import { randomUUID } from 'node:crypto';
import { ecrError } from './errors.ts';
import { sha256 } from './images.ts';
import { inRepository, type LayerUpload, type Repository } from './state.ts';

/** Starts an upload; the id stands for it until it is completed or cancelled. */
export function startUpload(repository: Repository): string {
  const id = randomUUID();
  repository.uploads.set(id, { parts: [] });
  return id;
}

/** Throws UploadNotFoundException. */
export function uploadOf(repository: Repository, id: string): LayerUpload {
  const upload = repository.uploads.get(id);
  if (upload) return upload;
  throw ecrError(
    'UploadNotFoundException',
    `The upload with id '${id}' does not exist for ${inRepository(repository)}`,
  );
}

/** Bytes received so far. */
export function receivedBytes({ parts }: LayerUpload): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

/** Makes the received bytes a layer. Throws EmptyUploadException, and InvalidLayerException unless the digest is theirs. */
export function completeUpload(repository: Repository, id: string, digest: string): void {
  const content = Buffer.concat(uploadOf(repository, id).parts);
  if (content.length === 0) {
    throw ecrError('EmptyUploadException', `The upload with id '${id}' has no parts`);
  }
  const actual = sha256(content);
  if (actual !== digest) {
    throw ecrError(
      'InvalidLayerException',
      `Digest of the uploaded layer ${actual} does not match the one given, ${digest}`,
    );
  }
  repository.layers.set(digest, content);
  repository.uploads.delete(id);
}
