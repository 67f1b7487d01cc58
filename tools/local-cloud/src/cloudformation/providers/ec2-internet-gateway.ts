import type { CreateInternetGatewayCommandOutput } from '@aws-sdk/client-ec2';
import type { ResourceProvider } from '../provider.ts';
import { unlessGone } from './calls.ts';
import { changeTags, tagSpecifications } from './ec2-tags.ts';

export const ec2InternetGateway: ResourceProvider = {
  type: 'AWS::EC2::InternetGateway',
  properties: ['Tags'],
  async create(request) {
    const input = tagSpecifications('internet-gateway', request.properties);
    const { InternetGateway } = await request.call<CreateInternetGatewayCommandOutput>(
      'ec2',
      'CreateInternetGateway',
      input,
    );
    return resultOf(InternetGateway?.InternetGatewayId ?? '');
  },
  async update(request) {
    await changeTags(request, request.physicalId, request.previous);
    return resultOf(request.physicalId);
  },
  async delete(request) {
    await unlessGone(['InvalidInternetGatewayID.NotFound'], () =>
      request.call('ec2', 'DeleteInternetGateway', { InternetGatewayId: request.physicalId }),
    );
  },
};

const resultOf = (physicalId: string) => ({ physicalId, attributes: { InternetGatewayId: physicalId } });
