import { createHash, randomBytes } from 'node:crypto';
import {
  BatchCheckLayerAvailabilityCommand,
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  CompleteLayerUploadCommand,
  CreateRepositoryCommand,
  type CreateRepositoryCommandInput,
  DeleteLifecyclePolicyCommand,
  DeleteRepositoryCommand,
  DeleteRepositoryPolicyCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  InitiateLayerUploadCommand,
  ListImagesCommand,
  ListTagsForResourceCommand,
  PutImageCommand,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
  SetRepositoryPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UploadLayerPartCommand,
} from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCloud } from '../src/testing.ts';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let ecr: ECRClient;
let made = 0;

beforeAll(async () => {
  cloud = await startTestCloud();
  ecr = cloud.client(ECRClient);
});
afterAll(() => cloud.close());

async function newRepository(more: Partial<CreateRepositoryCommandInput> = {}): Promise<string> {
  const repositoryName = `team/repository-${++made}`;
  await ecr.send(new CreateRepositoryCommand({ repositoryName, ...more }));
  return repositoryName;
}

const digestOf = (content: string | Uint8Array) => `sha256:${createHash('sha256').update(content).digest('hex')}`;

async function uploadLayer(repositoryName: string, content: Uint8Array): Promise<string> {
  const { uploadId } = await ecr.send(new InitiateLayerUploadCommand({ repositoryName }));
  const part = { partFirstByte: 0, partLastByte: content.length - 1, layerPartBlob: content };
  await ecr.send(new UploadLayerPartCommand({ repositoryName, uploadId, ...part }));
  const layerDigests = [digestOf(content)];
  const answer = await ecr.send(new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests }));
  return answer.layerDigest ?? '';
}

/** Uploads a layer and answers the manifest of an image made of it. */
async function newManifest(repositoryName: string): Promise<string> {
  const layer = randomBytes(64);
  const digest = await uploadLayer(repositoryName, layer);
  return manifestOf(digest, layer.length);
}

function manifestOf(digest: string, size: number): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest, size }],
  });
}

async function putImage(repositoryName: string, imageTag: string): Promise<string> {
  const imageManifest = await newManifest(repositoryName);
  const { image } = await ecr.send(new PutImageCommand({ repositoryName, imageManifest, imageTag }));
  return image?.imageId?.imageDigest ?? '';
}

describe('repositories', () => {
  it('describes what was created', async () => {
    const repositoryName = await newRepository({ imageScanningConfiguration: { scanOnPush: true } });
    const { repositories } = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }));
    expect(repositories).toMatchObject([
      {
        repositoryArn: `arn:aws:ecr:us-east-1:000000000000:repository/${repositoryName}`,
        registryId: '000000000000',
        repositoryUri: `000000000000.dkr.ecr.us-east-1.amazonaws.com/${repositoryName}`,
        imageTagMutability: 'MUTABLE',
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfiguration: { encryptionType: 'AES256' },
      },
    ]);
  });

  it('refuses a second one of the same name, and names ECR does not take', async () => {
    const repositoryName = await newRepository();
    await expect(ecr.send(new CreateRepositoryCommand({ repositoryName }))).rejects.toMatchObject({
      name: 'RepositoryAlreadyExistsException',
      message: `The repository with name '${repositoryName}' already exists in the registry with id '000000000000'`,
    });
    for (const bad of ['a', 'Upper', 'trailing/', 'double__-x']) {
      await expect(ecr.send(new CreateRepositoryCommand({ repositoryName: bad }))).rejects.toMatchObject({
        name: 'InvalidParameterException',
      });
    }
  });

  it('answers RepositoryNotFoundException', async () => {
    const describeMissing = new DescribeRepositoriesCommand({ repositoryNames: ['missing'] });
    await expect(ecr.send(describeMissing)).rejects.toMatchObject({
      name: 'RepositoryNotFoundException',
      message: "The repository with name 'missing' does not exist in the registry with id '000000000000'",
    });
  });

  it('deletes a repository with images only when forced', async () => {
    const repositoryName = await newRepository();
    await putImage(repositoryName, 'one');
    await expect(ecr.send(new DeleteRepositoryCommand({ repositoryName }))).rejects.toMatchObject({
      name: 'RepositoryNotEmptyException',
      message: `The repository with name '${repositoryName}' in registry with id '000000000000' cannot be deleted because it still contains images`,
    });
    await ecr.send(new DeleteRepositoryCommand({ repositoryName, force: true }));
    await expect(ecr.send(new ListImagesCommand({ repositoryName }))).rejects.toMatchObject({
      name: 'RepositoryNotFoundException',
    });
  });
});

