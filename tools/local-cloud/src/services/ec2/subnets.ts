import type {
  CreateSubnetCommandInput,
  CreateSubnetCommandOutput,
  DeleteSubnetCommandInput,
  DeleteSubnetCommandOutput,
  ModifySubnetAttributeCommandInput,
  ModifySubnetAttributeCommandOutput,
} from '@aws-sdk/client-ec2';
import { blockText, isWithin, overlap, readBlock } from '../../ipv4.ts';
import type { Call } from '../../service.ts';
import { describeOperation, found } from './describe.ts';
import { dependencyViolation, ec2Error, invalidValue, missingParameter, unsupported } from './errors.ts';
import { newSubnet } from './new-subnet.ts';
import { associateAcl } from './new-vpc.ts';
import { ec2Operation } from './operation.ts';
import { freeAddresses } from './private-addresses.ts';
import type { StoredSubnet } from './state.ts';
import { ec2State } from './store.ts';
import { added } from './tags.ts';
import { zonesOf } from './zones.ts';

const createSubnet = ec2Operation<CreateSubnetCommandInput, CreateSubnetCommandOutput>(
  'CreateSubnet',
  ({ VpcId }) => [['subnet'], ['vpc', VpcId]],
  (input, call) => {
    const { VpcId, CidrBlock } = input;
    const state = ec2State(call.cloud, call);
    const vpc = found(state.vpcs, VpcId, 'vpc');
    if (input.Ipv6CidrBlock || input.Ipv6Native) throw unsupported('IPv6 in subnets');
    if (CidrBlock === undefined) throw missingParameter('CidrBlock');
    const block = readBlock(CidrBlock);
    if (!block) throw invalidValue(CidrBlock, 'cidrBlock', 'This is not a valid CIDR block.');
    const whole = readBlock(vpc.CidrBlock);
    // "Subnet sizing", Amazon VPC User Guide: /16 to /28, inside the VPC.
    if (block.prefix < 16 || block.prefix > 28 || !whole || !isWithin(block, whole)) {
      throw ec2Error('InvalidSubnet.Range', `The CIDR '${CidrBlock}' is invalid.`);
    }
    for (const other of state.subnets.values()) {
      const taken = readBlock(other.CidrBlock);
      if (other.VpcId !== vpc.VpcId || !taken || !overlap(block, taken)) continue;
      throw ec2Error('InvalidSubnet.Conflict', `The CIDR '${CidrBlock}' conflicts with another subnet`);
    }
    const subnet = newSubnet(call, { VpcId: vpc.VpcId, CidrBlock: blockText(block), zone: zoneOf(input, call) });
    const answer = added({ call, kind: 'subnet', id: subnet.SubnetId, input }, ({ subnets }) => subnets, subnet);
    associateAcl(state, subnet);
    return { Subnet: { ...answer, AvailableIpAddressCount: freeAddresses(state, subnet) } };
  },
);

function zoneOf({ AvailabilityZone: name, AvailabilityZoneId: id }: CreateSubnetCommandInput, { region }: Call) {
  const zones = zonesOf(region);
  const zone = zones.find((one) => (name === undefined || one.name === name) && (id === undefined || one.id === id));
  if (zone) return zone;
  const subnetsAre = `Subnets can currently only be created in the following availability zones: ${zones.map((one) => one.name).join(', ')}.`;
  throw invalidValue(name ?? id, 'availabilityZone', subnetsAre);
}

const deleteSubnet = ec2Operation<DeleteSubnetCommandInput, DeleteSubnetCommandOutput>(
  'DeleteSubnet',
  ({ SubnetId }) => [['subnet', SubnetId]],
  ({ SubnetId = '' }, call) => {
    const state = ec2State(call.cloud, call);
    found(state.subnets, SubnetId, 'subnet');
    if ([...state.networkInterfaces.values()].some((one) => one.SubnetId === SubnetId)) {
      throw dependencyViolation(`The subnet '${SubnetId}'`);
    }
    state.subnets.delete(SubnetId);
    state.tags.delete(SubnetId);
    for (const [id, table] of state.routeTables) {
      const Associations = table.Associations.filter((one) => one.SubnetId !== SubnetId);
      state.routeTables.set(id, { ...table, Associations });
    }
    for (const [id, acl] of state.networkAcls) {
      state.networkAcls.set(id, { ...acl, Associations: acl.Associations.filter((one) => one.SubnetId !== SubnetId) });
    }
    return {};
  },
);

const modifySubnetAttribute = ec2Operation<ModifySubnetAttributeCommandInput, ModifySubnetAttributeCommandOutput>(
  'ModifySubnetAttribute',
  ({ SubnetId }) => [['subnet', SubnetId]],
  ({ SubnetId, MapPublicIpOnLaunch, ...others }, call) => {
    const { subnets } = ec2State(call.cloud, call);
    const subnet = found(subnets, SubnetId, 'subnet');
    const [other] = Object.keys(others).filter((name) => others[name as keyof typeof others] !== undefined);
    if (other) throw unsupported(`the subnet attribute ${other}`);
    if (MapPublicIpOnLaunch) {
      subnets.set(subnet.SubnetId, { ...subnet, MapPublicIpOnLaunch: MapPublicIpOnLaunch.Value ?? false });
    }
    return {};
  },
);

export const subnetOperations = {
  CreateSubnet: createSubnet,
  DeleteSubnet: deleteSubnet,
  ModifySubnetAttribute: modifySubnetAttribute,
  DescribeSubnets: describeOperation<StoredSubnet>({
    name: 'DescribeSubnets',
    kind: 'subnet',
    store: ({ subnets }) => subnets,
    members: ['SubnetIds', 'Subnets'],
    id: ({ SubnetId }) => SubnetId,
    show: (subnet, state) => ({ ...subnet, AvailableIpAddressCount: freeAddresses(state, subnet) }),
    filters: {
      'availability-zone': (subnet) => subnet.AvailabilityZone,
      availabilityZone: (subnet) => subnet.AvailabilityZone,
      'availability-zone-id': (subnet) => subnet.AvailabilityZoneId,
      'available-ip-address-count': (subnet) => subnet.AvailableIpAddressCount,
      cidr: (subnet) => subnet.CidrBlock,
      cidrBlock: (subnet) => subnet.CidrBlock,
      'cidr-block': (subnet) => subnet.CidrBlock,
      'default-for-az': (subnet) => subnet.DefaultForAz,
      defaultForAz: (subnet) => subnet.DefaultForAz,
      'map-public-ip-on-launch': (subnet) => subnet.MapPublicIpOnLaunch,
      'owner-id': (subnet) => subnet.OwnerId,
      state: (subnet) => subnet.State,
      'subnet-arn': (subnet) => subnet.SubnetArn,
      'subnet-id': (subnet) => subnet.SubnetId,
      'vpc-id': (subnet) => subnet.VpcId,
    },
  }),
};
