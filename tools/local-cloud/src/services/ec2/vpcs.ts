import type {
  CreateVpcCommandInput,
  CreateVpcCommandOutput,
  DeleteVpcCommandInput,
  DeleteVpcCommandOutput,
  DescribeVpcAttributeCommandInput,
  DescribeVpcAttributeCommandOutput,
  ModifyVpcAttributeCommandInput,
  ModifyVpcAttributeCommandOutput,
  Vpc,
} from '@aws-sdk/client-ec2';
import { blockText, readBlock } from '../../ipv4.ts';
import { describeOperation, found } from './describe.ts';
import { dependencyViolation, ec2Error, invalidValue, missingParameter, unsupported } from './errors.ts';
import { addVpc } from './new-vpc.ts';
import { ec2Operation } from './operation.ts';
import type { Ec2State, StoredVpc } from './state.ts';
import { ec2State } from './store.ts';
import { setTags, tagsOf, tagsOnCreation } from './tags.ts';

function shown({ dnsSupport, dnsHostnames, ...vpc }: StoredVpc): Vpc {
  return vpc;
}

const createVpc = ec2Operation<CreateVpcCommandInput, CreateVpcCommandOutput>(
  'CreateVpc',
  () => [['vpc']],
  (input, call) => {
    const { CidrBlock, InstanceTenancy } = input;
    if (input.AmazonProvidedIpv6CidrBlock || input.Ipv6CidrBlock) throw unsupported('IPv6 in VPCs');
    if (input.Ipv4IpamPoolId) throw unsupported('IPAM pools');
    if (CidrBlock === undefined) throw missingParameter('CidrBlock');
    const block = readBlock(CidrBlock);
    if (!block) throw invalidValue(CidrBlock, 'cidrBlock', 'This is not a valid CIDR block.');
    // "VPC CIDR blocks", Amazon VPC User Guide: /16 to /28.
    if (block.prefix < 16 || block.prefix > 28)
      throw ec2Error('InvalidVpc.Range', `The CIDR '${CidrBlock}' is invalid.`);
    const tags = tagsOnCreation('vpc', input);
    const state = ec2State(call.cloud, call);
    const vpc = addVpc(state, call, { cidr: blockText(block), isDefault: false, tenancy: InstanceTenancy });
    setTags(state, vpc.VpcId, tags);
    return { Vpc: { ...shown(vpc), State: 'pending', Tags: tagsOf(state, vpc.VpcId) } };
  },
);

const deleteVpc = ec2Operation<DeleteVpcCommandInput, DeleteVpcCommandOutput>(
  'DeleteVpc',
  ({ VpcId }) => [['vpc', VpcId]],
  ({ VpcId = '' }, call) => {
    const state = ec2State(call.cloud, call);
    found(state.vpcs, VpcId, 'vpc');
    if (hasDependencies(state, VpcId)) throw dependencyViolation(`The vpc '${VpcId}'`);
    state.vpcs.delete(VpcId);
    state.tags.delete(VpcId);
    for (const store of [state.routeTables, state.networkAcls, state.securityGroups]) {
      for (const [id, item] of store) if (item.VpcId === VpcId) store.delete(id);
    }
    for (const [id, rule] of state.securityGroupRules) {
      if (!state.securityGroups.has(rule.GroupId)) state.securityGroupRules.delete(id);
    }
    return {};
  },
);

/** All but what came with the VPC has to be gone ("Delete your VPC", Amazon VPC User Guide). */
function hasDependencies(state: Ec2State, VpcId: string): boolean {
  const inVpc = (item: { VpcId?: string | undefined }) => item.VpcId === VpcId;
  return (
    [...state.subnets.values()].some(inVpc) ||
    [...state.internetGateways.values()].some(({ Attachments }) => Attachments.some(inVpc)) ||
    [...state.securityGroups.values()].some((group) => inVpc(group) && group.GroupName !== 'default') ||
    [...state.routeTables.values()].some((table) => inVpc(table) && !table.Associations.some(({ Main }) => Main)) ||
    [...state.vpcEndpoints.values()].some(inVpc)
  );
}

const attributes = ['enableDnsSupport', 'enableDnsHostnames', 'enableNetworkAddressUsageMetrics'];

