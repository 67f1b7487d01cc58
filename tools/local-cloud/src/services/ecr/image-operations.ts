import type {
  BatchDeleteImageCommandInput,
  BatchDeleteImageCommandOutput,
  BatchGetImageCommandInput,
  BatchGetImageCommandOutput,
  DescribeImagesCommandInput,
  DescribeImagesCommandOutput,
  ImageDetail,
  ImageFailure,
  ImageIdentifier,
  ListImagesCommandInput,
  ListImagesCommandOutput,
  PutImageCommandInput,
  PutImageCommandOutput,
} from '@aws-sdk/client-ecr';
import { operation } from '../../service.ts';
import { onRepository } from './demands.ts';
import { ecrError } from './errors.ts';
import { findImage, sha256, storeImage, tagsOf } from './images.ts';
import { pageOf } from './pages.ts';
import { inRepository, type Repository, repositoryOf, type StoredImage } from './state.ts';

/** "BatchGetImage", "BatchDeleteImage", "DescribeImages": up to 100 image ids. */
const mostIds = 100;

function checkIds(ids: readonly ImageIdentifier[]): readonly ImageIdentifier[] {
  if (ids.length <= mostIds) return ids;
  throw ecrError(
    'InvalidParameterException',
    `Invalid parameter at 'imageIds' failed to satisfy constraint: 'Member must have length less than or equal to ${mostIds}'`,
  );
}

const putImage = operation<PutImageCommandInput, PutImageCommandOutput>({
  demands: onRepository('PutImage'),
  run(input, call) {
    const repository = repositoryOf(input, call);
    const { imageManifest: manifest = '', imageTag: tag } = input;
    const digest = sha256(manifest);
    const known = repository.images.has(digest);
    if (
      known &&
      repository.mutability === 'MUTABLE' &&
      (tag === undefined || repository.imageTags.get(tag) === digest)
    ) {
      throw ecrError(
        'ImageAlreadyExistsException',
        `Image with digest '${digest}' and tag '${tag}' already exists in ${inRepository(repository)}`,
      );
    }
    const image = storeImage(
      repository,
      { manifest, tag, mediaType: input.imageManifestMediaType, digest: input.imageDigest },
      call.cloud.clock.now(),
    );
    return {
      image: {
        registryId: repository.registryId,
        repositoryName: repository.name,
        imageId: { imageDigest: image.digest, ...(tag !== undefined && { imageTag: tag }) },
        imageManifest: manifest,
        imageManifestMediaType: image.mediaType,
      },
    };
  },
});

const batchGetImage = operation<BatchGetImageCommandInput, BatchGetImageCommandOutput>({
  demands: onRepository('BatchGetImage'),
  run(input, call) {
    const repository = repositoryOf(input, call);
    const ids = checkIds(input.imageIds ?? []);
    const found = ids.flatMap((imageId) => {
      const image = findImage(repository, imageId);
      return image ? [{ imageId, image }] : [];
    });
    for (const { image } of found) image.pulledAt = new Date(call.cloud.clock.now());
    return {
      images: found.map(({ imageId, image }) => ({
        registryId: repository.registryId,
        repositoryName: repository.name,
        imageId: { ...imageId, imageDigest: image.digest },
        imageManifest: image.manifest,
        imageManifestMediaType: image.mediaType,
      })),
      failures: ids.filter((id) => !findImage(repository, id)).map(notFound),
    };
  },
});

function notFound(imageId: ImageIdentifier): ImageFailure {
  return { imageId, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' };
}

const describeImages = operation<DescribeImagesCommandInput, DescribeImagesCommandOutput>({
  demands: onRepository('DescribeImages'),
  run(input, call) {
    const repository = repositoryOf(input, call);
    const images = input.imageIds
      ? checkIds(input.imageIds).map((id) => imageOf(repository, id))
      : [...repository.images.values()].filter(({ digest }) => hasStatus(repository, digest, input.filter?.tagStatus));
    const { page, ...next } = pageOf([...new Set(images)], input.imageIds ? {} : input);
    return { imageDetails: page.map((image) => describe(repository, image)), ...next };
  },
});

function imageOf(repository: Repository, id: ImageIdentifier): StoredImage {
  const image = findImage(repository, id);
  if (image) return image;
  const { imageDigest = 'null', imageTag = 'null' } = id;
  throw ecrError(
    'ImageNotFoundException',
    `The image with imageId {imageDigest:'${imageDigest}', imageTag:'${imageTag}'} does not exist within ${inRepository(repository)}`,
  );
}

function hasStatus(repository: Repository, digest: string, status: string | undefined): boolean {
  if (status === undefined || status === 'ANY') return true;
  return tagsOf(repository, digest).length > 0 === (status === 'TAGGED');
}

function describe(repository: Repository, image: StoredImage): ImageDetail {
  const tags = tagsOf(repository, image.digest);
  return {
    registryId: repository.registryId,
    repositoryName: repository.name,
    imageDigest: image.digest,
    ...(tags.length > 0 && { imageTags: tags }),
    imageSizeInBytes: image.size,
    imagePushedAt: image.pushedAt,
    imageManifestMediaType: image.mediaType,
    ...(image.pulledAt && { lastRecordedPullTime: image.pulledAt }),
  };
}

const listImages = operation<ListImagesCommandInput, ListImagesCommandOutput>({
  demands: onRepository('ListImages'),
  run(input, call) {
    const repository = repositoryOf(input, call);
    const ids = [...repository.images.keys()]
      .filter((digest) => hasStatus(repository, digest, input.filter?.tagStatus))
      .flatMap((imageDigest): ImageIdentifier[] => {
        const tags = tagsOf(repository, imageDigest);
        return tags.length === 0 ? [{ imageDigest }] : tags.map((imageTag) => ({ imageDigest, imageTag }));
      });
    const { page, ...next } = pageOf(ids, input);
    return { imageIds: page, ...next };
  },
});

const batchDeleteImage = operation<BatchDeleteImageCommandInput, BatchDeleteImageCommandOutput>({
  demands: onRepository('BatchDeleteImage'),
  run(input, call) {
    const repository = repositoryOf(input, call);
    const ids = checkIds(input.imageIds ?? []);
    const failures = ids.filter((id) => !findImage(repository, id)).map(notFound);
    const deleted = ids.flatMap((id) => remove(repository, id));
    return { imageIds: deleted, failures };
  },
});

/** By tag an image loses that tag, and goes with its last one; by digest it goes with all its tags. */
function remove(repository: Repository, id: ImageIdentifier): ImageIdentifier[] {
  const image = findImage(repository, id);
  if (!image) return [];
  const tags = id.imageTag === undefined ? tagsOf(repository, image.digest) : [id.imageTag];
  for (const tag of tags) repository.imageTags.delete(tag);
  if (tagsOf(repository, image.digest).length === 0) repository.images.delete(image.digest);
  const { digest: imageDigest } = image;
  return tags.length === 0 ? [{ imageDigest }] : tags.map((imageTag) => ({ imageDigest, imageTag }));
}

export const imageOperations = {
  PutImage: putImage,
  BatchGetImage: batchGetImage,
  DescribeImages: describeImages,
  ListImages: listImages,
  BatchDeleteImage: batchDeleteImage,
};
