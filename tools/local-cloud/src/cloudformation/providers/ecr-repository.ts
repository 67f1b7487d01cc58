import { isDeepStrictEqual } from 'node:util';
import type { CreateRepositoryCommandOutput, DescribeRepositoriesCommandOutput, Repository } from '@aws-sdk/client-ecr';
import { physicalName } from '../physical-name.ts';
import type { Properties, ResourceProvider, ResourceRequest, ResourceResult } from '../provider.ts';
import { policyText, tagChanges, unlessGone } from './calls.ts';

export const ecrRepository: ResourceProvider = {
  type: 'AWS::ECR::Repository',
  properties: [
    'EmptyOnDelete',
    'EncryptionConfiguration',
    'ImageScanningConfiguration',
    'ImageTagMutability',
    'ImageTagMutabilityExclusionFilters',
    'LifecyclePolicy',
    'RepositoryName',
    'RepositoryPolicyText',
    'Tags',
  ],
  async create(request) {
    const { EncryptionConfiguration: encryption, Tags = [] } = request.properties;
    const repositoryName =
      request.properties['RepositoryName'] ?? physicalName(request, { longest: 256, letters: 'lower' });
    const input = {
      repositoryName,
      ...mutabilityOf(request.properties),
      ...scanningOf(request.properties),
      ...(encryption && {
        encryptionConfiguration: { encryptionType: encryption.EncryptionType, kmsKey: encryption.KmsKey },
      }),
      tags: Tags,
    };
    const { repository } = await request.call<CreateRepositoryCommandOutput>('ecr', 'CreateRepository', input);
    request.created(repositoryName);
    await changePolicies(request, repositoryName, {});
    return resultOf(repository);
  },
  async update(request) {
    const { physicalId: repositoryName, properties, previous } = request;
    await changePolicies(request, repositoryName, previous);
    if (!isDeepStrictEqual(mutabilityOf(properties), mutabilityOf(previous))) {
      const settings = { imageTagMutability: 'MUTABLE', ...mutabilityOf(properties) };
      await request.call('ecr', 'PutImageTagMutability', { repositoryName, ...settings });
    }
    if (!isDeepStrictEqual(scanningOf(properties), scanningOf(previous))) {
      const settings = { imageScanningConfiguration: { scanOnPush: false }, ...scanningOf(properties) };
      await request.call('ecr', 'PutImageScanningConfiguration', { repositoryName, ...settings });
    }
    const { repositories } = await request.call<DescribeRepositoriesCommandOutput>('ecr', 'DescribeRepositories', {
      repositoryNames: [repositoryName],
    });
    const [repository] = repositories ?? [];
    const { set, removed } = tagChanges(previous['Tags'], properties['Tags']);
    const resourceArn = repository?.repositoryArn;
    if (removed.length > 0) await request.call('ecr', 'UntagResource', { resourceArn, tagKeys: removed });
    if (set.length > 0) await request.call('ecr', 'TagResource', { resourceArn, tags: set });
    return resultOf(repository);
  },
  async delete(request) {
    const force = request.properties['EmptyOnDelete'] === true;
    await unlessGone(['RepositoryNotFoundException'], () =>
      request.call('ecr', 'DeleteRepository', { repositoryName: request.physicalId, force }),
    );
  },
};

function mutabilityOf({ ImageTagMutability, ImageTagMutabilityExclusionFilters: filters }: Properties): object {
  return {
    ...(ImageTagMutability && { imageTagMutability: ImageTagMutability }),
    ...(filters && {
      imageTagMutabilityExclusionFilters: filters.map((filter: Properties) => ({
        filterType: filter['ImageTagMutabilityExclusionFilterType'],
        filter: filter['ImageTagMutabilityExclusionFilterValue'],
      })),
    }),
  };
}

function scanningOf({ ImageScanningConfiguration: scanning }: Properties): object {
  return scanning ? { imageScanningConfiguration: { scanOnPush: scanning.ScanOnPush } } : {};
}

async function changePolicies(request: ResourceRequest, repositoryName: string, previous: Properties): Promise<void> {
  const { RepositoryPolicyText, LifecyclePolicy } = request.properties;
  if (RepositoryPolicyText) {
    const policyTextInput = { repositoryName, policyText: policyText(RepositoryPolicyText) };
    await request.call('ecr', 'SetRepositoryPolicy', policyTextInput);
  } else if (previous['RepositoryPolicyText']) {
    await request.call('ecr', 'DeleteRepositoryPolicy', { repositoryName });
  }
  if (LifecyclePolicy) {
    const { LifecyclePolicyText: lifecyclePolicyText, RegistryId: registryId } = LifecyclePolicy;
    await request.call('ecr', 'PutLifecyclePolicy', { repositoryName, registryId, lifecyclePolicyText });
  } else if (previous['LifecyclePolicy']) {
    await request.call('ecr', 'DeleteLifecyclePolicy', { repositoryName });
  }
}

function resultOf(repository: Repository | undefined): ResourceResult {
  return {
    physicalId: repository?.repositoryName ?? '',
    attributes: { Arn: repository?.repositoryArn, RepositoryUri: repository?.repositoryUri },
  };
}
