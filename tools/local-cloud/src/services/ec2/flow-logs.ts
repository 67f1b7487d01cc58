import type {
  CreateFlowLogsCommandInput,
  CreateFlowLogsCommandOutput,
  DeleteFlowLogsCommandInput,
  DeleteFlowLogsCommandOutput,
  FlowLogsResourceType,
} from '@aws-sdk/client-ec2';
import { passRoleDemand } from '../../iam/pass-role.ts';
import { describeOperation, found } from './describe.ts';
import { ec2Error, missingParameter, type ResourceKind, unsupported } from './errors.ts';
import { ec2Operation } from './operation.ts';
import { type Ec2State, newId } from './state.ts';
import { ec2State } from './store.ts';
import { setTags, tagsOnCreation } from './tags.ts';

const kinds: Partial<
  Record<FlowLogsResourceType, readonly [ResourceKind, (state: Ec2State) => ReadonlyMap<string, object>]>
> = {
  VPC: ['vpc', ({ vpcs }) => vpcs],
  Subnet: ['subnet', ({ subnets }) => subnets],
  NetworkInterface: ['network-interface', ({ networkInterfaces }) => networkInterfaces],
};

/** "Flow log basics", Amazon VPC User Guide: version 2. */
const defaultFormat = [
  'version account-id interface-id srcaddr dstaddr srcport dstport',
  'protocol packets bytes start end action log-status',
]
  .join(' ')
  .replace(/\S+/g, (field) => `\${${field}}`);

const create = ec2Operation<CreateFlowLogsCommandInput, CreateFlowLogsCommandOutput>(
  'CreateFlowLogs',
  ({ ResourceType = 'VPC', ResourceIds = [] }) => [
    ['vpc-flow-log'],
    ...ResourceIds.map((id) => [kinds[ResourceType]?.[0] ?? 'vpc', id] as const),
  ],
  (input, call) => {
    const { ResourceType = 'VPC', ResourceIds = [], LogDestinationType = 'cloud-watch-logs' } = input;
    const state = ec2State(call.cloud, call);
    const kind = kinds[ResourceType];
    if (!kind) throw unsupported(`flow logs of the resource type ${ResourceType}`);
    const [name, store] = kind;
    for (const id of ResourceIds) found(store(state), id, name);
    if (input.TrafficType === undefined) throw missingParameter('TrafficType');
    if (LogDestinationType === 'cloud-watch-logs') {
      if (!input.LogGroupName && !input.LogDestination) throw missingParameter('LogGroupName');
      if (!input.DeliverLogsPermissionArn) {
        throw ec2Error(
          'InvalidParameter',
          'DeliverLogsPermissionArn can’t be empty if LogDestinationType is cloud-watch-logs.',
        );
      }
    } else if (!input.LogDestination) throw missingParameter('LogDestination');
    const tags = tagsOnCreation('vpc-flow-log', input);
    const ids = ResourceIds.map((ResourceId) => {
      const FlowLogId = newId('fl');
      state.flowLogs.set(FlowLogId, {
        FlowLogId,
        ResourceId,
        FlowLogStatus: 'ACTIVE',
        TrafficType: input.TrafficType,
        LogDestinationType,
        CreationTime: new Date(call.cloud.clock.now()),
        LogFormat: input.LogFormat ?? defaultFormat,
        MaxAggregationInterval: input.MaxAggregationInterval ?? 600,
        ...(input.LogDestination !== undefined && { LogDestination: input.LogDestination }),
        ...(input.LogGroupName !== undefined && { LogGroupName: input.LogGroupName }),
        ...(input.DeliverLogsPermissionArn !== undefined && {
          DeliverLogsPermissionArn: input.DeliverLogsPermissionArn,
        }),
        ...(input.DestinationOptions && { DestinationOptions: input.DestinationOptions }),
      });
      setTags(state, FlowLogId, tags);
      return FlowLogId;
    });
    return { FlowLogIds: ids, Unsuccessful: [], ClientToken: input.ClientToken };
  },
);

const createFlowLogs: typeof create = {
  ...create,
  async demands(input, call) {
    const role = input.DeliverLogsPermissionArn;
    return [
      ...((await create.demands?.(input, call)) ?? []),
      ...(role === undefined ? [] : [passRoleDemand(role, 'vpc-flow-logs.amazonaws.com')]),
    ];
  },
};

const deleteFlowLogs = ec2Operation<DeleteFlowLogsCommandInput, DeleteFlowLogsCommandOutput>(
  'DeleteFlowLogs',
  ({ FlowLogIds = [] }) => FlowLogIds.map((id) => ['vpc-flow-log', id] as const),
  ({ FlowLogIds = [] }, call) => {
    const state = ec2State(call.cloud, call);
    for (const id of FlowLogIds) found(state.flowLogs, id, 'vpc-flow-log');
    for (const id of FlowLogIds) {
      state.flowLogs.delete(id);
      state.tags.delete(id);
    }
    return { Unsuccessful: [] };
  },
);

export const flowLogOperations = {
  CreateFlowLogs: createFlowLogs,
  DeleteFlowLogs: deleteFlowLogs,
  DescribeFlowLogs: describeOperation({
    name: 'DescribeFlowLogs',
    kind: 'vpc-flow-log',
    store: ({ flowLogs }) => flowLogs,
    members: ['FlowLogIds', 'FlowLogs'],
    id: ({ FlowLogId }) => FlowLogId,
    filters: {
      'deliver-log-status': (log) => log.DeliverLogsStatus,
      'flow-log-id': (log) => log.FlowLogId,
      'log-destination-type': (log) => log.LogDestinationType,
      'log-group-name': (log) => log.LogGroupName,
      'resource-id': (log) => log.ResourceId,
      'traffic-type': (log) => log.TrafficType,
    },
  }),
};
