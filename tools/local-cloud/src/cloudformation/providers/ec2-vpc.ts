import type {
  CreateVpcCommandOutput,
  DescribeNetworkAclsCommandOutput,
  DescribeSecurityGroupsCommandOutput,
  DescribeVpcsCommandOutput,
} from '@aws-sdk/client-ec2';
import type { Properties, ResourceProvider, ResourceRequest, ResourceResult } from '../provider.ts';
import { unlessGone } from './calls.ts';
import { changeTags, tagSpecifications } from './ec2-tags.ts';

export const ec2Vpc: ResourceProvider = {
  type: 'AWS::EC2::VPC',
  properties: ['CidrBlock', 'EnableDnsHostnames', 'EnableDnsSupport', 'InstanceTenancy', 'Tags'],
  async create(request) {
    const { CidrBlock, InstanceTenancy } = request.properties;
    const input = { CidrBlock, InstanceTenancy, ...tagSpecifications('vpc', request.properties) };
    const { Vpc } = await request.call<CreateVpcCommandOutput>('ec2', 'CreateVpc', input);
    const VpcId = Vpc?.VpcId ?? '';
    request.created(VpcId);
    await changeDns(request, VpcId, {});
    return resultOf(request, VpcId);
  },
  async update(request) {
    const { physicalId, previous, properties } = request;
    if (properties['InstanceTenancy'] !== previous['InstanceTenancy']) {
      throw new Error('The embedded cloud cannot change InstanceTenancy of a VPC: give it another logical ID.');
    }
    await changeDns(request, physicalId, previous);
    await changeTags(request, physicalId, previous);
    return resultOf(request, physicalId);
  },
  async delete(request) {
    await unlessGone(['InvalidVpcID.NotFound'], () => request.call('ec2', 'DeleteVpc', { VpcId: request.physicalId }));
  },
};

/** What a VPC has that a template says nothing of. */
const defaults = { EnableDnsSupport: true, EnableDnsHostnames: false } as const;

async function changeDns(request: ResourceRequest, VpcId: string, previous: Properties): Promise<void> {
  for (const name of ['EnableDnsSupport', 'EnableDnsHostnames'] as const) {
    const Value = request.properties[name] ?? defaults[name];
    if (Value === (previous[name] ?? defaults[name])) continue;
    await request.call('ec2', 'ModifyVpcAttribute', { VpcId, [name]: { Value } });
  }
}

async function resultOf(request: ResourceRequest, VpcId: string): Promise<ResourceResult> {
  const Filters = [{ Name: 'vpc-id', Values: [VpcId] }];
  const { Vpcs } = await request.call<DescribeVpcsCommandOutput>('ec2', 'DescribeVpcs', { VpcIds: [VpcId] });
  const { NetworkAcls } = await request.call<DescribeNetworkAclsCommandOutput>('ec2', 'DescribeNetworkAcls', {
    Filters: [...Filters, { Name: 'default', Values: ['true'] }],
  });
  const { SecurityGroups } = await request.call<DescribeSecurityGroupsCommandOutput>('ec2', 'DescribeSecurityGroups', {
    Filters: [...Filters, { Name: 'group-name', Values: ['default'] }],
  });
  const [vpc] = Vpcs ?? [];
  return {
    physicalId: VpcId,
    attributes: {
      VpcId,
      CidrBlock: vpc?.CidrBlock,
      CidrBlockAssociations: vpc?.CidrBlockAssociationSet?.map(({ AssociationId }) => AssociationId),
      DefaultNetworkAcl: NetworkAcls?.[0]?.NetworkAclId,
      DefaultSecurityGroup: SecurityGroups?.[0]?.GroupId,
      Ipv6CidrBlocks: [],
    },
  };
}