describe('settings of a repository', () => {
  it('keeps a policy, and refuses one without a principal', async () => {
    const repositoryName = await newRepository();
    const statement = { Effect: 'Allow', Principal: { AWS: '111111111111' }, Action: 'ecr:BatchGetImage' };
    const policyText = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText }));
    expect((await ecr.send(new GetRepositoryPolicyCommand({ repositoryName }))).policyText).toBe(policyText);
    await ecr.send(new DeleteRepositoryPolicyCommand({ repositoryName }));
    await expect(ecr.send(new GetRepositoryPolicyCommand({ repositoryName }))).rejects.toMatchObject({
      name: 'RepositoryPolicyNotFoundException',
    });
    const bad = JSON.stringify({ Statement: [{ ...statement, Principal: undefined }] });
    await expect(ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText: bad }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('lets another account in only where the policy says so', async () => {
    const repositoryName = await newRepository();
    await putImage(repositoryName, 'one');
    const stranger = cloud.client(ECRClient, { credentials: { accessKeyId: '111111111111', secretAccessKey: 'test' } });
    const pull = new BatchGetImageCommand({
      registryId: '000000000000',
      repositoryName,
      imageIds: [{ imageTag: 'one' }],
    });
    await expect(stranger.send(pull)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const statement = { Effect: 'Allow', Principal: { AWS: '111111111111' }, Action: 'ecr:BatchGetImage' };
    const policyText = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText }));
    expect((await stranger.send(pull)).images).toHaveLength(1);
  });

  it('keeps a lifecycle policy and says in its log that it is not executed', async () => {
    const repositoryName = await newRepository();
    const rule = {
      rulePriority: 1,
      selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 5 },
      action: { type: 'expire' },
    };
    const lifecyclePolicyText = JSON.stringify({ rules: [rule] });
    await ecr.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }));
    const kept = await ecr.send(new GetLifecyclePolicyCommand({ repositoryName }));
    expect(kept.lifecyclePolicyText).toBe(lifecyclePolicyText);
    expect(cloud.lines.join('\n')).toContain(`lifecycle policy of ${repositoryName} is kept but not executed`);
    await ecr.send(new DeleteLifecyclePolicyCommand({ repositoryName }));
    await expect(ecr.send(new GetLifecyclePolicyCommand({ repositoryName }))).rejects.toMatchObject({
      name: 'LifecyclePolicyNotFoundException',
    });
  });

  it('tags and untags', async () => {
    const repositoryName = await newRepository({ tags: [{ Key: 'a', Value: '1' }] });
    const resourceArn = `arn:aws:ecr:us-east-1:000000000000:repository/${repositoryName}`;
    await ecr.send(new TagResourceCommand({ resourceArn, tags: [{ Key: 'b', Value: '2' }] }));
    await ecr.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] }));
    const { tags } = await ecr.send(new ListTagsForResourceCommand({ resourceArn }));
    expect(tags).toEqual([{ Key: 'b', Value: '2' }]);
  });

  it('switches scanning and mutability', async () => {
    const repositoryName = await newRepository();
    const imageScanningConfiguration = { scanOnPush: true };
    await ecr.send(new PutImageScanningConfigurationCommand({ repositoryName, imageScanningConfiguration }));
    await ecr.send(new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: 'IMMUTABLE' }));
    const { repositories } = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }));
    expect(repositories).toMatchObject([{ imageScanningConfiguration, imageTagMutability: 'IMMUTABLE' }]);
  });
});

