import type { Call, Demand } from '../../service.ts';
import { findRepository, policyOf, repositoryArn } from './state.ts';

interface RepositoryInput {
  readonly registryId?: string | undefined;
  readonly repositoryName: string | undefined;
}

/** Demands `ecr:<action>` on the repository the input names, whose own policy has a say, too. */
export function onRepository(action: string) {
  return (input: RepositoryInput, call: Call): readonly Demand[] => [repositoryDemand(action, input, call)];
}

export function repositoryDemand(action: string, input: RepositoryInput, call: Call): Demand {
  return {
    action: `ecr:${action}`,
    resource: repositoryArn(input.registryId ?? call.account, call.region, input.repositoryName ?? ''),
    resourcePolicy: policyOf(findRepository(input, call)),
  };
}
