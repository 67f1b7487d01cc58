import type {
  CreateSecurityGroupCommandInput,
  CreateSecurityGroupCommandOutput,
  DeleteSecurityGroupCommandInput,
  DeleteSecurityGroupCommandOutput,
  Filter,
  SecurityGroup,
} from '@aws-sdk/client-ec2';
import { describeOperation, found } from './describe.ts';
import { ec2Error, invalidValue, missing, missingParameter } from './errors.ts';
import { permissionsOf } from './ip-permissions.ts';
import { ec2Operation } from './operation.ts';
import { allowAll, rulesOf } from './security-group-rule.ts';
import { type Ec2State, ec2Arn, newId, type StoredGroup } from './state.ts';
import { ec2State } from './store.ts';
import { added } from './tags.ts';

const createSecurityGroup = ec2Operation<CreateSecurityGroupCommandInput, CreateSecurityGroupCommandOutput>(
  'CreateSecurityGroup',
  ({ VpcId }) => [['security-group'], ...(VpcId === undefined ? [] : [['vpc', VpcId] as const])],
  (input, call) => {
    const { GroupName, Description } = input;
    const state = ec2State(call.cloud, call);
    const vpc =
      input.VpcId === undefined
        ? [...state.vpcs.values()].find(({ IsDefault }) => IsDefault)
        : found(state.vpcs, input.VpcId, 'vpc');
    if (!vpc) throw ec2Error('VPCIdNotSpecified', 'No default VPC for this user');
    if (!GroupName) throw missingParameter('GroupName');
    if (!Description) throw missingParameter('GroupDescription');
    checkText('groupName', GroupName);
    checkText('groupDescription', Description);
    if (GroupName.startsWith('sg-')) {
      throw invalidValue(GroupName, 'groupName', 'Group names may not be in the format sg-*.');
    }
    const { VpcId } = vpc;
    const taken = [...state.securityGroups.values()].some((one) => one.VpcId === VpcId && one.GroupName === GroupName);
    if (taken) {
      throw ec2Error('InvalidGroup.Duplicate', `The security group '${GroupName}' already exists for VPC '${VpcId}'`);
    }
    const GroupId = newId('sg');
    const SecurityGroupArn = ec2Arn(call, `security-group/${GroupId}`);
    const group = { GroupId, GroupName, Description, VpcId, OwnerId: call.account, SecurityGroupArn };
    const { Tags } = added({ call, kind: 'security-group', id: GroupId, input }, (all) => all.securityGroups, group);
    allowAll(state, GroupId, call.account, { IsEgress: true, CidrIpv4: '0.0.0.0/0' });
    return { GroupId, SecurityGroupArn, Tags };
  },
);

/** "CreateSecurityGroup", EC2 API Reference: up to 255 characters of these. */
function checkText(parameter: string, text: string): void {
  if (text.length <= 255 && /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]*$/.test(text)) return;
  throw invalidValue(
    text,
    parameter,
    'Character sets beyond ASCII are not supported. Valid are up to 255 of a-z, A-Z, 0-9, spaces and ._-:/()#,@[]+=&;{}!$*.',
  );
}

const deleteSecurityGroup = ec2Operation<DeleteSecurityGroupCommandInput, DeleteSecurityGroupCommandOutput>(
  'DeleteSecurityGroup',
  ({ GroupId }) => [['security-group', GroupId]],
  ({ GroupId, GroupName }, call) => {
    const state = ec2State(call.cloud, call);
    const group = groupOf(state, { GroupId, GroupName });
    const id = group.GroupId;
    if (group.GroupName === 'default') {
      throw ec2Error('CannotDelete', `the specified group: "${id}" name: "default" cannot be deleted by a user`);
    }
    const referred = [...state.securityGroupRules.values()].some(
      (rule) => rule.GroupId !== id && rule.ReferencedGroupInfo?.GroupId === id,
    );
    const used = [...state.networkInterfaces.values()].some(({ Groups }) => Groups.some((one) => one.GroupId === id));
    if (referred || used) throw ec2Error('DependencyViolation', `resource ${id} has a dependent object`);
    state.securityGroups.delete(id);
    state.tags.delete(id);
    for (const { SecurityGroupRuleId } of rulesOf(state, id)) state.securityGroupRules.delete(SecurityGroupRuleId);
    return { Return: true, GroupId: id };
  },
);

/** A group by ID, or by name in the default VPC. */
export function groupOf(
  state: Ec2State,
  { GroupId, GroupName }: { GroupId?: string | undefined; GroupName?: string | undefined },
): StoredGroup {
  if (GroupId !== undefined) return found(state.securityGroups, GroupId, 'security-group');
  if (GroupName === undefined) throw missingParameter('groupId');
  const inDefault = [...state.securityGroups.values()].find(
    (one) => one.GroupName === GroupName && state.vpcs.get(one.VpcId)?.IsDefault,
  );
  if (!inDefault) throw missing['security-group'](GroupName);
  return inDefault;
}

const peers = (kind: 'IpPermissions' | 'IpPermissionsEgress') => (group: SecurityGroup) => group[kind] ?? [];

function permissionFilters(prefix: string, of: ReturnType<typeof peers>) {
  return {
    [`${prefix}.cidr`]: (group: SecurityGroup) =>
      of(group).flatMap(({ IpRanges = [] }) => IpRanges.map(({ CidrIp }) => CidrIp)),
    [`${prefix}.from-port`]: (group: SecurityGroup) => of(group).map(({ FromPort }) => String(FromPort)),
    [`${prefix}.group-id`]: (group: SecurityGroup) =>
      of(group).flatMap(({ UserIdGroupPairs = [] }) => UserIdGroupPairs.map(({ GroupId }) => GroupId)),
    [`${prefix}.protocol`]: (group: SecurityGroup) => of(group).map(({ IpProtocol }) => IpProtocol),
    [`${prefix}.to-port`]: (group: SecurityGroup) => of(group).map(({ ToPort }) => String(ToPort)),
  };
}

const describeByIds = describeOperation<StoredGroup, SecurityGroup>({
  name: 'DescribeSecurityGroups',
  kind: 'security-group',
  store: ({ securityGroups }) => securityGroups,
  members: ['GroupIds', 'SecurityGroups'],
  id: ({ GroupId }) => GroupId,
  show(group, state) {
    const rules = rulesOf(state, group.GroupId);
    return {
      ...group,
      IpPermissions: permissionsOf(rules.filter(({ IsEgress }) => !IsEgress)),
      IpPermissionsEgress: permissionsOf(rules.filter(({ IsEgress }) => IsEgress)),
    };
  },
  filters: {
    description: (group) => group.Description,
    'group-id': (group) => group.GroupId,
    'group-name': (group) => group.GroupName,
    'owner-id': (group) => group.OwnerId,
    'vpc-id': (group) => group.VpcId,
    ...permissionFilters('ip-permission', peers('IpPermissions')),
    ...permissionFilters('egress.ip-permission', peers('IpPermissionsEgress')),
  },
});

export const securityGroupOperations = {
  CreateSecurityGroup: createSecurityGroup,
  DeleteSecurityGroup: deleteSecurityGroup,
  DescribeSecurityGroups: {
    ...describeByIds,
    /** Names are a filter of their own. */
    run(input: { GroupNames?: string[]; Filters?: Filter[] }, call: Parameters<typeof describeByIds.run>[1]) {
      const { GroupNames, Filters = [] } = input;
      if (!GroupNames) return describeByIds.run(input, call);
      return describeByIds.run({ ...input, Filters: [...Filters, { Name: 'group-name', Values: GroupNames }] }, call);
    },
  },
};
