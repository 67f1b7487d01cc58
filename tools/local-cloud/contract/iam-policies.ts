import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  GetPolicyVersionCommand,
  ListPoliciesCommand,
  ListPolicyTagsCommand,
  ListPolicyVersionsCommand,
  SetDefaultPolicyVersionCommand,
  TagPolicyCommand,
  UntagPolicyCommand,
} from '@aws-sdk/client-iam';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { list, policy, quotas, reference, tags } from './iam-support.ts';

/** Claims about managed policies. */
export const policyClaims: readonly Claim[] = [
  {
    operation: 'CreatePolicyVersion',
    claim: 'keeps five versions and refuses a sixth',
    limit: '5 versions a policy',
    source: quotas,
    async run(target) {
      const { iam, PolicyArn } = await policy(target);
      const add = () => iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: list }));
      for (let i = 0; i < 4; i += 1) {
        const VersionId = (await add()).PolicyVersion?.VersionId as string;
        target.afterwards(() => iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId })));
      }
      expect((await refusal(add())).name).toBe('LimitExceededException');
      const { Versions } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
      expect(Versions?.filter((one) => one.IsDefaultVersion).map((one) => one.VersionId)).toEqual(['v1']);
    },
  },
  {
    operation: 'CreatePolicy',
    beside: ['ListPolicies', 'DeletePolicy'],
    claim: 'refuses a name that is taken, and lists own policies apart from those of AWS',
    source: reference('ListPolicies'),
    async run(target) {
      const { iam, PolicyName, PolicyArn } = await policy(target);
      const again = new CreatePolicyCommand({ PolicyName, PolicyDocument: list });
      expect((await refusal(iam.send(again))).name).toBe('EntityAlreadyExistsException');
      const { Policies } = await iam.send(new ListPoliciesCommand({ Scope: 'Local', MaxItems: 1000 }));
      expect(Policies?.map(({ Arn }) => Arn)).toContain(PolicyArn);
      expect(Policies?.every(({ Arn }) => !Arn?.startsWith('arn:aws:iam::aws:'))).toBe(true);
    },
  },
  {
    operation: 'SetDefaultPolicyVersion',
    beside: ['GetPolicyVersion', 'DeletePolicyVersion', 'ListPolicyVersions'],
    claim: 'makes another version the one that counts; that one can not be deleted',
    source: reference('DeletePolicyVersion'),
    async run(target) {
      const { iam, PolicyArn } = await policy(target);
      const { PolicyVersion } = await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: list }));
      const VersionId = PolicyVersion?.VersionId as string;
      await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId }));
      target.afterwards(async () => {
        await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
        await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
      });
      const read = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
      expect(read.PolicyVersion?.IsDefaultVersion).toBe(true);
      const { Versions } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
      expect(Versions).toHaveLength(2);
      const call = iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
      expect((await refusal(call)).name).toBe('DeleteConflictException');
    },
  },
  {
    operation: 'TagPolicy',
    beside: ['UntagPolicy', 'ListPolicyTags'],
    claim: 'keeps tags until they are taken away',
    source: reference('TagPolicy'),
    async run(target) {
      const { iam, PolicyArn } = await policy(target);
      await iam.send(new TagPolicyCommand({ PolicyArn, Tags: tags('a') }));
      expect((await iam.send(new ListPolicyTagsCommand({ PolicyArn }))).Tags).toEqual(tags('a'));
      await iam.send(new UntagPolicyCommand({ PolicyArn, TagKeys: ['team'] }));
      expect((await iam.send(new ListPolicyTagsCommand({ PolicyArn }))).Tags).toEqual([]);
    },
  },
];
