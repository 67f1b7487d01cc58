import type { ResourceProvider, ResourceRequest } from '../provider.ts';
import { unlessGone } from './calls.ts';

export const ec2VpcGatewayAttachment: ResourceProvider = {
  type: 'AWS::EC2::VPCGatewayAttachment',
  properties: ['InternetGatewayId', 'VpcId'],
  async create(request) {
    await request.call('ec2', 'AttachInternetGateway', request.properties);
    return resultOf(request);
  },
  async update(request) {
    await request.call('ec2', 'DetachInternetGateway', request.previous);
    await request.call('ec2', 'AttachInternetGateway', request.properties);
    return resultOf(request);
  },
  async delete(request) {
    await unlessGone(['Gateway.NotAttached', 'InvalidInternetGatewayID.NotFound'], () =>
      request.call('ec2', 'DetachInternetGateway', request.properties),
    );
  },
};

/** "Return values": the kind of gateway and the VPC. */
function resultOf({ properties }: ResourceRequest) {
  return { physicalId: `IGW|${properties['VpcId']}`, attributes: { AttachmentType: 'IGW' } };
}