const describeVpcAttribute = ec2Operation<DescribeVpcAttributeCommandInput, DescribeVpcAttributeCommandOutput>(
  'DescribeVpcAttribute',
  ({ VpcId }) => [['vpc', VpcId]],
  ({ VpcId = '', Attribute }, call) => {
    const vpc = found(ec2State(call.cloud, call).vpcs, VpcId, 'vpc');
    if (!Attribute || !attributes.includes(Attribute)) {
      throw invalidValue(Attribute, 'attribute', 'Unknown attribute.');
    }
    return {
      VpcId,
      ...(Attribute === 'enableDnsSupport' && { EnableDnsSupport: { Value: vpc.dnsSupport } }),
      ...(Attribute === 'enableDnsHostnames' && { EnableDnsHostnames: { Value: vpc.dnsHostnames } }),
      ...(Attribute === 'enableNetworkAddressUsageMetrics' && { EnableNetworkAddressUsageMetrics: { Value: false } }),
    };
  },
);

/** One attribute in a call. */
const modifyVpcAttribute = ec2Operation<ModifyVpcAttributeCommandInput, ModifyVpcAttributeCommandOutput>(
  'ModifyVpcAttribute',
  ({ VpcId }) => [['vpc', VpcId]],
  ({ VpcId, EnableDnsSupport, EnableDnsHostnames, EnableNetworkAddressUsageMetrics: usage }, call) => {
    const { vpcs } = ec2State(call.cloud, call);
    const vpc = found(vpcs, VpcId, 'vpc');
    if (usage?.Value) throw unsupported('network address usage metrics');
    if (EnableDnsSupport && EnableDnsHostnames) {
      throw ec2Error('InvalidParameterCombination', 'Fields for multiple attribute types specified');
    }
    const { dnsSupport, dnsHostnames } = vpc;
    vpcs.set(vpc.VpcId, {
      ...vpc,
      dnsSupport: EnableDnsSupport?.Value ?? dnsSupport,
      dnsHostnames: EnableDnsHostnames?.Value ?? dnsHostnames,
    });
    return {};
  },
);

export const vpcOperations = {
  CreateVpc: createVpc,
  DeleteVpc: deleteVpc,
  DescribeVpcAttribute: describeVpcAttribute,
  ModifyVpcAttribute: modifyVpcAttribute,
  DescribeVpcs: describeOperation<StoredVpc, Vpc>({
    name: 'DescribeVpcs',
    kind: 'vpc',
    store: ({ vpcs }) => vpcs,
    members: ['VpcIds', 'Vpcs'],
    id: ({ VpcId }) => VpcId,
    show: shown,
    filters: {
      cidr: (vpc) => vpc.CidrBlock,
      'cidr-block-association.association-id': (vpc) => vpc.CidrBlockAssociationSet?.map((one) => one.AssociationId),
      'cidr-block-association.cidr-block': (vpc) => vpc.CidrBlockAssociationSet?.map((one) => one.CidrBlock),
      'cidr-block-association.state': (vpc) => vpc.CidrBlockAssociationSet?.map((one) => one.CidrBlockState?.State),
      'dhcp-options-id': (vpc) => vpc.DhcpOptionsId,
      'is-default': (vpc) => vpc.IsDefault,
      isDefault: (vpc) => vpc.IsDefault,
      'owner-id': (vpc) => vpc.OwnerId,
      state: (vpc) => vpc.State,
      'vpc-id': (vpc) => vpc.VpcId,
    },
  }),
  DescribeNetworkAcls: describeOperation({
    name: 'DescribeNetworkAcls',
    kind: 'network-acl',
    store: ({ networkAcls }) => networkAcls,
    members: ['NetworkAclIds', 'NetworkAcls'],
    id: ({ NetworkAclId }) => NetworkAclId,
    filters: {
      'association.association-id': (acl) => acl.Associations.map((one) => one.NetworkAclAssociationId),
      'association.network-acl-id': (acl) => acl.Associations.map((one) => one.NetworkAclId),
      'association.subnet-id': (acl) => acl.Associations.map((one) => one.SubnetId),
      default: (acl) => acl.IsDefault,
      'network-acl-id': (acl) => acl.NetworkAclId,
      'owner-id': (acl) => acl.OwnerId,
      'vpc-id': (acl) => acl.VpcId,
    },
  }),
};
