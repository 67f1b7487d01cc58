import type { CreateNatGatewayCommandOutput, DescribeNatGatewaysCommandOutput } from '@aws-sdk/client-ec2';
import type { ResourceProvider, ResourceRequest, ResourceResult } from '../provider.ts';
import { unlessGone, until } from './calls.ts';
import { changeTags, tagSpecifications } from './ec2-tags.ts';

export const ec2NatGateway: ResourceProvider = {
  type: 'AWS::EC2::NatGateway',
  properties: ['AllocationId', 'ConnectivityType', 'PrivateIpAddress', 'SubnetId', 'Tags'],
  async create(request) {
    const { Tags: _, ...own } = request.properties;
    const input = { ...own, ...tagSpecifications('natgateway', request.properties) };
    const { NatGateway } = await request.call<CreateNatGatewayCommandOutput>('ec2', 'CreateNatGateway', input);
    const id = NatGateway?.NatGatewayId ?? '';
    request.created(id);
    await until(request, async () => (await gateway(request, id))?.State === 'available');
    return resultOf(request, id);
  },
  async update(request) {
    await changeTags(request, request.physicalId, request.previous);
    return resultOf(request, request.physicalId);
  },
  async delete(request) {
    const { physicalId: NatGatewayId } = request;
    await unlessGone(['NatGatewayNotFound'], async () => {
      await request.call('ec2', 'DeleteNatGateway', { NatGatewayId });
      await until(request, async () => (await gateway(request, NatGatewayId))?.State === 'deleted');
    });
  },
};

async function gateway(request: ResourceRequest, id: string) {
  const { NatGateways } = await request.call<DescribeNatGatewaysCommandOutput>('ec2', 'DescribeNatGateways', {
    NatGatewayIds: [id],
  });
  return NatGateways?.[0];
}

async function resultOf(request: ResourceRequest, id: string): Promise<ResourceResult> {
  const [address] = (await gateway(request, id))?.NatGatewayAddresses ?? [];
  return { physicalId: id, attributes: { NatGatewayId: id, EniId: address?.NetworkInterfaceId } };
}
