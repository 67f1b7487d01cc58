import type {
  CreateUserCommandInput,
  CreateUserCommandOutput,
  DeleteUserCommandInput,
  DeleteUserCommandOutput,
  DeleteUserPermissionsBoundaryCommandInput,
  DeleteUserPermissionsBoundaryCommandOutput,
  GetUserCommandInput,
  GetUserCommandOutput,
  ListGroupsForUserCommandInput,
  ListGroupsForUserCommandOutput,
  ListUsersCommandInput,
  ListUsersCommandOutput,
  PutUserPermissionsBoundaryCommandInput,
  PutUserPermissionsBoundaryCommandOutput,
} from '@aws-sdk/client-iam';
import { type IamState, iamState, type User, uniqueId } from '../../iam/state.ts';
import { type Call, operation } from '../../service.ts';
import { demand, userArn, withTags } from './demands.ts';
import { alreadyExists, deleteConflict, limitExceeded, validationError } from './errors.ts';
import { checkBoundary, userNamed } from './find.ts';
import { checkedPath, checkName } from './names.ts';
import { groupOutput, userOutput, wholeSeconds } from './outputs.ts';
import { page } from './paging.ts';
import { readTags } from './tags.ts';

/** "IAM and AWS STS quotas" */
const mostUsers = 5000;

const state = (call: Call): IamState => iamState(call.cloud, call.account);

/** The user an operation is about: the one named, otherwise the caller. Throws ValidationError for other callers. */
export function userNameOf(input: { UserName?: string | undefined }, { caller }: Call): string {
  if (input.UserName !== undefined) return input.UserName;
  if (caller.type === 'user') return caller.arn.slice(caller.arn.lastIndexOf('/') + 1);
  throw validationError('Must specify userName when calling with non-User credentials');
}

const onUser = (name: string) => (input: { UserName?: string | undefined }, call: Call) => [
  demand(name, userArn(call, userNameOf(input, call))),
];

export const userOperations = {
  CreateUser: operation<CreateUserCommandInput, CreateUserCommandOutput>({
    demands(input, call) {
      const context = { 'iam:PermissionsBoundary': input.PermissionsBoundary };
      const arn = `arn:aws:iam::${call.account}:user${input.Path ?? '/'}${input.UserName}`;
      return [withTags(demand('CreateUser', arn, context), input.Tags)];
    },
    run(input, call) {
      const { users } = state(call);
      const { UserName: name = '' } = input;
      checkName('userName', name);
      const path = checkedPath(input.Path);
      if (users.has(name.toLowerCase())) throw alreadyExists(`User with name ${name} already exists.`);
      if (users.size >= mostUsers) throw limitExceeded(`Cannot exceed quota for UsersPerAccount: ${mostUsers}`);
      checkBoundary(state(call), input.PermissionsBoundary);
      const user: User = {
        name,
        id: uniqueId('AIDA'),
        arn: `arn:aws:iam::${call.account}:user${path}${name}`,
        path,
        createDate: wholeSeconds(call),
        boundaryArn: input.PermissionsBoundary,
        tags: readTags(input.Tags),
        inline: new Map(),
        attached: new Set(),
        accessKeys: new Map(),
      };
      users.set(name.toLowerCase(), user);
      return { User: userOutput(user) };
    },
  }),

  GetUser: operation<GetUserCommandInput, GetUserCommandOutput>({
    demands: onUser('GetUser'),
    run: (input, call) => ({ User: userOutput(userNamed(state(call), userNameOf(input, call))) }),
  }),

  ListUsers: operation<ListUsersCommandInput, ListUsersCommandOutput>({
    demands: (input, call) => [demand('ListUsers', `arn:aws:iam::${call.account}:user${input.PathPrefix ?? '/'}`)],
    run(input, call) {
      const users = [...state(call).users.values()]
        .filter((user) => user.path.startsWith(input.PathPrefix ?? '/'))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map((user) => {
          const { PermissionsBoundary: _, Tags: __, ...listed } = userOutput(user);
          return listed;
        });
      const { items, ...rest } = page(users, input);
      return { Users: items, ...rest };
    },
  }),

  ListGroupsForUser: operation<ListGroupsForUserCommandInput, ListGroupsForUserCommandOutput>({
    demands: onUser('ListGroupsForUser'),
    run(input, call) {
      const { name } = userNamed(state(call), input.UserName ?? '');
      const groups = [...state(call).groups.values()].filter((group) => group.members.has(name)).map(groupOutput);
      const { items, ...rest } = page(groups, input);
      return { Groups: items, ...rest };
    },
  }),

  DeleteUser: operation<DeleteUserCommandInput, DeleteUserCommandOutput>({
    demands: onUser('DeleteUser'),
    run(input, call) {
      const user = userNamed(state(call), input.UserName ?? '');
      if (user.inline.size > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
      if (user.attached.size > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
      if (user.accessKeys.size > 0) throw deleteConflict('Cannot delete entity, must delete access keys first.');
      if ([...state(call).groups.values()].some((group) => group.members.has(user.name))) {
        throw deleteConflict('Cannot delete entity, must remove users from group first.');
      }
      state(call).users.delete(user.name.toLowerCase());
      return {};
    },
  }),

  PutUserPermissionsBoundary: operation<
    PutUserPermissionsBoundaryCommandInput,
    PutUserPermissionsBoundaryCommandOutput
  >({
    demands: (input, call) => [
      demand('PutUserPermissionsBoundary', userArn(call, input.UserName ?? ''), {
        'iam:PermissionsBoundary': input.PermissionsBoundary,
      }),
    ],
    run(input, call) {
      const user = userNamed(state(call), input.UserName ?? '');
      checkBoundary(state(call), input.PermissionsBoundary);
      user.boundaryArn = input.PermissionsBoundary;
      return {};
    },
  }),

  DeleteUserPermissionsBoundary: operation<
    DeleteUserPermissionsBoundaryCommandInput,
    DeleteUserPermissionsBoundaryCommandOutput
  >({
    demands: onUser('DeleteUserPermissionsBoundary'),
    run(input, call) {
      userNamed(state(call), input.UserName ?? '').boundaryArn = undefined;
      return {};
    },
  }),
};
