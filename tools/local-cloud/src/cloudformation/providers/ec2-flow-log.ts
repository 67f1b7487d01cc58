import type { CreateFlowLogsCommandOutput } from '@aws-sdk/client-ec2';
import type { ResourceProvider } from '../provider.ts';
import { unlessGone } from './calls.ts';
import { changeTags, tagSpecifications } from './ec2-tags.ts';

export const ec2FlowLog: ResourceProvider = {
  type: 'AWS::EC2::FlowLog',
  properties: [
    'DeliverLogsPermissionArn',
    'DestinationOptions',
    'LogDestination',
    'LogDestinationType',
    'LogFormat',
    'LogGroupName',
    'MaxAggregationInterval',
    'ResourceId',
    'ResourceType',
    'Tags',
    'TrafficType',
  ],
  async create(request) {
    const { ResourceId, Tags: _, ...own } = request.properties;
    const input = { ...own, ResourceIds: [ResourceId], ...tagSpecifications('vpc-flow-log', request.properties) };
    const { FlowLogIds } = await request.call<CreateFlowLogsCommandOutput>('ec2', 'CreateFlowLogs', input);
    return resultOf(FlowLogIds?.[0] ?? '');
  },
  async update(request) {
    await changeTags(request, request.physicalId, request.previous);
    return resultOf(request.physicalId);
  },
  async delete(request) {
    await unlessGone(['InvalidFlowLogId.NotFound'], () =>
      request.call('ec2', 'DeleteFlowLogs', { FlowLogIds: [request.physicalId] }),
    );
  },
};

const resultOf = (physicalId: string) => ({ physicalId, attributes: { Id: physicalId } });
