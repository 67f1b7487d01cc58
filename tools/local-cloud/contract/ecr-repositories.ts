import {
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  ListTagsForResourceCommand,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecr';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { reference, repository } from './ecr-support.ts';

/** Claims of repositories: their names, settings, tags, and the way in. */
export const repositoryClaims: readonly Claim[] = [
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
];
