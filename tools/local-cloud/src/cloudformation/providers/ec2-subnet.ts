import type {
  CreateSubnetCommandOutput,
  DescribeNetworkAclsCommandOutput,
  DescribeSubnetsCommandOutput,
} from '@aws-sdk/client-ec2';
import type { ResourceProvider, ResourceRequest, ResourceResult } from '../provider.ts';
import { unlessGone } from './calls.ts';
import { changeTags, tagSpecifications } from './ec2-tags.ts';

export const ec2Subnet: ResourceProvider = {
  type: 'AWS::EC2::Subnet',
  properties: ['AvailabilityZone', 'AvailabilityZoneId', 'CidrBlock', 'MapPublicIpOnLaunch', 'Tags', 'VpcId'],
  async create(request) {
    const { MapPublicIpOnLaunch, Tags: _, ...own } = request.properties;
    const input = { ...own, ...tagSpecifications('subnet', request.properties) };
    const { Subnet } = await request.call<CreateSubnetCommandOutput>('ec2', 'CreateSubnet', input);
    const SubnetId = Subnet?.SubnetId ?? '';
    request.created(SubnetId);
    if (MapPublicIpOnLaunch) await mapPublicIp(request, SubnetId, true);
    return resultOf(request, SubnetId);
  },
  async update(request) {
    const { physicalId, properties, previous } = request;
    const { MapPublicIpOnLaunch = false } = properties;
    if (MapPublicIpOnLaunch !== (previous['MapPublicIpOnLaunch'] ?? false)) {
      await mapPublicIp(request, physicalId, MapPublicIpOnLaunch);
    }
    await changeTags(request, physicalId, previous);
    return resultOf(request, physicalId);
  },
  async delete(request) {
    await unlessGone(['InvalidSubnetID.NotFound'], () =>
      request.call('ec2', 'DeleteSubnet', { SubnetId: request.physicalId }),
    );
  },
};

function mapPublicIp(request: ResourceRequest, SubnetId: string, Value: boolean): Promise<unknown> {
  return request.call('ec2', 'ModifySubnetAttribute', { SubnetId, MapPublicIpOnLaunch: { Value } });
}

async function resultOf(request: ResourceRequest, SubnetId: string): Promise<ResourceResult> {
  const { Subnets } = await request.call<DescribeSubnetsCommandOutput>('ec2', 'DescribeSubnets', {
    SubnetIds: [SubnetId],
  });
  const { NetworkAcls } = await request.call<DescribeNetworkAclsCommandOutput>('ec2', 'DescribeNetworkAcls', {
    Filters: [{ Name: 'association.subnet-id', Values: [SubnetId] }],
  });
  const association = NetworkAcls?.[0]?.Associations?.find((one) => one.SubnetId === SubnetId);
  const [subnet] = Subnets ?? [];
  return {
    physicalId: SubnetId,
    attributes: {
      SubnetId,
      VpcId: subnet?.VpcId,
      CidrBlock: subnet?.CidrBlock,
      AvailabilityZone: subnet?.AvailabilityZone,
      AvailabilityZoneId: subnet?.AvailabilityZoneId,
      Ipv6CidrBlocks: [],
      NetworkAclAssociationId: association?.NetworkAclAssociationId,
    },
  };
}
