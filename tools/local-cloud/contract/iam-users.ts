import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteGroupCommand,
  DeleteGroupPolicyCommand,
  DeleteUserCommand,
  DeleteUserPermissionsBoundaryCommand,
  DeleteUserPolicyCommand,
  DetachGroupPolicyCommand,
  DetachUserPolicyCommand,
  GetGroupCommand,
  GetGroupPolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedGroupPoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupPoliciesCommand,
  ListGroupsCommand,
  ListGroupsForUserCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
  ListUserTagsCommand,
  PutGroupPolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
  TagUserCommand,
  UntagUserCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { expect } from 'vitest';
import { type Claim, refusal, type Target } from './contract.ts';
import { list, policy, quotas, reference, tags } from './iam-support.ts';

/** A user of its own. */
async function user(target: Target) {
  const iam = target.client(IAMClient);
  const UserName = target.name();
  await iam.send(new CreateUserCommand({ UserName }));
  target.afterwards(() => iam.send(new DeleteUserCommand({ UserName })));
  return { iam, UserName };
}

/** A group of its own. */
async function group(target: Target) {
  const iam = target.client(IAMClient);
  const GroupName = target.name();
  await iam.send(new CreateGroupCommand({ GroupName }));
  target.afterwards(() => iam.send(new DeleteGroupCommand({ GroupName })));
  return { iam, GroupName };
}

/** Claims about users and groups. */
export const userClaims: readonly Claim[] = [
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
];
