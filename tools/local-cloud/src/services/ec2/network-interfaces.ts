import type {
  CreateNetworkInterfaceCommandInput,
  CreateNetworkInterfaceCommandOutput,
  DeleteNetworkInterfaceCommandInput,
  DeleteNetworkInterfaceCommandOutput,
  ModifyNetworkInterfaceAttributeCommandInput,
  ModifyNetworkInterfaceAttributeCommandOutput,
} from '@aws-sdk/client-ec2';
import type { Caller } from '../../service.ts';
import { describeOperation, found } from './describe.ts';
import { ec2Error, invalidValue, unsupported } from './errors.ts';
import { addInterface } from './new-network-interface.ts';
import { ec2Operation } from './operation.ts';
import type { Ec2State, StoredGroup } from './state.ts';
import { ec2State } from './store.ts';
import { setTags, tagsOf, tagsOnCreation } from './tags.ts';

/** "Amazon VPC quotas": security groups per network interface. */
const mostGroups = 5;

/** The groups with these IDs in a VPC; its default group when none is named. */
export function groupsIn(state: Ec2State, VpcId: string, ids: readonly string[] | undefined): readonly StoredGroup[] {
  if (!ids || ids.length === 0) {
    return [...state.securityGroups.values()].filter((group) => group.VpcId === VpcId && group.GroupName === 'default');
  }
  if (ids.length > mostGroups) {
    throw ec2Error(
      'SecurityGroupsPerInterfaceLimitExceeded',
      'The maximum number of security groups per interface has been reached.',
    );
  }
  return ids.map((id) => {
    const group = found(state.securityGroups, id, 'security-group');
    if (group.VpcId === VpcId) return group;
    throw invalidValue(id, 'groupId', 'The value is not in the VPC of the subnet.');
  });
}

/** What a service creates with its service-linked role is the service's to delete. */
const isService = ({ arn }: Caller) => arn.includes(':assumed-role/AWSServiceRoleFor');

const createNetworkInterface = ec2Operation<CreateNetworkInterfaceCommandInput, CreateNetworkInterfaceCommandOutput>(
  'CreateNetworkInterface',
  ({ SubnetId, Groups = [] }) => [
    ['network-interface'],
    ['subnet', SubnetId],
    ...Groups.map((id) => ['security-group', id] as const),
  ],
  (input, call) => {
    const state = ec2State(call.cloud, call);
    const subnet = found(state.subnets, input.SubnetId, 'subnet');
    if (input.SecondaryPrivateIpAddressCount || input.PrivateIpAddresses || input.Ipv6AddressCount) {
      throw unsupported('more than one address on a network interface');
    }
    const groups = groupsIn(state, subnet.VpcId, input.Groups);
    const tags = tagsOnCreation('network-interface', input);
    const created = addInterface(state, call, {
      subnet,
      groups,
      description: input.Description,
      wanted: input.PrivateIpAddress,
      ...(isService(call.caller) && { requester: call.caller.arn.split('/')[1] ?? '' }),
    });
    setTags(state, created.NetworkInterfaceId, tags);
    return { NetworkInterface: { ...created, TagSet: tagsOf(state, created.NetworkInterfaceId) } };
  },
);

const deleteNetworkInterface = ec2Operation<DeleteNetworkInterfaceCommandInput, DeleteNetworkInterfaceCommandOutput>(
  'DeleteNetworkInterface',
  ({ NetworkInterfaceId }) => [['network-interface', NetworkInterfaceId]],
  ({ NetworkInterfaceId = '' }, call) => {
    const { networkInterfaces, tags } = ec2State(call.cloud, call);
    const { RequesterManaged } = found(networkInterfaces, NetworkInterfaceId, 'network-interface');
    if (RequesterManaged && !isService(call.caller)) {
      throw ec2Error('InvalidParameterValue', `Network interface '${NetworkInterfaceId}' is currently in use.`);
    }
    networkInterfaces.delete(NetworkInterfaceId);
    tags.delete(NetworkInterfaceId);
    return {};
  },
);

const modifyNetworkInterfaceAttribute = ec2Operation<
  ModifyNetworkInterfaceAttributeCommandInput,
  ModifyNetworkInterfaceAttributeCommandOutput
>(
  'ModifyNetworkInterfaceAttribute',
  ({ NetworkInterfaceId, Groups = [] }) => [
    ['network-interface', NetworkInterfaceId],
    ...Groups.map((id) => ['security-group', id] as const),
  ],
  ({ NetworkInterfaceId, DryRun, Groups, Description, ...others }, call) => {
    const state = ec2State(call.cloud, call);
    const current = found(state.networkInterfaces, NetworkInterfaceId, 'network-interface');
    const [other] = Object.keys(others).filter((name) => others[name as keyof typeof others] !== undefined);
    if (other) throw unsupported(`the network interface attribute ${other}`);
    const groups = Groups && groupsIn(state, current.VpcId, Groups);
    state.networkInterfaces.set(current.NetworkInterfaceId, {
      ...current,
      ...(Description && { Description: Description.Value }),
      ...(groups && { Groups: groups.map(({ GroupId, GroupName }) => ({ GroupId, GroupName })) }),
    });
    return {};
  },
);

const describeNetworkInterfaces = describeOperation({
  name: 'DescribeNetworkInterfaces',
  kind: 'network-interface',
  store: ({ networkInterfaces }) => networkInterfaces,
  members: ['NetworkInterfaceIds', 'NetworkInterfaces'],
  id: ({ NetworkInterfaceId }) => NetworkInterfaceId,
  show: (one, state) => ({ ...one, TagSet: tagsOf(state, one.NetworkInterfaceId) }),
  filters: {
    'addresses.private-ip-address': (one) => one.PrivateIpAddress,
    'availability-zone': (one) => one.AvailabilityZone,
    description: (one) => one.Description,
    'group-id': (one) => one.Groups.map(({ GroupId }) => GroupId),
    'group-name': (one) => one.Groups.map(({ GroupName }) => GroupName),
    'interface-type': (one) => one.InterfaceType,
    'mac-address': (one) => one.MacAddress,
    'network-interface-id': (one) => one.NetworkInterfaceId,
    'owner-id': (one) => one.OwnerId,
    'private-dns-name': (one) => one.PrivateDnsName,
    'private-ip-address': (one) => one.PrivateIpAddress,
    'requester-id': (one) => one.RequesterId,
    'requester-managed': (one) => one.RequesterManaged,
    status: (one) => one.Status,
    'subnet-id': (one) => one.SubnetId,
    'vpc-id': (one) => one.VpcId,
  },
});

export const networkInterfaceOperations = {
  CreateNetworkInterface: createNetworkInterface,
  DeleteNetworkInterface: deleteNetworkInterface,
  ModifyNetworkInterfaceAttribute: modifyNetworkInterfaceAttribute,
  DescribeNetworkInterfaces: describeNetworkInterfaces,
};
