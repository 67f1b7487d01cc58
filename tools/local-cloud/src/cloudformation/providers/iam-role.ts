import type { CreateRoleCommandOutput, GetRoleCommandOutput } from '@aws-sdk/client-iam';
import { physicalName } from '../physical-name.ts';
import type { ResourceProvider, ResourceResult } from '../provider.ts';
import { policyText, unlessGone } from './calls.ts';
import { changeBoundaryAndTags, changePolicies } from './iam-identity.ts';

export const iamRole: ResourceProvider = {
  type: 'AWS::IAM::Role',
  properties: [
    'AssumeRolePolicyDocument',
    'Description',
    'ManagedPolicyArns',
    'MaxSessionDuration',
    'Path',
    'PermissionsBoundary',
    'Policies',
    'RoleName',
    'Tags',
  ],
  async create(request) {
    const { AssumeRolePolicyDocument, ManagedPolicyArns: _, Policies: __, ...own } = request.properties;
    const RoleName = own['RoleName'] ?? physicalName(request, { longest: 64 });
    const { Role } = await request.call<CreateRoleCommandOutput>('iam', 'CreateRole', {
      ...own,
      RoleName,
      AssumeRolePolicyDocument: policyText(AssumeRolePolicyDocument),
    });
    request.created(RoleName);
    await changePolicies(request, 'Role', RoleName, {}, request.properties);
    return resultOf(Role);
  },
  async update(request) {
    const { physicalId: RoleName, properties, previous } = request;
    await request.call('iam', 'UpdateAssumeRolePolicy', {
      RoleName,
      PolicyDocument: policyText(properties['AssumeRolePolicyDocument']),
    });
    const { Description = '', MaxSessionDuration = defaultSessionSeconds } = properties;
    await request.call('iam', 'UpdateRole', { RoleName, Description, MaxSessionDuration });
    await changePolicies(request, 'Role', RoleName, previous, properties);
    await changeBoundaryAndTags(request, 'Role', RoleName, previous, properties);
    return resultOf((await request.call<GetRoleCommandOutput>('iam', 'GetRole', { RoleName })).Role);
  },
  async delete(request) {
    const { physicalId: RoleName } = request;
    await unlessGone(['NoSuchEntity'], async () => {
      await changePolicies(request, 'Role', RoleName, request.properties, {});
      await request.call('iam', 'DeleteRole', { RoleName });
    });
  },
};

/** "MaxSessionDuration", CreateRole, IAM API Reference. */
const defaultSessionSeconds = 3600;

function resultOf(role: CreateRoleCommandOutput['Role']): ResourceResult {
  return { physicalId: role?.RoleName ?? '', attributes: { Arn: role?.Arn, RoleId: role?.RoleId } };
}
