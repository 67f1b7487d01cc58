import type {
  DeleteLifecyclePolicyCommandInput,
  DeleteLifecyclePolicyCommandOutput,
  DeleteRepositoryPolicyCommandInput,
  DeleteRepositoryPolicyCommandOutput,
  GetLifecyclePolicyCommandInput,
  GetLifecyclePolicyCommandOutput,
  GetRepositoryPolicyCommandInput,
  GetRepositoryPolicyCommandOutput,
  PutImageScanningConfigurationCommandInput,
  PutImageScanningConfigurationCommandOutput,
  PutImageTagMutabilityCommandInput,
  PutImageTagMutabilityCommandOutput,
  PutLifecyclePolicyCommandInput,
  PutLifecyclePolicyCommandOutput,
  SetRepositoryPolicyCommandInput,
  SetRepositoryPolicyCommandOutput,
} from '@aws-sdk/client-ecr';
import { operation } from '../../service.ts';
import { onRepository } from './demands.ts';
import { ecrError } from './errors.ts';
import { checkLifecyclePolicy } from './lifecycle-policy.ts';
import { checkMutability } from './repository-operations.ts';
import { inRepository, type Repository, repositoryOf } from './state.ts';

function named(repository: Repository): { registryId: string; repositoryName: string } {
  return { registryId: repository.registryId, repositoryName: repository.name };
}

const setRepositoryPolicy = operation<SetRepositoryPolicyCommandInput, SetRepositoryPolicyCommandOutput>({
  demands: onRepository('SetRepositoryPolicy'),
  run(input, call) {
    const repository = repositoryOf(input, call);
    const policyText = input.policyText ?? '';
    // "SetRepositoryPolicy": 0 to 10,240 characters.
    if (policyText.length > 10_240) throw invalidPolicy('it has more than 10240 characters');
    const { Statement } = jsonObject(policyText, 'policyText') as { Statement?: unknown };
    for (const statement of [Statement ?? []].flat() as unknown[]) {
      if (typeof statement !== 'object' || statement === null) throw invalidPolicy('a statement is not an object');
      const missing = ['Effect', 'Principal', 'Action'].find(
        (name) => !(name in statement) && !(`Not${name}` in statement),
      );
      if (missing) throw invalidPolicy(`a statement has no ${missing}`);
    }
    if (Statement === undefined) throw invalidPolicy('it has no Statement');
    repository.policyText = policyText;
    return { ...named(repository), policyText };
  },
});

function invalidPolicy(reason: string): Error {
  return ecrError(
    'InvalidParameterException',
    `Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided' (${reason})`,
  );
}

function jsonObject(text: string, parameter: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Reported below, as any other text that is no JSON object.
  }
  throw ecrError(
    'InvalidParameterException',
    `Invalid parameter at '${parameter}' failed to satisfy constraint: 'must be a JSON object'`,
  );
}

const getRepositoryPolicy = operation<GetRepositoryPolicyCommandInput, GetRepositoryPolicyCommandOutput>({
  demands: onRepository('GetRepositoryPolicy'),
  run(input, call) {
    const repository = repositoryOf(input, call);
    return { ...named(repository), policyText: policyTextOf(repository) };
  },
});

const deleteRepositoryPolicy = operation<DeleteRepositoryPolicyCommandInput, DeleteRepositoryPolicyCommandOutput>({
  demands: onRepository('DeleteRepositoryPolicy'),
  run(input, call) {
    const repository = repositoryOf(input, call);
    const policyText = policyTextOf(repository);
    delete repository.policyText;
    return { ...named(repository), policyText };
  },
});

function policyTextOf(repository: Repository): string {
  if (repository.policyText !== undefined) return repository.policyText;
  throw ecrError(
    'RepositoryPolicyNotFoundException',
    `Repository policy does not exist for ${inRepository(repository)}`,
  );
}

const putLifecyclePolicy = operation<PutLifecyclePolicyCommandInput, PutLifecyclePolicyCommandOutput>({
  demands: onRepository('PutLifecyclePolicy'),
  run(input, call) {
    const repository = repositoryOf(input, call);
    const text = input.lifecyclePolicyText ?? '';
    checkLifecyclePolicy(text, jsonObject(text, 'LifecyclePolicyText'));
    repository.lifecycle = { text, since: new Date(call.cloud.clock.now()) };
    call.cloud.log(`ecr: the lifecycle policy of ${repository.name} is kept but not executed: no image expires here`);
    return { ...named(repository), lifecyclePolicyText: text };
  },
});

function lifecycleOf(repository: Repository): NonNullable<Repository['lifecycle']> {
  if (repository.lifecycle) return repository.lifecycle;
  throw ecrError('LifecyclePolicyNotFoundException', `Lifecycle policy does not exist for ${inRepository(repository)}`);
}

const getLifecyclePolicy = operation<GetLifecyclePolicyCommandInput, GetLifecyclePolicyCommandOutput>({
  demands: onRepository('GetLifecyclePolicy'),
  run(input, call) {
    const repository = repositoryOf(input, call);
    const { text, since } = lifecycleOf(repository);
    return { ...named(repository), lifecyclePolicyText: text, lastEvaluatedAt: since };
  },
});

const deleteLifecyclePolicy = operation<DeleteLifecyclePolicyCommandInput, DeleteLifecyclePolicyCommandOutput>({
  demands: onRepository('DeleteLifecyclePolicy'),
  run(input, call) {
    const repository = repositoryOf(input, call);
    const { text, since } = lifecycleOf(repository);
    delete repository.lifecycle;
    return { ...named(repository), lifecyclePolicyText: text, lastEvaluatedAt: since };
  },
});

const putImageScanningConfiguration = operation<
  PutImageScanningConfigurationCommandInput,
  PutImageScanningConfigurationCommandOutput
>({
  demands: onRepository('PutImageScanningConfiguration'),
  run(input, call) {
    const repository = repositoryOf(input, call);
    repository.scanOnPush = input.imageScanningConfiguration?.scanOnPush ?? false;
    return { ...named(repository), imageScanningConfiguration: { scanOnPush: repository.scanOnPush } };
  },
});

const putImageTagMutability = operation<PutImageTagMutabilityCommandInput, PutImageTagMutabilityCommandOutput>({
  demands: onRepository('PutImageTagMutability'),
  run(input, call) {
    const repository = repositoryOf(input, call);
    repository.mutability = checkMutability(input.imageTagMutability ?? 'MUTABLE');
    return { ...named(repository), imageTagMutability: repository.mutability };
  },
});

export const repositorySettings = {
  SetRepositoryPolicy: setRepositoryPolicy,
  GetRepositoryPolicy: getRepositoryPolicy,
  DeleteRepositoryPolicy: deleteRepositoryPolicy,
  PutLifecyclePolicy: putLifecyclePolicy,
  GetLifecyclePolicy: getLifecyclePolicy,
  DeleteLifecyclePolicy: deleteLifecyclePolicy,
  PutImageScanningConfiguration: putImageScanningConfiguration,
  PutImageTagMutability: putImageTagMutability,
};
