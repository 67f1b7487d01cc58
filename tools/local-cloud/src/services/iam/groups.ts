import type {
  AddUserToGroupCommandInput,
  AddUserToGroupCommandOutput,
  CreateGroupCommandInput,
  CreateGroupCommandOutput,
  DeleteGroupCommandInput,
  DeleteGroupCommandOutput,
  GetGroupCommandInput,
  GetGroupCommandOutput,
  ListGroupsCommandInput,
  ListGroupsCommandOutput,
  RemoveUserFromGroupCommandInput,
  RemoveUserFromGroupCommandOutput,
} from '@aws-sdk/client-iam';
import { type Group, type IamState, iamState, uniqueId } from '../../iam/state.ts';
import { type Call, operation } from '../../service.ts';
import { demand, groupArn } from './demands.ts';
import { alreadyExists, deleteConflict, limitExceeded } from './errors.ts';
import { groupNamed, userNamed } from './find.ts';
import { checkedPath, checkName } from './names.ts';
import { groupOutput, userOutput, wholeSeconds } from './outputs.ts';
import { page } from './paging.ts';

/** "IAM and AWS STS quotas" */
const mostGroupsOfUser = 10;

const state = (call: Call): IamState => iamState(call.cloud, call.account);

const onGroup = (name: string) => (input: { GroupName: string | undefined }, call: Call) => [
  demand(name, groupArn(call, input.GroupName ?? '')),
];

export const groupOperations = {
  CreateGroup: operation<CreateGroupCommandInput, CreateGroupCommandOutput>({
    demands: (input, call) => [
      demand('CreateGroup', `arn:aws:iam::${call.account}:group${input.Path ?? '/'}${input.GroupName}`),
    ],
    run(input, call) {
      const { groups } = state(call);
      const { GroupName: name = '' } = input;
      checkName('groupName', name);
      const path = checkedPath(input.Path);
      if (groups.has(name.toLowerCase())) throw alreadyExists(`Group with name ${name} already exists.`);
      const group: Group = {
        name,
        id: uniqueId('AGPA'),
        arn: `arn:aws:iam::${call.account}:group${path}${name}`,
        path,
        createDate: wholeSeconds(call),
        inline: new Map(),
        attached: new Set(),
        members: new Set(),
      };
      groups.set(name.toLowerCase(), group);
      return { Group: groupOutput(group) };
    },
  }),

  GetGroup: operation<GetGroupCommandInput, GetGroupCommandOutput>({
    demands: onGroup('GetGroup'),
    run(input, call) {
      const group = groupNamed(state(call), input.GroupName ?? '');
      const users = [...group.members].map((name) => userOutput(userNamed(state(call), name)));
      const { items, ...rest } = page(users, input);
      return { Group: groupOutput(group), Users: items, ...rest };
    },
  }),

  ListGroups: operation<ListGroupsCommandInput, ListGroupsCommandOutput>({
    demands: (input, call) => [demand('ListGroups', `arn:aws:iam::${call.account}:group${input.PathPrefix ?? '/'}`)],
    run(input, call) {
      const groups = [...state(call).groups.values()]
        .filter((group) => group.path.startsWith(input.PathPrefix ?? '/'))
        .map(groupOutput);
      const { items, ...rest } = page(groups, input);
      return { Groups: items, ...rest };
    },
  }),

  AddUserToGroup: operation<AddUserToGroupCommandInput, AddUserToGroupCommandOutput>({
    demands: onGroup('AddUserToGroup'),
    run(input, call) {
      const group = groupNamed(state(call), input.GroupName ?? '');
      const user = userNamed(state(call), input.UserName ?? '');
      const others = [...state(call).groups.values()].filter((one) => one !== group && one.members.has(user.name));
      if (others.length >= mostGroupsOfUser) {
        throw limitExceeded(`Cannot exceed quota for GroupsPerUser: ${mostGroupsOfUser}`);
      }
      group.members.add(user.name);
      return {};
    },
  }),

  RemoveUserFromGroup: operation<RemoveUserFromGroupCommandInput, RemoveUserFromGroupCommandOutput>({
    demands: onGroup('RemoveUserFromGroup'),
    run(input, call) {
      const group = groupNamed(state(call), input.GroupName ?? '');
      group.members.delete(userNamed(state(call), input.UserName ?? '').name);
      return {};
    },
  }),

  DeleteGroup: operation<DeleteGroupCommandInput, DeleteGroupCommandOutput>({
    demands: onGroup('DeleteGroup'),
    run(input, call) {
      const group = groupNamed(state(call), input.GroupName ?? '');
      if (group.members.size > 0) throw deleteConflict('Cannot delete entity, must remove users from group first.');
      if (group.inline.size > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
      if (group.attached.size > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
      state(call).groups.delete(group.name.toLowerCase());
      return {};
    },
  }),
};
