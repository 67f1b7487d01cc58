import type { Properties, ResourceProvider } from '../provider.ts';
import { unlessGone } from './calls.ts';

export const ec2Route: ResourceProvider = {
  type: 'AWS::EC2::Route',
  properties: ['DestinationCidrBlock', 'GatewayId', 'NatGatewayId', 'NetworkInterfaceId', 'RouteTableId'],
  async create(request) {
    await request.call('ec2', 'CreateRoute', request.properties);
    return resultOf(request.properties);
  },
  async update(request) {
    await request.call('ec2', 'ReplaceRoute', request.properties);
    return resultOf(request.properties);
  },
  async delete(request) {
    const { RouteTableId, DestinationCidrBlock } = request.properties;
    await unlessGone(['InvalidRoute.NotFound', 'InvalidRouteTableID.NotFound'], () =>
      request.call('ec2', 'DeleteRoute', { RouteTableId, DestinationCidrBlock }),
    );
  },
};

function resultOf({ RouteTableId, DestinationCidrBlock }: Properties) {
  return { physicalId: `${RouteTableId}|${DestinationCidrBlock}`, attributes: { CidrBlock: DestinationCidrBlock } };
}
