import { ecrError } from '../errors.ts';
import { completeUpload, receivedBytes, startUpload, uploadOf } from '../layers.ts';
import type { Repository } from '../state.ts';
import { authorizedRepository, blobUnknown, type Exchange, type Reply, registryError } from './exchange.ts';

/** GET and HEAD of `/v2/<name>/blobs/<digest>`. */
export function readBlob(exchange: Exchange, digest: string): Reply {
  const head = exchange.request.method === 'HEAD';
  const repository = authorizedRepository(exchange, head ? 'BatchCheckLayerAvailability' : 'GetDownloadUrlForLayer');
  const content = repository.layers.get(digest);
  if (!content) return blobUnknown(digest);
  return {
    status: 200,
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(content.length),
      'docker-content-digest': digest,
    },
    ...(!head && { body: content }),
  };
}

/** POST of `/v2/<name>/blobs/uploads/`: a mount, a whole blob, or the start of a chunked upload. */
export function beginUpload(exchange: Exchange): Reply {
  const { request } = exchange;
  const repository = authorizedRepository(exchange, 'InitiateLayerUpload');
  const [mount, from] = [request.query.get('mount'), request.query.get('from')];
  if (mount && from && mounted(exchange, repository, mount, from)) return created(repository, mount);
  const id = startUpload(repository);
  const digest = request.query.get('digest');
  if (digest) return finish(exchange, repository, id, digest);
  return progress(repository, id, 202);
}

function mounted(exchange: Exchange, repository: Repository, digest: string, from: string): boolean {
  const source = authorizedRepository({ ...exchange, repositoryName: from }, 'GetDownloadUrlForLayer');
  const content = source.layers.get(digest);
  if (content) repository.layers.set(digest, content);
  return content !== undefined;
}

/** PATCH (one chunk), PUT (the last one and the digest), GET (how far) and DELETE of an upload's location. */
export function continueUpload(exchange: Exchange, id: string): Reply {
  const { request } = exchange;
  switch (request.method) {
    case 'PATCH': {
      const repository = authorizedRepository(exchange, 'UploadLayerPart');
      append(exchange, repository, id);
      return progress(repository, id, 202);
    }
    case 'PUT': {
      const repository = authorizedRepository(exchange, 'CompleteLayerUpload');
      return finish(exchange, repository, id, request.query.get('digest') ?? '');
    }
    case 'GET':
      return progress(authorizedRepository(exchange, 'UploadLayerPart'), id, 204);
    case 'DELETE': {
      const repository = authorizedRepository(exchange, 'UploadLayerPart');
      uploadOf(repository, id);
      repository.uploads.delete(id);
      return { status: 204 };
    }
    default:
      return registryError(405, 'UNSUPPORTED', `${request.method} is no method of a blob upload`);
  }
}

function append({ request }: Exchange, repository: Repository, id: string): void {
  const upload = uploadOf(repository, id);
  const received = receivedBytes(upload);
  const [, first] = /^(?:bytes )?(\d+)-\d+/.exec(String(request.headers['content-range'] ?? '')) ?? [];
  if (first !== undefined && Number(first) !== received) {
    throw ecrError(
      'InvalidLayerPartException',
      `The chunk begins at byte ${first}, but ${received} bytes were received so far`,
    );
  }
  if (request.body.length > 0) upload.parts.push(request.body);
}

function finish(exchange: Exchange, repository: Repository, id: string, digest: string): Reply {
  append(exchange, repository, id);
  completeUpload(repository, id, digest);
  return created(repository, digest);
}

function created(repository: Repository, digest: string): Reply {
  return {
    status: 201,
    headers: { location: `/v2/${repository.name}/blobs/${digest}`, 'docker-content-digest': digest },
  };
}

function progress(repository: Repository, id: string, status: number): Reply {
  const received = receivedBytes(uploadOf(repository, id));
  return {
    status,
    headers: {
      location: `/v2/${repository.name}/blobs/uploads/${id}`,
      range: `0-${Math.max(0, received - 1)}`,
      'docker-upload-uuid': id,
    },
  };
}
