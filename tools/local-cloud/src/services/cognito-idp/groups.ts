import type {
  AdminAddUserToGroupCommandInput,
  AdminAddUserToGroupCommandOutput,
  AdminListGroupsForUserCommandInput,
  AdminListGroupsForUserCommandOutput,
  AdminRemoveUserFromGroupCommandInput,
  AdminRemoveUserFromGroupCommandOutput,
  CreateGroupCommandInput,
  CreateGroupCommandOutput,
  DeleteGroupCommandInput,
  DeleteGroupCommandOutput,
  GetGroupCommandInput,
  GetGroupCommandOutput,
  GroupType,
  ListGroupsCommandInput,
  ListGroupsCommandOutput,
  ListUsersInGroupCommandInput,
  ListUsersInGroupCommandOutput,
  UpdateGroupCommandInput,
  UpdateGroupCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import { between, lengthBetween, matches } from '../../constraints.ts';
import { AwsError } from '../../errors.ts';
import { passRoleDemand } from '../../iam/pass-role.ts';
import { type Call, operation } from '../../service.ts';
import { validate } from './errors.ts';
import { page } from './paging.ts';
import { onPool, poolOf, userOf } from './references.ts';
import type { Group, UserPool } from './state.ts';
import { listed } from './user-view.ts';

function writing(action: string) {
  return (input: CreateGroupCommandInput, call: Call) => [
    ...onPool(action)(input, call),
    ...(input.RoleArn ? [passRoleDemand(input.RoleArn, 'cognito-idp.amazonaws.com')] : []),
  ];
}

export const createGroup = operation<CreateGroupCommandInput, CreateGroupCommandOutput>({
  demands: writing('CreateGroup'),
  run(input, call) {
    const pool = poolOf(input, call);
    const { GroupName = '', Description, RoleArn, Precedence } = input;
    check(input);
    if (pool.groups.has(GroupName)) {
      throw new AwsError('GroupExistsException', 'A group with the name already exists.');
    }
    const now = new Date(call.cloud.clock.now());
    const stated = { ...(Description !== undefined && { Description }), ...(RoleArn && { RoleArn }) };
    const group: Group = {
      GroupName,
      ...stated,
      ...(Precedence !== undefined && { Precedence }),
      CreationDate: now,
      LastModifiedDate: now,
      members: new Set(),
    };
    pool.groups.set(GroupName, group);
    return { Group: described(pool, group) };
  },
});

export const getGroup = operation<GetGroupCommandInput, GetGroupCommandOutput>({
  demands: onPool('GetGroup'),
  run(input, call) {
    const pool = poolOf(input, call);
    return { Group: described(pool, groupOf(pool, input.GroupName)) };
  },
});

export const updateGroup = operation<UpdateGroupCommandInput, UpdateGroupCommandOutput>({
  demands: writing('UpdateGroup'),
  run(input, call) {
    const pool = poolOf(input, call);
    check(input);
    const { Description, RoleArn, Precedence } = input;
    const group = groupOf(pool, input.GroupName);
    const updated: Group = {
      ...group,
      ...(Description !== undefined && { Description }),
      ...(RoleArn !== undefined && { RoleArn }),
      ...(Precedence !== undefined && { Precedence }),
      LastModifiedDate: new Date(call.cloud.clock.now()),
    };
    pool.groups.set(group.GroupName as string, updated);
    return { Group: described(pool, updated) };
  },
});

export const deleteGroup = operation<DeleteGroupCommandInput, DeleteGroupCommandOutput>({
  demands: onPool('DeleteGroup'),
  run(input, call) {
    const pool = poolOf(input, call);
    pool.groups.delete(groupOf(pool, input.GroupName).GroupName as string);
    return {};
  },
});

export const listGroups = operation<ListGroupsCommandInput, ListGroupsCommandOutput>({
  demands: onPool('ListGroups'),
  run(input, call) {
    const pool = poolOf(input, call);
    return groupPage(pool, [...pool.groups.values()], input);
  },
});

export const adminListGroupsForUser = operation<
  AdminListGroupsForUserCommandInput,
  AdminListGroupsForUserCommandOutput
>({
  demands: onPool('AdminListGroupsForUser'),
  run(input, call) {
    const pool = poolOf(input, call);
    return groupPage(pool, groupsOf(pool, userOf(pool, input.Username).name), input);
  },
});

export const adminAddUserToGroup = operation<AdminAddUserToGroupCommandInput, AdminAddUserToGroupCommandOutput>({
  demands: onPool('AdminAddUserToGroup'),
  run(input, call) {
    const pool = poolOf(input, call);
    const group = groupOf(pool, input.GroupName);
    group.members.add(userOf(pool, input.Username).name);
    return {};
  },
});

export const adminRemoveUserFromGroup = operation<
  AdminRemoveUserFromGroupCommandInput,
  AdminRemoveUserFromGroupCommandOutput
>({
  demands: onPool('AdminRemoveUserFromGroup'),
  run(input, call) {
    const pool = poolOf(input, call);
    groupOf(pool, input.GroupName).members.delete(userOf(pool, input.Username).name);
    return {};
  },
});

export const listUsersInGroup = operation<ListUsersInGroupCommandInput, ListUsersInGroupCommandOutput>({
  demands: onPool('ListUsersInGroup'),
  run(input, call) {
    validate(between('limit', input.Limit, 0, 60));
    const pool = poolOf(input, call);
    const { members } = groupOf(pool, input.GroupName);
    const users = [...members].flatMap((name) => pool.users.get(name) ?? []);
    const { items, next } = page(users, ({ name }) => name, input.Limit || 60, input.NextToken);
    return { Users: items.map((user) => listed(user)), ...(next !== undefined && { NextToken: next }) };
  },
});

/** A user's groups, the one that counts most first: "The group with the lowest precedence value"; without one, last. */
export function groupsOf(pool: UserPool, username: string): readonly Group[] {
  const rank = ({ Precedence }: Group) => Precedence ?? Number.POSITIVE_INFINITY;
  return [...pool.groups.values()]
    .filter(({ members }) => members.has(username))
    .sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
}

function groupPage(
  pool: UserPool,
  groups: readonly Group[],
  { Limit, NextToken }: { readonly Limit?: number | undefined; readonly NextToken?: string | undefined },
) {
  validate(between('limit', Limit, 0, 60));
  const { items, next } = page(groups, ({ GroupName = '' }) => GroupName, Limit || 60, NextToken);
  return { Groups: items.map((group) => described(pool, group)), ...(next !== undefined && { NextToken: next }) };
}

function check({ GroupName, Description, Precedence }: CreateGroupCommandInput): void {
  validate(
    lengthBetween('groupName', GroupName, 1, 128),
    lengthBetween('description', Description, 0, 2048),
    between('precedence', Precedence, 0, 2 ** 31 - 1),
    /\s/.test(GroupName ?? '') ? matches('groupName', GroupName, '\\S+') : undefined,
  );
}

function groupOf(pool: UserPool, name = ''): Group {
  const group = pool.groups.get(name);
  if (!group) throw new AwsError('ResourceNotFoundException', 'Group not found.');
  return group;
}

function described(pool: UserPool, { members: _, ...group }: Group): GroupType {
  return { ...group, UserPoolId: pool.id };
}
