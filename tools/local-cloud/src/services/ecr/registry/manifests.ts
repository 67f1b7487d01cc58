import { findImage, storeImage } from '../images.ts';
import { authorizedRepository, type Exchange, type Reply, registryError } from './exchange.ts';

/** GET, HEAD and PUT of `/v2/<name>/manifests/<tag or digest>`. */
export function manifest(exchange: Exchange, reference: string): Reply {
  const { request } = exchange;
  const id = reference.startsWith('sha256:') ? { imageDigest: reference } : { imageTag: reference };
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return readManifest(exchange, id, reference);
    case 'PUT':
      return writeManifest(exchange, id);
    default:
      // "Deleting an image in Amazon ECR": by the API only.
      return registryError(405, 'UNSUPPORTED', `ECR has no ${request.method} of manifests; use BatchDeleteImage`);
  }
}

interface ImageId {
  readonly imageDigest?: string;
  readonly imageTag?: string;
}

function readManifest(exchange: Exchange, id: ImageId, reference: string): Reply {
  const repository = authorizedRepository(exchange, 'BatchGetImage');
  const image = findImage(repository, id);
  if (!image) return registryError(404, 'MANIFEST_UNKNOWN', `Requested image not found: ${reference}`);
  const head = exchange.request.method === 'HEAD';
  if (!head) image.pulledAt = new Date(exchange.call.cloud.clock.now());
  return {
    status: 200,
    headers: {
      'content-type': image.mediaType,
      'content-length': String(Buffer.byteLength(image.manifest)),
      'docker-content-digest': image.digest,
    },
    ...(!head && { body: image.manifest }),
  };
}

function writeManifest(exchange: Exchange, { imageDigest, imageTag }: ImageId): Reply {
  const { request, call } = exchange;
  const repository = authorizedRepository(exchange, 'PutImage');
  const pushed = {
    manifest: request.body.toString(),
    mediaType: request.headers['content-type'],
    tag: imageTag,
    digest: imageDigest,
  };
  const image = storeImage(repository, pushed, call.cloud.clock.now());
  return {
    status: 201,
    headers: {
      location: `/v2/${repository.name}/manifests/${image.digest}`,
      'docker-content-digest': image.digest,
    },
  };
}

/** GET of `/v2/<name>/tags/list`. */
export function listTags(exchange: Exchange): Reply {
  const repository = authorizedRepository(exchange, 'ListImages');
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: repository.name, tags: [...repository.imageTags.keys()].sort() }),
  };
}
