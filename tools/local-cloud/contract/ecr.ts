import { createHash } from 'node:crypto';
import {
  BatchCheckLayerAvailabilityCommand,
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  CompleteLayerUploadCommand,
  CreateRepositoryCommand,
  DeleteLifecyclePolicyCommand,
  DeleteRepositoryCommand,
  DeleteRepositoryPolicyCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
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
import { expect } from 'vitest';
import { ecr as service } from '../src/services/ecr/service.ts';
import { type Contract, refusal, type Target } from './contract.ts';

const reference = (operation: string) => `ECR API Reference, ${operation}`;

const digestOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

function manifest(config: string, configSize: number, layer: string, layerSize: number): string {
  const docker = 'application/vnd.docker';
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: `${docker}.distribution.manifest.v2+json`,
    config: { mediaType: `${docker}.container.image.v1+json`, size: configSize, digest: config },
    layers: [{ mediaType: `${docker}.image.rootfs.diff.tar.gzip`, size: layerSize, digest: layer }],
  });
}

async function repository(target: Target) {
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

export const ecr: Contract = {
  service,
  claims: [
    {
      operation: 'CreateRepository',
      claim: 'answers ARN and URI, and refuses the name a second time',
      source: reference('CreateRepository'),
      async run(target) {
        const { ecr, repositoryName, repository: made } = await repository(target);
        expect(made?.repositoryArn).toBe(`arn:aws:ecr:${target.region}:${target.account}:repository/${repositoryName}`);
        expect(made?.repositoryUri).toContain(`/${repositoryName}`);
        const again = new CreateRepositoryCommand({ repositoryName });
        expect((await refusal(ecr.send(again))).name).toBe('RepositoryAlreadyExistsException');
      },
    },
    {
      operation: 'CreateRepository',
      claim: 'refuses a name with capitals',
      source: reference('CreateRepository'),
      async run(target) {
        const call = new CreateRepositoryCommand({ repositoryName: target.name().toUpperCase() });
        expect((await refusal(target.client(ECRClient).send(call))).name).toBe('InvalidParameterException');
      },
    },
    {
      operation: 'DescribeRepositories',
      claim: 'does not know what is not there',
      source: reference('DescribeRepositories'),
      async run(target) {
        const call = new DescribeRepositoriesCommand({ repositoryNames: [target.name()] });
        expect((await refusal(target.client(ECRClient).send(call))).name).toBe('RepositoryNotFoundException');
      },
    },
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
      operation: 'GetAuthorizationToken',
      claim: 'gives a login of the user AWS that ends in twelve hours',
      limit: '12 hours a token',
      source: 'ECR User Guide, Private registry authentication',
      async run(target) {
        const { authorizationData } = await target.client(ECRClient).send(new GetAuthorizationTokenCommand({}));
        const [token] = authorizationData ?? [];
        expect(Buffer.from(token?.authorizationToken as string, 'base64').toString()).toMatch(/^AWS:.+/);
        const hours = ((token?.expiresAt?.getTime() ?? 0) - Date.now()) / 3_600_000;
        expect(hours).toBeGreaterThan(11.9);
        expect(hours).toBeLessThan(12.1);
      },
    },
    {
      operation: 'PutLifecyclePolicy',
      claim: 'keeps a policy and refuses what is none',
      source: reference('PutLifecyclePolicy'),
      async run(target) {
        const { ecr, repositoryName } = await repository(target);
        const put = (rules: object[]) =>
          ecr.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText: JSON.stringify({ rules }) }));
        expect((await refusal(put([{ rulePriority: 'first' }]))).name).toBe('InvalidParameterException');
        const selection = { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 3 };
        await put([{ rulePriority: 1, selection, action: { type: 'expire' } }]);
        const { lifecyclePolicyText } = await ecr.send(new GetLifecyclePolicyCommand({ repositoryName }));
        expect(JSON.parse(lifecyclePolicyText as string).rules).toHaveLength(1);
      },
    },
    {
      operation: 'GetLifecyclePolicy',
      claim: 'does not know a policy that was never put',
      source: reference('GetLifecyclePolicy'),
      async run(target) {
        const { ecr, repositoryName } = await repository(target);
        const call = new GetLifecyclePolicyCommand({ repositoryName });
        expect((await refusal(ecr.send(call))).name).toBe('LifecyclePolicyNotFoundException');
      },
    },
    {
      operation: 'SetRepositoryPolicy',
      claim: 'refuses text that is no policy',
      source: reference('SetRepositoryPolicy'),
      async run(target) {
        const { ecr, repositoryName } = await repository(target);
        const call = new SetRepositoryPolicyCommand({ repositoryName, policyText: '{"Statement":"none"}' });
        expect((await refusal(ecr.send(call))).name).toBe('InvalidParameterException');
      },
    },
    {
      operation: 'DeleteRepository',
      claim: 'does not know what is not there, and refuses images without force',
      source: reference('DeleteRepository'),
      async run(target) {
        const { ecr, repositoryName, push } = await repository(target);
        await push('latest');
        const notEmpty = await refusal(ecr.send(new DeleteRepositoryCommand({ repositoryName })));
        expect(notEmpty.name).toBe('RepositoryNotEmptyException');
        const missing = ecr.send(new DeleteRepositoryCommand({ repositoryName: target.name() }));
        expect((await refusal(missing)).name).toBe('RepositoryNotFoundException');
      },
    },
    {
      operation: 'GetRepositoryPolicy',
      beside: ['DeleteRepositoryPolicy'],
      claim: 'gives the policy that was set, until it is deleted',
      source: reference('GetRepositoryPolicy'),
      async run(target) {
        const { ecr, repositoryName } = await repository(target);
        const Principal = { AWS: `arn:aws:iam::${target.account}:root` };
        const Statement = [{ Sid: 'pull', Effect: 'Allow', Principal, Action: ['ecr:BatchGetImage'] }];
        const policyText = JSON.stringify({ Version: '2012-10-17', Statement });
        await ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText }));
        const get = async () => (await ecr.send(new GetRepositoryPolicyCommand({ repositoryName }))).policyText;
        expect(JSON.parse((await get()) as string).Statement).toHaveLength(1);
        await ecr.send(new DeleteRepositoryPolicyCommand({ repositoryName }));
        expect((await refusal(get())).name).toBe('RepositoryPolicyNotFoundException');
      },
    },
    {
      operation: 'DeleteLifecyclePolicy',
      claim: 'does not know a policy that was never put',
      source: reference('DeleteLifecyclePolicy'),
      async run(target) {
        const { ecr, repositoryName } = await repository(target);
        const call = new DeleteLifecyclePolicyCommand({ repositoryName });
        expect((await refusal(ecr.send(call))).name).toBe('LifecyclePolicyNotFoundException');
      },
    },
    {
      operation: 'PutImageScanningConfiguration',
      claim: 'is told by DescribeRepositories',
      source: reference('PutImageScanningConfiguration'),
      async run(target) {
        const { ecr, repositoryName } = await repository(target);
        const imageScanningConfiguration = { scanOnPush: true };
        await ecr.send(new PutImageScanningConfigurationCommand({ repositoryName, imageScanningConfiguration }));
        const { repositories } = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }));
        expect(repositories?.[0]?.imageScanningConfiguration).toEqual({ scanOnPush: true });
      },
    },
    {
      operation: 'PutImageTagMutability',
      beside: ['PutImage'],
      claim: 'lets no tag move once it is IMMUTABLE',
      source: 'ECR User Guide, Preventing image tags from being overwritten',
      async run(target) {
        const { ecr, repositoryName, push } = await repository(target);
        await push('v1', 'one');
        await ecr.send(new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: 'IMMUTABLE' }));
        expect((await refusal(push('v1', 'two'))).name).toBe('ImageTagAlreadyExistsException');
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
    {
      operation: 'TagResource',
      beside: ['UntagResource', 'ListTagsForResource'],
      claim: 'tags a repository by its ARN',
      source: reference('TagResource'),
      async run(target) {
        const { ecr, repository: made } = await repository(target);
        const resourceArn = made?.repositoryArn as string;
        const tags = [
          { Key: 'team', Value: 'a' },
          { Key: 'stage', Value: 'b' },
        ];
        await ecr.send(new TagResourceCommand({ resourceArn, tags }));
        await ecr.send(new UntagResourceCommand({ resourceArn, tagKeys: ['stage'] }));
        const listed = await ecr.send(new ListTagsForResourceCommand({ resourceArn }));
        expect(listed.tags).toEqual([{ Key: 'team', Value: 'a' }]);
      },
    },
  ],
};
