import type {
  CreateRoleCommandOutput,
  GetRoleCommandOutput,
  GetRolePolicyCommandOutput,
  ListAttachedRolePoliciesCommandOutput,
} from '@aws-sdk/client-iam';
import { physicalName } from '../physical-name.ts';
import type { Properties, ReadRequest, ResourceProvider, ResourceResult } from '../provider.ts';
import { ifThere, policyText, unlessGone } from './calls.ts';
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
  async read(request) {
    const { physicalId: RoleName, call } = request;
    const found = await ifThere(['NoSuchEntity'], () => call<GetRoleCommandOutput>('iam', 'GetRole', { RoleName }));
    if (!found?.Role) return undefined;
    const {
      AssumeRolePolicyDocument = '',
      Description,
      MaxSessionDuration,
      Path,
      PermissionsBoundary,
      Tags,
    } = found.Role;
    const properties = {
      RoleName,
      AssumeRolePolicyDocument: JSON.parse(decodeURIComponent(AssumeRolePolicyDocument)),
      Description,
      MaxSessionDuration,
      Path,
      PermissionsBoundary: PermissionsBoundary?.PermissionsBoundaryArn,
      Tags: Tags?.length ? Tags : undefined,
      ...(await readRolePolicies(request, RoleName)),
    };
    return { ...resultOf(found.Role), properties };
  },
};

/** Of the policies only those the role itself was given: other resources (AWS::IAM::Policy) put theirs on it too. */
async function readRolePolicies({ properties, call }: ReadRequest, RoleName: string): Promise<Properties> {
  const attached = await call<ListAttachedRolePoliciesCommandOutput>('iam', 'ListAttachedRolePolicies', { RoleName });
  const arns = (attached.AttachedPolicies ?? []).map(({ PolicyArn }) => PolicyArn);
  const Policies: object[] = [];
  for (const { PolicyName } of properties['Policies'] ?? []) {
    const input = { RoleName, PolicyName };
    const found = await ifThere(['NoSuchEntity'], () =>
      call<GetRolePolicyCommandOutput>('iam', 'GetRolePolicy', input),
    );
    if (!found) continue;
    Policies.push({ PolicyName, PolicyDocument: JSON.parse(decodeURIComponent(found.PolicyDocument ?? '')) });
  }
  const given: readonly string[] = properties['ManagedPolicyArns'] ?? [];
  return { Policies, ManagedPolicyArns: given.filter((arn) => arns.includes(arn)) };
}

/** "MaxSessionDuration", CreateRole, IAM API Reference. */
const defaultSessionSeconds = 3600;

function resultOf(role: CreateRoleCommandOutput['Role']): ResourceResult {
  return { physicalId: role?.RoleName ?? '', attributes: { Arn: role?.Arn, RoleId: role?.RoleId } };
}
