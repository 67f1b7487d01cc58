import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteGroupCommand,
  DeleteGroupPolicyCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DeleteUserPermissionsBoundaryCommand,
  DeleteUserPolicyCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  GetGroupCommand,
  GetGroupPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListGroupPoliciesCommand,
  ListGroupsCommand,
  ListGroupsForUserCommand,
  ListPoliciesCommand,
  ListPolicyTagsCommand,
  ListPolicyVersionsCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
  ListUserTagsCommand,
  PutGroupPolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
  SetDefaultPolicyVersionCommand,
  TagPolicyCommand,
  TagRoleCommand,
  TagUserCommand,
  UntagPolicyCommand,
  UntagRoleCommand,
  UntagUserCommand,
  UpdateAccessKeyCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import { expect } from 'vitest';
import { iam as service } from '../src/services/iam/service.ts';
import { type Contract, refusal, type Target } from './contract.ts';

const reference = (operation: string) => `IAM API Reference, ${operation}`;
const quotas = 'IAM User Guide, IAM and AWS STS quotas';
const document = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
const trust = document({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' });
const list = document({ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' });

const tags = (Value: string) => [{ Key: 'team', Value }];

async function role(target: Target) {
  const iam = target.client(IAMClient);
  const RoleName = target.name();
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
  target.afterwards(() => iam.send(new DeleteRoleCommand({ RoleName })));
  return { iam, RoleName, Role };
}

async function user(target: Target) {
  const iam = target.client(IAMClient);
  const UserName = target.name();
  await iam.send(new CreateUserCommand({ UserName }));
  target.afterwards(() => iam.send(new DeleteUserCommand({ UserName })));
  return { iam, UserName };
}

async function group(target: Target) {
  const iam = target.client(IAMClient);
  const GroupName = target.name();
  await iam.send(new CreateGroupCommand({ GroupName }));
  target.afterwards(() => iam.send(new DeleteGroupCommand({ GroupName })));
  return { iam, GroupName };
}

async function policy(target: Target) {
  const iam = target.client(IAMClient);
  const PolicyName = target.name();
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: list }));
  const PolicyArn = Policy?.Arn as string;
  target.afterwards(() => iam.send(new DeletePolicyCommand({ PolicyArn })));
  return { iam, PolicyName, PolicyArn };
}

export const iam: Contract = {
  service,
  claims: [
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
      operation: 'CreateUser',
      claim: 'refuses a name that is taken, in whatever case',
      source: reference('CreateUser'),
      async run(target) {
        const iam = target.client(IAMClient);
        const UserName = target.name();
        await iam.send(new CreateUserCommand({ UserName }));
        target.afterwards(() => iam.send(new DeleteUserCommand({ UserName })));
        const again = new CreateUserCommand({ UserName: UserName.toUpperCase() });
        expect((await refusal(iam.send(again))).name).toBe('EntityAlreadyExistsException');
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
      operation: 'PutUserPermissionsBoundary',
      beside: ['DeleteUserPermissionsBoundary', 'GetUser'],
      claim: 'is told by GetUser until it is deleted',
      source: 'IAM User Guide, Permissions boundaries for IAM entities',
      async run(target) {
        const { iam, UserName } = await user(target);
        const { PolicyArn } = await policy(target);
        await iam.send(new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary: PolicyArn }));
        const boundary = async () =>
          (await iam.send(new GetUserCommand({ UserName }))).User?.PermissionsBoundary?.PermissionsBoundaryArn;
        expect(await boundary()).toBe(PolicyArn);
        await iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName }));
        expect(await boundary()).toBeUndefined();
      },
    },
    {
      operation: 'DeleteUser',
      beside: ['ListUsers'],
      claim: 'refuses a user who still has a key',
      source: reference('DeleteUser'),
      async run(target) {
        const { iam, UserName } = await user(target);
        const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
        const AccessKeyId = AccessKey?.AccessKeyId;
        target.afterwards(() => iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId })));
        expect((await refusal(iam.send(new DeleteUserCommand({ UserName })))).name).toBe('DeleteConflictException');
        const { Users = [] } = await iam.send(new ListUsersCommand({}));
        expect(Users.length).toBeGreaterThan(0);
      },
    },
    {
      operation: 'CreateAccessKey',
      beside: ['ListAccessKeys', 'UpdateAccessKey', 'DeleteAccessKey'],
      claim: 'gives a user two keys and no third; one can be switched off',
      limit: '2 access keys a user',
      source: quotas,
      async run(target) {
        const { iam, UserName } = await user(target);
        const create = async () => {
          const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
          const AccessKeyId = AccessKey?.AccessKeyId as string;
          target.afterwards(() => iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId })));
          return AccessKeyId;
        };
        const first = await create();
        await create();
        expect((await refusal(create())).name).toBe('LimitExceededException');
        await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId: first, Status: 'Inactive' }));
        const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName }));
        expect(AccessKeyMetadata?.find((key) => key.AccessKeyId === first)?.Status).toBe('Inactive');
        expect(AccessKeyMetadata).toHaveLength(2);
      },
    },
    {
      operation: 'AddUserToGroup',
      beside: ['CreateGroup', 'GetGroup', 'ListGroups', 'ListGroupsForUser', 'RemoveUserFromGroup', 'DeleteGroup'],
      claim: 'is seen from the group and from the user; a group with users can not be deleted',
      source: reference('DeleteGroup'),
      async run(target) {
        const { iam, UserName } = await user(target);
        const { GroupName } = await group(target);
        const member = { GroupName, UserName };
        await iam.send(new AddUserToGroupCommand(member));
        target.afterwards(() => iam.send(new RemoveUserFromGroupCommand(member)));
        const { Users } = await iam.send(new GetGroupCommand({ GroupName }));
        const { Groups } = await iam.send(new ListGroupsForUserCommand({ UserName }));
        expect([Users?.map((one) => one.UserName), Groups?.map((one) => one.GroupName)]).toEqual([
          [UserName],
          [GroupName],
        ]);
        expect((await refusal(iam.send(new DeleteGroupCommand({ GroupName })))).name).toBe('DeleteConflictException');
        expect((await iam.send(new ListGroupsCommand({}))).Groups?.length).toBeGreaterThan(0);
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
      operation: 'PutUserPolicy',
      beside: ['GetUserPolicy', 'ListUserPolicies', 'DeleteUserPolicy'],
      claim: 'keeps an inline policy of a user, until it is deleted',
      source: reference('PutUserPolicy'),
      async run(target) {
        const { iam, UserName } = await user(target);
        const named = { UserName, PolicyName: 'lists' };
        await iam.send(new PutUserPolicyCommand({ ...named, PolicyDocument: list }));
        expect((await iam.send(new ListUserPoliciesCommand({ UserName }))).PolicyNames).toEqual(['lists']);
        await iam.send(new GetUserPolicyCommand(named));
        await iam.send(new DeleteUserPolicyCommand(named));
        expect((await refusal(iam.send(new GetUserPolicyCommand(named)))).name).toBe('NoSuchEntityException');
      },
    },
    {
      operation: 'PutGroupPolicy',
      beside: ['GetGroupPolicy', 'ListGroupPolicies', 'DeleteGroupPolicy'],
      claim: 'keeps an inline policy of a group, until it is deleted',
      source: reference('PutGroupPolicy'),
      async run(target) {
        const { iam, GroupName } = await group(target);
        const named = { GroupName, PolicyName: 'lists' };
        await iam.send(new PutGroupPolicyCommand({ ...named, PolicyDocument: list }));
        expect((await iam.send(new ListGroupPoliciesCommand({ GroupName }))).PolicyNames).toEqual(['lists']);
        await iam.send(new GetGroupPolicyCommand(named));
        await iam.send(new DeleteGroupPolicyCommand(named));
        expect((await refusal(iam.send(new GetGroupPolicyCommand(named)))).name).toBe('NoSuchEntityException');
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
      operation: 'AttachUserPolicy',
      beside: ['ListAttachedUserPolicies', 'DetachUserPolicy'],
      claim: 'attaches once, however often it is called',
      source: reference('AttachUserPolicy'),
      async run(target) {
        const { iam, UserName } = await user(target);
        const { PolicyArn } = await policy(target);
        await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
        await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
        const { AttachedPolicies } = await iam.send(new ListAttachedUserPoliciesCommand({ UserName }));
        await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
        expect(AttachedPolicies?.map((one) => one.PolicyArn)).toEqual([PolicyArn]);
      },
    },
    {
      operation: 'AttachGroupPolicy',
      beside: ['ListAttachedGroupPolicies', 'DetachGroupPolicy'],
      claim: 'can not be taken back twice',
      source: reference('DetachGroupPolicy'),
      async run(target) {
        const { iam, GroupName } = await group(target);
        const { PolicyArn } = await policy(target);
        await iam.send(new AttachGroupPolicyCommand({ GroupName, PolicyArn }));
        const { AttachedPolicies } = await iam.send(new ListAttachedGroupPoliciesCommand({ GroupName }));
        expect(AttachedPolicies).toHaveLength(1);
        const detach = () => iam.send(new DetachGroupPolicyCommand({ GroupName, PolicyArn }));
        await detach();
        expect((await refusal(detach())).name).toBe('NoSuchEntityException');
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
    {
      operation: 'TagUser',
      beside: ['UntagUser', 'ListUserTags'],
      claim: 'keeps tags until they are taken away',
      source: reference('TagUser'),
      async run(target) {
        const { iam, UserName } = await user(target);
        await iam.send(new TagUserCommand({ UserName, Tags: tags('a') }));
        expect((await iam.send(new ListUserTagsCommand({ UserName }))).Tags).toEqual(tags('a'));
        await iam.send(new UntagUserCommand({ UserName, TagKeys: ['team'] }));
        expect((await iam.send(new ListUserTagsCommand({ UserName }))).Tags).toEqual([]);
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
  ],
};
