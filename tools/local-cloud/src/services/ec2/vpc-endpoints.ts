import type {
  CreateVpcEndpointCommandInput,
  CreateVpcEndpointCommandOutput,
  DeleteVpcEndpointsCommandInput,
  DeleteVpcEndpointsCommandOutput,
  ModifyVpcEndpointCommandInput,
  ModifyVpcEndpointCommandOutput,
} from '@aws-sdk/client-ec2';
import { describeOperation, found } from './describe.ts';
import { defaultPolicy, endpointState, gatewayServices } from './endpoint-parts.ts';
import { ec2Error, unsupported } from './errors.ts';
import { ec2Operation } from './operation.ts';
import { newId, type StoredEndpoint } from './state.ts';
import { ec2State } from './store.ts';
import { setTags, tagsOf, tagsOnCreation } from './tags.ts';

const createVpcEndpoint = ec2Operation<CreateVpcEndpointCommandInput, CreateVpcEndpointCommandOutput>(
  'CreateVpcEndpoint',
  ({ VpcId, SubnetIds = [], SecurityGroupIds = [], RouteTableIds = [] }) => [
    ['vpc-endpoint'],
    ['vpc', VpcId],
    ...SubnetIds.map((id) => ['subnet', id] as const),
    ...SecurityGroupIds.map((id) => ['security-group', id] as const),
    ...RouteTableIds.map((id) => ['route-table', id] as const),
  ],
  (input, call) => {
    const { ServiceName = '', VpcEndpointType = 'Gateway' } = input;
    const state = ec2State(call.cloud, call);
    const vpc = found(state.vpcs, input.VpcId, 'vpc');
    if (VpcEndpointType !== 'Gateway' && VpcEndpointType !== 'Interface') {
      throw unsupported(`VPC endpoints of the type ${VpcEndpointType}`);
    }
    const service = ServiceName.startsWith(`com.amazonaws.${call.region}.`) && ServiceName.split('.').at(-1);
    const isGateway = gatewayServices.some((name) => name === service);
    if (!service || (VpcEndpointType === 'Gateway' && !isGateway)) {
      throw ec2Error('InvalidServiceName', `The Vpc Endpoint Service '${ServiceName}' does not exist`);
    }
    if (VpcEndpointType === 'Interface' && input.PrivateDnsEnabled !== false && !(vpc.dnsSupport && vpc.dnsHostnames)) {
      throw ec2Error(
        'InvalidParameter',
        `Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ${vpc.VpcId}`,
      );
    }
    const tags = tagsOnCreation('vpc-endpoint', input);
    const VpcEndpointId = newId('vpce');
    const endpoint: StoredEndpoint = {
      VpcEndpointId,
      VpcEndpointType,
      VpcId: vpc.VpcId,
      ServiceName,
      // What the service answers; the enum of the SDK has it in capitals.
      State: 'available' as 'Available',
      PolicyDocument: input.PolicyDocument ?? defaultPolicy,
      CreationTimestamp: new Date(call.cloud.clock.now()),
      OwnerId: call.account,
      RequesterManaged: false,
      IpAddressType: 'ipv4',
      PrivateDnsEnabled: VpcEndpointType === 'Interface' && input.PrivateDnsEnabled !== false,
      RouteTableIds: [],
      SubnetIds: [],
      Groups: [],
      NetworkInterfaceIds: [],
      DnsEntries: [],
    };
    state.vpcEndpoints.set(VpcEndpointId, endpoint);
    try {
      endpointState(state, call, endpoint, input);
    } catch (error) {
      endpointState(state, call, endpoint, { RouteTableIds: [], SubnetIds: [] });
      state.vpcEndpoints.delete(VpcEndpointId);
      throw error;
    }
    setTags(state, VpcEndpointId, tags);
    const created = found(state.vpcEndpoints, VpcEndpointId, 'vpc-endpoint');
    return { VpcEndpoint: { ...created, Tags: tagsOf(state, VpcEndpointId) } };
  },
);

