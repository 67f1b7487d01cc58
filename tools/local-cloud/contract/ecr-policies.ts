import {
  DeleteLifecyclePolicyCommand,
  DeleteRepositoryPolicyCommand,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  PutLifecyclePolicyCommand,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { reference, repository } from './ecr-support.ts';

/** Claims of a repository's policy and its lifecycle policy. */
export const policyClaims: readonly Claim[] = [
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
];
