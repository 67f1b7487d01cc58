import type { AssociateRouteTableCommandOutput, CreateRouteTableCommandOutput } from '@aws-sdk/client-ec2';
import type { ResourceProvider } from '../provider.ts';
import { unlessGone } from './calls.ts';
import { changeTags, tagSpecifications } from './ec2-tags.ts';

export const ec2RouteTable: ResourceProvider = {
  type: 'AWS::EC2::RouteTable',
  properties: ['Tags', 'VpcId'],
  async create(request) {
    const { VpcId } = request.properties;
    const input = { VpcId, ...tagSpecifications('route-table', request.properties) };
    const { RouteTable } = await request.call<CreateRouteTableCommandOutput>('ec2', 'CreateRouteTable', input);
    return resultOf(RouteTable?.RouteTableId ?? '');
  },
  async update(request) {
    await changeTags(request, request.physicalId, request.previous);
    return resultOf(request.physicalId);
  },
  async delete(request) {
    await unlessGone(['InvalidRouteTableID.NotFound'], () =>
      request.call('ec2', 'DeleteRouteTable', { RouteTableId: request.physicalId }),
    );
  },
};

const resultOf = (physicalId: string) => ({ physicalId, attributes: { RouteTableId: physicalId } });

export const ec2SubnetRouteTableAssociation: ResourceProvider = {
  type: 'AWS::EC2::SubnetRouteTableAssociation',
  properties: ['RouteTableId', 'SubnetId'],
  async create(request) {
    const { AssociationId = '' } = await request.call<AssociateRouteTableCommandOutput>(
      'ec2',
      'AssociateRouteTable',
      request.properties,
    );
    return { physicalId: AssociationId, attributes: { Id: AssociationId } };
  },
  async delete(request) {
    await unlessGone(['InvalidAssociationID.NotFound'], () =>
      request.call('ec2', 'DisassociateRouteTable', { AssociationId: request.physicalId }),
    );
  },
};
