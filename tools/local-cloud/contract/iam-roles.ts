import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import { expect } from 'vitest';
import { type Claim, refusal, type Target } from './contract.ts';
import { list, policy, quotas, reference, tags } from './iam-support.ts';
import { document } from './role.ts';

const trust = document({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' });

/** A role of its own that Lambda may take. */
async function role(target: Target) {
  const iam = target.client(IAMClient);
  const RoleName = target.name();
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
  target.afterwards(() => iam.send(new DeleteRoleCommand({ RoleName })));
  return { iam, RoleName, Role };
}

/** Claims about roles. */
export const roleClaims: readonly Claim[] = [
  {
    operation: 'CreateRole',
    claim: 'answers an ARN and an id of its kind, and refuses the name a second time',
    source: 'IAM User Guide, IAM identifiers',
    async run(target) {
      const { iam, RoleName, Role } = await role(target);
      expect(Role?.Arn).toBe(`arn:aws:iam::${target.account}:role/${RoleName}`);
      expect(Role?.RoleId).toMatch(/^AROA/);
      const again = new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust });
      expect((await refusal(iam.send(again))).name).toBe('EntityAlreadyExistsException');
    },
  },
  {
    operation: 'CreateRole',
    claim: 'refuses a trust policy that is not one',
    source: reference('CreateRole'),
    async run(target) {
      const call = new CreateRoleCommand({ RoleName: target.name(), AssumeRolePolicyDocument: '{"Version":1}' });
      expect((await refusal(target.client(IAMClient).send(call))).name).toBe('MalformedPolicyDocumentException');
    },
  },
  {
    operation: 'CreateRole',
    claim: 'refuses a name of 65 characters',
    limit: '64 characters a role name',
    source: quotas,
    async run(target) {
      const RoleName = 'r'.repeat(65);
      const call = new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust });
      expect((await refusal(target.client(IAMClient).send(call))).name).toMatch(/^ValidationError/);
    },
  },
  {
    operation: 'GetRole',
    claim: 'does not know what is not there',
    source: reference('GetRole'),
    async run(target) {
      const call = new GetRoleCommand({ RoleName: target.name() });
      expect((await refusal(target.client(IAMClient).send(call))).name).toBe('NoSuchEntityException');
    },
  },
  {
    operation: 'PutRolePolicy',
    claim: 'keeps the document as it was given, URL-encoded in the answer',
    source: reference('GetRolePolicy'),
    async run(target) {
      const { iam, RoleName } = await role(target);
      const named = { RoleName, PolicyName: 'lists' };
      await iam.send(new PutRolePolicyCommand({ ...named, PolicyDocument: list }));
      target.afterwards(() => iam.send(new DeleteRolePolicyCommand(named)));
      const { PolicyDocument } = await iam.send(new GetRolePolicyCommand(named));
      expect(JSON.parse(decodeURIComponent(PolicyDocument as string))).toEqual(JSON.parse(list));
    },
  },
  {
    operation: 'PutRolePolicy',
    claim: 'refuses more than 10,240 characters of inline policies',
    limit: '10,240 characters a role',
    source: quotas,
    async run(target) {
      const { iam, RoleName } = await role(target);
      const Action = Array.from({ length: 600 }, (_, i) => `s3:GetObjectNumber${i}`);
      const PolicyDocument = document({ Effect: 'Allow', Action, Resource: '*' });
      const call = new PutRolePolicyCommand({ RoleName, PolicyName: 'long', PolicyDocument });
      expect((await refusal(iam.send(call))).name).toBe('LimitExceededException');
    },
  },
  {
    operation: 'DeleteRole',
    claim: 'refuses a role that still has a policy',
    source: reference('DeleteRole'),
    async run(target) {
      const { iam, RoleName } = await role(target);
      const { PolicyArn } = await policy(target);
      await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
      target.afterwards(() => iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })));
      expect((await refusal(iam.send(new DeleteRoleCommand({ RoleName })))).name).toBe('DeleteConflictException');
    },
  },
  {
    operation: 'AttachRolePolicy',
    claim: 'does not know a policy that is not there',
    source: reference('AttachRolePolicy'),
    async run(target) {
      const { iam, RoleName } = await role(target);
      const PolicyArn = `arn:aws:iam::${target.account}:policy/${target.name()}`;
      const call = new AttachRolePolicyCommand({ RoleName, PolicyArn });
      expect((await refusal(iam.send(call))).name).toBe('NoSuchEntityException');
    },
  },
  {
    operation: 'UpdateAssumeRolePolicy',
    beside: ['ListRoles'],
    claim: 'replaces who may take the role',
    source: reference('UpdateAssumeRolePolicy'),
    async run(target) {
      const { iam, RoleName } = await role(target);
      const PolicyDocument = trust.replace('lambda', 'scheduler');
      await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
      const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
      expect(decodeURIComponent(Role?.AssumeRolePolicyDocument as string)).toContain('scheduler.amazonaws.com');
      const { Roles } = await iam.send(new ListRolesCommand({ MaxItems: 1 }));
      expect(Roles).toHaveLength(1);
    },
  },
  {
    operation: 'UpdateRole',
    claim: 'changes description and longest session',
    source: reference('UpdateRole'),
    async run(target) {
      const { iam, RoleName } = await role(target);
      await iam.send(new UpdateRoleCommand({ RoleName, Description: 'mine', MaxSessionDuration: 7200 }));
      const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
      expect(Role).toMatchObject({ Description: 'mine', MaxSessionDuration: 7200 });
    },
  },
  {
    operation: 'PutRolePermissionsBoundary',
    beside: ['DeleteRolePermissionsBoundary'],
    claim: 'is told by GetRole until it is deleted',
    source: 'IAM User Guide, Permissions boundaries for IAM entities',
    async run(target) {
      const { iam, RoleName } = await role(target);
      const { PolicyArn } = await policy(target);
      await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: PolicyArn }));
      const boundary = async () =>
        (await iam.send(new GetRoleCommand({ RoleName }))).Role?.PermissionsBoundary?.PermissionsBoundaryArn;
      expect(await boundary()).toBe(PolicyArn);
      await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));
      expect(await boundary()).toBeUndefined();
    },
  },
  {
    operation: 'ListRolePolicies',
    beside: ['GetRolePolicy', 'DeleteRolePolicy'],
    claim: 'names inline policies of a role, until they are deleted',
    source: reference('ListRolePolicies'),
    async run(target) {
      const { iam, RoleName } = await role(target);
      const named = { RoleName, PolicyName: 'lists' };
      await iam.send(new PutRolePolicyCommand({ ...named, PolicyDocument: list }));
      const names = async () => (await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames;
      expect(await names()).toEqual(['lists']);
      await iam.send(new DeleteRolePolicyCommand(named));
      expect(await names()).toEqual([]);
      expect((await refusal(iam.send(new GetRolePolicyCommand(named)))).name).toBe('NoSuchEntityException');
    },
  },
  {
    operation: 'AttachRolePolicy',
    beside: ['ListAttachedRolePolicies', 'DetachRolePolicy', 'ListEntitiesForPolicy', 'GetPolicy'],
    claim: 'is seen from the role and from the policy',
    source: reference('ListEntitiesForPolicy'),
    async run(target) {
      const { iam, RoleName } = await role(target);
      const { PolicyArn } = await policy(target);
      await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
      const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
      const { PolicyRoles } = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn }));
      const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
      await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
      expect(AttachedPolicies?.map((one) => one.PolicyArn)).toEqual([PolicyArn]);
      expect(PolicyRoles?.map((one) => one.RoleName)).toEqual([RoleName]);
      expect(Policy?.AttachmentCount).toBe(1);
    },
  },
  {
    operation: 'TagRole',
    beside: ['UntagRole', 'ListRoleTags'],
    claim: 'replaces the value of a tag that is there',
    source: reference('TagRole'),
    async run(target) {
      const { iam, RoleName } = await role(target);
      await iam.send(new TagRoleCommand({ RoleName, Tags: [...tags('a'), { Key: 'stage', Value: 'b' }] }));
      await iam.send(new TagRoleCommand({ RoleName, Tags: tags('c') }));
      await iam.send(new UntagRoleCommand({ RoleName, TagKeys: ['stage'] }));
      expect((await iam.send(new ListRoleTagsCommand({ RoleName }))).Tags).toEqual(tags('c'));
    },
  },
];