const modifyVpcEndpoint = ec2Operation<ModifyVpcEndpointCommandInput, ModifyVpcEndpointCommandOutput>(
  'ModifyVpcEndpoint',
  ({ VpcEndpointId }) => [['vpc-endpoint', VpcEndpointId]],
  (input, call) => {
    const state = ec2State(call.cloud, call);
    const old = found(state.vpcEndpoints, input.VpcEndpointId, 'vpc-endpoint');
    if (input.IpAddressType !== undefined && input.IpAddressType !== 'ipv4') throw unsupported('IPv6 endpoints');
    const changed = (before: readonly string[] = [], add: readonly string[] = [], remove: readonly string[] = []) => [
      ...before.filter((id) => !remove.includes(id)),
      ...add.filter((id) => !before.includes(id)),
    ];
    const groups = old.Groups?.map(({ GroupId = '' }) => GroupId);
    const PolicyDocument = input.ResetPolicy ? defaultPolicy : (input.PolicyDocument ?? old.PolicyDocument);
    const PrivateDnsEnabled = input.PrivateDnsEnabled ?? old.PrivateDnsEnabled;
    endpointState(
      state,
      call,
      { ...old, PolicyDocument, PrivateDnsEnabled },
      {
        RouteTableIds: changed(old.RouteTableIds, input.AddRouteTableIds, input.RemoveRouteTableIds),
        SubnetIds: changed(old.SubnetIds, input.AddSubnetIds, input.RemoveSubnetIds),
        SecurityGroupIds: changed(groups, input.AddSecurityGroupIds, input.RemoveSecurityGroupIds),
      },
    );
    return { Return: true };
  },
);

const deleteVpcEndpoints = ec2Operation<DeleteVpcEndpointsCommandInput, DeleteVpcEndpointsCommandOutput>(
  'DeleteVpcEndpoints',
  ({ VpcEndpointIds = [] }) => VpcEndpointIds.map((id) => ['vpc-endpoint', id] as const),
  ({ VpcEndpointIds = [] }, call) => {
    const state = ec2State(call.cloud, call);
    const there = VpcEndpointIds.filter((id) => state.vpcEndpoints.has(id));
    for (const id of there) {
      const endpoint = found(state.vpcEndpoints, id, 'vpc-endpoint');
      endpointState(state, call, endpoint, { RouteTableIds: [], SubnetIds: [] });
      state.vpcEndpoints.delete(id);
      state.tags.delete(id);
    }
    return {
      Unsuccessful: VpcEndpointIds.filter((id) => !there.includes(id)).map((ResourceId) => ({
        ResourceId,
        Error: {
          Code: 'InvalidVpcEndpointId.NotFound',
          Message: `The Vpc Endpoint Id '${ResourceId}' does not exist`,
        },
      })),
    };
  },
);

export const vpcEndpointOperations = {
  CreateVpcEndpoint: createVpcEndpoint,
  ModifyVpcEndpoint: modifyVpcEndpoint,
  DeleteVpcEndpoints: deleteVpcEndpoints,
  DescribeVpcEndpoints: describeOperation({
    name: 'DescribeVpcEndpoints',
    kind: 'vpc-endpoint',
    store: ({ vpcEndpoints }) => vpcEndpoints,
    members: ['VpcEndpointIds', 'VpcEndpoints'],
    id: ({ VpcEndpointId }) => VpcEndpointId,
    filters: {
      'ip-address-type': (endpoint) => endpoint.IpAddressType,
      'service-name': (endpoint) => endpoint.ServiceName,
      'vpc-endpoint-id': (endpoint) => endpoint.VpcEndpointId,
      'vpc-endpoint-state': (endpoint) => endpoint.State,
      'vpc-endpoint-type': (endpoint) => endpoint.VpcEndpointType,
      'vpc-id': (endpoint) => endpoint.VpcId,
    },
  }),
};
