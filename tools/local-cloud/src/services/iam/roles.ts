import type {
  CreateRoleCommandInput,
  CreateRoleCommandOutput,
  DeleteRoleCommandInput,
  DeleteRoleCommandOutput,
  DeleteRolePermissionsBoundaryCommandInput,
  DeleteRolePermissionsBoundaryCommandOutput,
  GetRoleCommandInput,
  GetRoleCommandOutput,
  ListRolesCommandInput,
  ListRolesCommandOutput,
  PutRolePermissionsBoundaryCommandInput,
  PutRolePermissionsBoundaryCommandOutput,
  UpdateAssumeRolePolicyCommandInput,
  UpdateAssumeRolePolicyCommandOutput,
  UpdateRoleCommandInput,
  UpdateRoleCommandOutput,
} from '@aws-sdk/client-iam';
import { type IamState, iamState, type Role, uniqueId } from '../../iam/state.ts';
import { type Call, operation } from '../../service.ts';
import { demand, roleArn, withTags } from './demands.ts';
import { alreadyExists, constraint, deleteConflict, limitExceeded } from './errors.ts';
import { checkBoundary, roleNamed } from './find.ts';
import { checkedPath, checkName } from './names.ts';
import { roleOutput, wholeSeconds } from './outputs.ts';
import { page } from './paging.ts';
import { readTags } from './tags.ts';
import { readTrustPolicy } from './trust-policy.ts';

/** "IAM and AWS STS quotas" */
const mostRoles = 1000;

const state = (call: Call): IamState => iamState(call.cloud, call.account);

const onRole = (name: string) => (input: { RoleName: string | undefined }, call: Call) => [
  demand(name, roleArn(call, input.RoleName ?? ''), {
    'iam:PermissionsBoundary': state(call).roles.get(input.RoleName?.toLowerCase() ?? '')?.boundaryArn,
  }),
];

export const roleOperations = {
  CreateRole: operation<CreateRoleCommandInput, CreateRoleCommandOutput>({
    demands(input, call) {
      const context = { 'iam:PermissionsBoundary': input.PermissionsBoundary };
      const arn = `arn:aws:iam::${call.account}:role${input.Path ?? '/'}${input.RoleName}`;
      const create = withTags(demand('CreateRole', arn, context), input.Tags);
      return input.Tags?.length ? [create, withTags(demand('TagRole', arn), input.Tags)] : [create];
    },
    run(input, call) {
      const { roles } = state(call);
      const { RoleName: name = '', AssumeRolePolicyDocument: trust = '' } = input;
      checkName('roleName', name);
      const path = checkedPath(input.Path);
      if (roles.has(name.toLowerCase())) throw alreadyExists(`Role with name ${name} already exists.`);
      if (roles.size >= mostRoles) throw limitExceeded(`Cannot exceed quota for RolesPerAccount: ${mostRoles}`);
      checkBoundary(state(call), input.PermissionsBoundary);
      const role: Role = {
        name,
        id: uniqueId('AROA'),
        arn: `arn:aws:iam::${call.account}:role${path}${name}`,
        path,
        createDate: wholeSeconds(call),
        trust: readTrustPolicy(call.cloud, trust),
        description: checkedDescription(input.Description),
        maxSessionSeconds: checkedDuration(input.MaxSessionDuration) ?? 3600,
        boundaryArn: input.PermissionsBoundary,
        tags: readTags(input.Tags),
        inline: new Map(),
        attached: new Set(),
      };
      roles.set(name.toLowerCase(), role);
      const { Description: _, MaxSessionDuration: __, RoleLastUsed: ___, ...created } = roleOutput(role);
      return { Role: created };
    },
  }),

  GetRole: operation<GetRoleCommandInput, GetRoleCommandOutput>({
    demands: onRole('GetRole'),
    run: (input, call) => ({ Role: roleOutput(roleNamed(state(call), input.RoleName ?? '')) }),
  }),

  ListRoles: operation<ListRolesCommandInput, ListRolesCommandOutput>({
    demands: (input, call) => [demand('ListRoles', `arn:aws:iam::${call.account}:role${input.PathPrefix ?? '/'}`)],
    run(input, call) {
      const roles = [...state(call).roles.values()]
        .filter((role) => role.path.startsWith(input.PathPrefix ?? '/'))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map((role) => {
          const { PermissionsBoundary: _, RoleLastUsed: __, Tags: ___, ...listed } = roleOutput(role);
          return listed;
        });
      const { items, ...rest } = page(roles, input);
      return { Roles: items, ...rest };
    },
  }),

  UpdateRole: operation<UpdateRoleCommandInput, UpdateRoleCommandOutput>({
    demands: onRole('UpdateRole'),
    run(input, call) {
      const role = roleNamed(state(call), input.RoleName ?? '');
      const duration = checkedDuration(input.MaxSessionDuration);
      if (input.Description !== undefined) role.description = checkedDescription(input.Description);
      // "If you do not specify a value for this setting, the default value of one hour is applied" (UpdateRole).
      role.maxSessionSeconds = duration ?? 3600;
      return {};
    },
  }),

  UpdateAssumeRolePolicy: operation<UpdateAssumeRolePolicyCommandInput, UpdateAssumeRolePolicyCommandOutput>({
    demands: onRole('UpdateAssumeRolePolicy'),
    run(input, call) {
      const role = roleNamed(state(call), input.RoleName ?? '');
      role.trust = readTrustPolicy(call.cloud, input.PolicyDocument ?? '');
      return {};
    },
  }),

  DeleteRole: operation<DeleteRoleCommandInput, DeleteRoleCommandOutput>({
    demands: onRole('DeleteRole'),
    run(input, call) {
      const role = roleNamed(state(call), input.RoleName ?? '');
      if (role.inline.size > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
      if (role.attached.size > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
      state(call).roles.delete(role.name.toLowerCase());
      return {};
    },
  }),

  PutRolePermissionsBoundary: operation<
    PutRolePermissionsBoundaryCommandInput,
    PutRolePermissionsBoundaryCommandOutput
  >({
    demands: (input, call) => [
      demand('PutRolePermissionsBoundary', roleArn(call, input.RoleName ?? ''), {
        'iam:PermissionsBoundary': input.PermissionsBoundary,
      }),
    ],
    run(input, call) {
      const role = roleNamed(state(call), input.RoleName ?? '');
      checkBoundary(state(call), input.PermissionsBoundary);
      role.boundaryArn = input.PermissionsBoundary;
      return {};
    },
  }),

  DeleteRolePermissionsBoundary: operation<
    DeleteRolePermissionsBoundaryCommandInput,
    DeleteRolePermissionsBoundaryCommandOutput
  >({
    demands: onRole('DeleteRolePermissionsBoundary'),
    run(input, call) {
      roleNamed(state(call), input.RoleName ?? '').boundaryArn = undefined;
      return {};
    },
  }),
};

function checkedDuration(seconds: number | undefined): number | undefined {
  if (seconds === undefined) return undefined;
  if (seconds < 3600) {
    throw constraint('maxSessionDuration', seconds, 'have value greater than or equal to 3600');
  }
  if (seconds > 43_200) throw constraint('maxSessionDuration', seconds, 'have value less than or equal to 43200');
  return seconds;
}

function checkedDescription(description: string | undefined): string | undefined {
  if (description !== undefined && description.length > 1000) {
    throw constraint('description', description, 'have length less than or equal to 1000');
  }
  return description;
}
