import {
  BatchCheckLayerAvailabilityCommand,
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  DescribeImagesCommand,
  ListImagesCommand,
  PutImageCommand,
} from '@aws-sdk/client-ecr';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { digestOf, manifest, reference, repository } from './ecr-support.ts';

/** Claims of images, their tags and layers. */
export const imageClaims: readonly Claim[] = [
  {
    operation: 'DescribeImages',
    claim: 'does not know a tag that is not there',
    source: reference('DescribeImages'),
    async run(target) {
      const { ecr, repositoryName } = await repository(target);
      const call = new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: 'latest' }] });
      expect((await refusal(ecr.send(call))).name).toBe('ImageNotFoundException');
    },
  },
  {
    operation: 'PutImage',
    claim: 'refuses a manifest whose layers are not there',
    source: reference('PutImage'),
    async run(target) {
      const { ecr, repositoryName } = await repository(target);
      const absent = digestOf(Buffer.from(target.name()));
      const call = new PutImageCommand({ repositoryName, imageManifest: manifest(absent, 3, absent, 3) });
      expect((await refusal(ecr.send(call))).name).toBe('LayersNotFoundException');
    },
  },
  {
    operation: 'BatchGetImage',
    beside: ['ListImages'],
    claim: 'gives the manifest of a tag and names what it does not find',
    source: reference('BatchGetImage'),
    async run(target) {
      const { ecr, repositoryName, push } = await repository(target);
      const imageManifest = await push('v1');
      const { imageIds } = await ecr.send(new ListImagesCommand({ repositoryName }));
      expect(imageIds?.map(({ imageTag }) => imageTag)).toEqual(['v1']);
      const wanted = [{ imageTag: 'v1' }, { imageTag: 'v2' }];
      const { images, failures } = await ecr.send(new BatchGetImageCommand({ repositoryName, imageIds: wanted }));
      expect(images?.map((image) => image.imageManifest)).toEqual([imageManifest]);
      expect(failures?.map(({ failureCode }) => failureCode)).toEqual(['ImageNotFound']);
    },
  },
  {
    operation: 'BatchDeleteImage',
    claim: 'takes the image along with its last tag',
    source: reference('BatchDeleteImage'),
    async run(target) {
      const { ecr, repositoryName, push } = await repository(target);
      await push('v1');
      await ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds: [{ imageTag: 'v1' }] }));
      expect((await ecr.send(new ListImagesCommand({ repositoryName }))).imageIds).toEqual([]);
    },
  },
  {
    operation: 'CompleteLayerUpload',
    beside: ['InitiateLayerUpload', 'UploadLayerPart', 'BatchCheckLayerAvailability'],
    claim: 'refuses bytes that are not those of the digest, and makes a layer of those that are',
    source: reference('CompleteLayerUpload'),
    async run(target) {
      const { ecr, repositoryName, upload } = await repository(target);
      const bytes = Buffer.from('layer');
      const wrong = digestOf(Buffer.from('other'));
      expect((await refusal(upload(bytes, wrong))).name).toBe('InvalidLayerException');
      await upload(bytes);
      const layerDigests = [digestOf(bytes), wrong];
      const { layers, failures } = await ecr.send(
        new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests }),
      );
      const found = [...(layers ?? [])].map(({ layerAvailability }) => layerAvailability);
      expect(found.filter((availability) => availability === 'AVAILABLE')).toHaveLength(1);
      expect(found.length + (failures?.length ?? 0)).toBe(2);
    },
  },
];
