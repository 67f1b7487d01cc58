import {
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  GetLifecyclePolicyCommand,
  PutLifecyclePolicyCommand,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr';
import { expect } from 'vitest';
import { ecr as service } from '../src/services/ecr/service.ts';
import { type Contract, refusal, type Target } from './contract.ts';

const reference = (operation: string) => `ECR API Reference, ${operation}`;

async function repository(target: Target) {
  const ecr = target.client(ECRClient);
  const repositoryName = target.name();
  const { repository } = await ecr.send(new CreateRepositoryCommand({ repositoryName }));
  target.afterwards(() => ecr.send(new DeleteRepositoryCommand({ repositoryName, force: true })));
  return { ecr, repositoryName, repository };
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
  ],
};