describe('images', () => {
  it('gives back the manifest by tag and by digest', async () => {
    const repositoryName = await newRepository();
    const imageDigest = await putImage(repositoryName, 'one');
    const imageIds = [{ imageTag: 'one' }, { imageDigest }, { imageTag: 'missing' }];
    const answer = await ecr.send(new BatchGetImageCommand({ repositoryName, imageIds }));
    expect(answer.images?.map((image) => image.imageId?.imageDigest)).toEqual([imageDigest, imageDigest]);
    expect(digestOf(answer.images?.[0]?.imageManifest ?? '')).toBe(imageDigest);
    expect(answer.failures).toMatchObject([{ failureCode: 'ImageNotFound', imageId: { imageTag: 'missing' } }]);
  });

  it('describes and lists images, tagged or not', async () => {
    const repositoryName = await newRepository();
    const first = await putImage(repositoryName, 'live');
    const second = await putImage(repositoryName, 'live');
    const { imageDetails } = await ecr.send(new DescribeImagesCommand({ repositoryName }));
    expect(imageDetails).toMatchObject([{ imageDigest: first }, { imageDigest: second, imageTags: ['live'] }]);
    expect(imageDetails?.[0]).toMatchObject({ imageSizeInBytes: 64 });
    const untagged = await ecr.send(new ListImagesCommand({ repositoryName, filter: { tagStatus: 'UNTAGGED' } }));
    expect(untagged.imageIds).toEqual([{ imageDigest: first }]);
  });

  it('answers ImageNotFoundException for a tag that is not there', async () => {
    const repositoryName = await newRepository();
    const missing = new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: 'x' }] });
    await expect(ecr.send(missing)).rejects.toMatchObject({
      name: 'ImageNotFoundException',
      message: `The image with imageId {imageDigest:'null', imageTag:'x'} does not exist within the repository with name '${repositoryName}' in the registry with id '000000000000'`,
    });
  });

  it('moves a tag in a mutable repository and refuses to in an immutable one', async () => {
    const immutable = await newRepository({ imageTagMutability: 'IMMUTABLE' });
    await putImage(immutable, 'one');
    await expect(putImage(immutable, 'one')).rejects.toMatchObject({ name: 'ImageTagAlreadyExistsException' });
  });

  it('refuses the same image twice, and one whose layers are missing', async () => {
    const repositoryName = await newRepository();
    const imageManifest = await newManifest(repositoryName);
    const put = new PutImageCommand({ repositoryName, imageManifest, imageTag: 'one' });
    await ecr.send(put);
    await expect(ecr.send(put)).rejects.toMatchObject({ name: 'ImageAlreadyExistsException' });
    const unknown = new PutImageCommand({ repositoryName, imageManifest: manifestOf(digestOf('unknown'), 7) });
    await expect(ecr.send(unknown)).rejects.toMatchObject({ name: 'LayersNotFoundException' });
  });

  it('deletes by tag and by digest', async () => {
    const repositoryName = await newRepository();
    const imageDigest = await putImage(repositoryName, 'one');
    const remove = (imageIds: { imageTag?: string; imageDigest?: string }[]) =>
      ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds }));
    expect((await remove([{ imageTag: 'one' }])).imageIds).toEqual([{ imageDigest, imageTag: 'one' }]);
    expect((await remove([{ imageDigest }])).failures).toMatchObject([{ failureCode: 'ImageNotFound' }]);
  });
});

describe('layers', () => {
  it('knows which are there', async () => {
    const repositoryName = await newRepository();
    const digest = await uploadLayer(repositoryName, Buffer.from('layer'));
    const layerDigests = [digest, digestOf('other')];
    const { layers } = await ecr.send(new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests }));
    expect(layers?.map(({ layerAvailability }) => layerAvailability)).toEqual(['AVAILABLE', 'UNAVAILABLE']);
  });

  it('refuses gaps, wrong digests, empty uploads and layers it has', async () => {
    const repositoryName = await newRepository();
    const begin = async () => (await ecr.send(new InitiateLayerUploadCommand({ repositoryName }))).uploadId;
    const part = (uploadId: string | undefined, partFirstByte: number, text: string) => {
      const range = { partFirstByte, partLastByte: partFirstByte + text.length - 1 };
      const layerPartBlob = Buffer.from(text);
      return ecr.send(new UploadLayerPartCommand({ repositoryName, uploadId, ...range, layerPartBlob }));
    };
    const complete = (uploadId: string | undefined, text: string) =>
      ecr.send(new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests: [digestOf(text)] }));

    const uploadId = await begin();
    await expect(part(uploadId, 3, 'abc')).rejects.toMatchObject({ name: 'InvalidLayerPartException' });
    await expect(complete(uploadId, 'abc')).rejects.toMatchObject({ name: 'EmptyUploadException' });
    await part(uploadId, 0, 'abc');
    await expect(complete(uploadId, 'other')).rejects.toMatchObject({ name: 'InvalidLayerException' });
    await part(uploadId, 3, 'def');
    await expect(complete(uploadId, 'abcdef')).rejects.toMatchObject({ name: 'LayerPartTooSmallException' });
    await uploadLayer(repositoryName, Buffer.from('abc'));
    await expect(uploadLayer(repositoryName, Buffer.from('abc'))).rejects.toMatchObject({
      name: 'LayerAlreadyExistsException',
    });
    await expect(part('no-such-upload', 0, 'a')).rejects.toMatchObject({ name: 'UploadNotFoundException' });
  });
});
