import type {
  CreateRepositoryCommandInput,
  CreateRepositoryCommandOutput,
  DeleteRepositoryCommandInput,
  DeleteRepositoryCommandOutput,
  DescribeRepositoriesCommandInput,
  DescribeRepositoriesCommandOutput,
  ImageTagMutability,
  Repository as RepositoryDescription,
} from '@aws-sdk/client-ecr';
import { operation } from '../../service.ts';
import { onRepository, repositoryDemand } from './demands.ts';
import { ecrError, unsupported } from './errors.ts';
import { pageOf } from './pages.ts';
import { inRepository, type Repository, registryHost, registryOf, repositoryArn, repositoryOf } from './state.ts';
import { checkTags } from './tags.ts';

/** "CreateRepository", repositoryName: 2 to 256 characters of this form. */
const namePattern = '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*';

const createRepository = operation<CreateRepositoryCommandInput, CreateRepositoryCommandOutput>({
  demands: (input, call) => [
    repositoryDemand('CreateRepository', input, call),
    ...(input.tags?.length ? [repositoryDemand('TagResource', input, call)] : []),
  ],
  run(input, call) {
    const name = input.repositoryName ?? '';
    if (name.length < 2 || name.length > 256 || !new RegExp(`^${namePattern}$`).test(name)) {
      throw ecrError(
        'InvalidParameterException',
        `Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '${namePattern}''`,
      );
    }
    if (input.encryptionConfiguration?.kmsKey) {
      throw unsupported('customer managed KMS keys', 'leave kmsKey out, there is no KMS beside it');
    }
    const registry = registryOf(call.cloud, call.account, call.region);
    if (registry.has(name)) {
      throw ecrError(
        'RepositoryAlreadyExistsException',
        `The repository with name '${name}' already exists in the registry with id '${call.account}'`,
      );
    }
    checkTags(input.tags ?? []);
    const repository: Repository = {
      name,
      registryId: call.account,
      region: call.region,
      createdAt: new Date(call.cloud.clock.now()),
      encryptionType: input.encryptionConfiguration?.encryptionType === 'KMS' ? 'KMS' : 'AES256',
      mutability: checkMutability(input.imageTagMutability ?? 'MUTABLE'),
      scanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false,
      tags: [...(input.tags ?? [])],
      images: new Map(),
      imageTags: new Map(),
      layers: new Map(),
      uploads: new Map(),
    };
    registry.set(name, repository);
    return { repository: describe(repository) };
  },
});

export function checkMutability(mutability: ImageTagMutability): ImageTagMutability {
  if (mutability === 'MUTABLE' || mutability === 'IMMUTABLE') return mutability;
  throw unsupported(`the tag mutability ${mutability}`, 'use MUTABLE or IMMUTABLE');
}

function describe(repository: Repository): RepositoryDescription {
  const { name, registryId, region } = repository;
  return {
    repositoryArn: repositoryArn(registryId, region, name),
    registryId,
    repositoryName: name,
    repositoryUri: `${registryHost(registryId, region)}/${name}`,
    createdAt: repository.createdAt,
    imageTagMutability: repository.mutability,
    imageScanningConfiguration: { scanOnPush: repository.scanOnPush },
    encryptionConfiguration: { encryptionType: repository.encryptionType },
  };
}

const describeRepositories = operation<DescribeRepositoriesCommandInput, DescribeRepositoriesCommandOutput>({
  demands: (input, call) =>
    (input.repositoryNames ?? ['*']).map((repositoryName) =>
      repositoryDemand('DescribeRepositories', { repositoryName, registryId: input.registryId }, call),
    ),
  run(input, call) {
    const { registryId } = input;
    if (input.repositoryNames) {
      const named = input.repositoryNames.map((repositoryName) => repositoryOf({ repositoryName, registryId }, call));
      return { repositories: named.map(describe) };
    }
    const all = [...registryOf(call.cloud, registryId ?? call.account, call.region).values()];
    const { page, ...next } = pageOf(
      all.sort((a, b) => (a.name < b.name ? -1 : 1)),
      input,
    );
    return { repositories: page.map(describe), ...next };
  },
});

const deleteRepository = operation<DeleteRepositoryCommandInput, DeleteRepositoryCommandOutput>({
  demands: onRepository('DeleteRepository'),
  run(input, call) {
    const repository = repositoryOf(input, call);
    if (repository.images.size > 0 && !input.force) {
      const named = inRepository(repository)
        .replace('the repository', 'The repository')
        .replace('in the registry', 'in registry');
      throw ecrError('RepositoryNotEmptyException', `${named} cannot be deleted because it still contains images`);
    }
    registryOf(call.cloud, repository.registryId, call.region).delete(repository.name);
    return { repository: describe(repository) };
  },
});

export const repositoryOperations = {
  CreateRepository: createRepository,
  DescribeRepositories: describeRepositories,
  DeleteRepository: deleteRepository,
};
