import { createHash } from 'node:crypto';
import {
  CompleteLayerUploadCommand,
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  ECRClient,
  InitiateLayerUploadCommand,
  PutImageCommand,
  UploadLayerPartCommand,
} from '@aws-sdk/client-ecr';
import type { Target } from './contract.ts';

export const reference = (operation: string) => `ECR API Reference, ${operation}`;

export const digestOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** The manifest of an image of one layer, by digests and sizes in bytes. */
export function manifest(config: string, configSize: number, layer: string, layerSize: number): string {
  const docker = 'application/vnd.docker';
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: `${docker}.distribution.manifest.v2+json`,
    config: { mediaType: `${docker}.container.image.v1+json`, size: configSize, digest: config },
    layers: [{ mediaType: `${docker}.image.rootfs.diff.tar.gzip`, size: layerSize, digest: layer }],
  });
}

/** A repository of its own, and how to put layers and images into it. */
export async function repository(target: Target) {
  const ecr = target.client(ECRClient);
  const repositoryName = target.name();
  const { repository } = await ecr.send(new CreateRepositoryCommand({ repositoryName }));
  target.afterwards(() => ecr.send(new DeleteRepositoryCommand({ repositoryName, force: true })));
  const upload = async (bytes: Buffer, digest = digestOf(bytes)) => {
    const { uploadId } = await ecr.send(new InitiateLayerUploadCommand({ repositoryName }));
    const part = { repositoryName, uploadId, partFirstByte: 0, partLastByte: bytes.length - 1 };
    await ecr.send(new UploadLayerPartCommand({ ...part, layerPartBlob: bytes }));
    await ecr.send(new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests: [digest] }));
    return digest;
  };
  /** An image of one layer that holds the text. Answers its manifest. */
  const push = async (imageTag: string, text = 'layer') => {
    const [config, layer] = [Buffer.from(JSON.stringify({ text })), Buffer.from(text)];
    const imageManifest = manifest(await upload(config), config.length, await upload(layer), layer.length);
    await ecr.send(new PutImageCommand({ repositoryName, imageTag, imageManifest }));
    return imageManifest;
  };
  return { ecr, repositoryName, repository, upload, push };
}
