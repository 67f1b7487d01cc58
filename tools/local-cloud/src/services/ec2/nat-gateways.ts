import type {
  CreateNatGatewayCommandInput,
  CreateNatGatewayCommandOutput,
  DeleteNatGatewayCommandInput,
  DeleteNatGatewayCommandOutput,
} from '@aws-sdk/client-ec2';
import { describeOperation, found } from './describe.ts';
import { ec2Error, missingParameter, unsupported } from './errors.ts';
import { addInterface } from './new-network-interface.ts';
import { ec2Operation } from './operation.ts';
import { type Ec2State, newId, type StoredAddress, type StoredNatGateway } from './state.ts';
import { ec2State } from './store.ts';
import { added, tagsOnCreation } from './tags.ts';

/** How long a deleted gateway is still described ("Delete a NAT gateway", Amazon VPC User Guide: about an hour). */
const rememberedFor = 60 * 60_000;

const createNatGateway = ec2Operation<CreateNatGatewayCommandInput, CreateNatGatewayCommandOutput>(
  'CreateNatGateway',
  ({ SubnetId, AllocationId }) => [
    ['natgateway'],
    ['subnet', SubnetId],
    ...(AllocationId === undefined ? [] : [['elastic-ip', AllocationId] as const]),
  ],
  (input, call) => {
    const { SubnetId, AllocationId, ConnectivityType = 'public' } = input;
    const state = ec2State(call.cloud, call);
    if (input.AvailabilityMode === 'regional') throw unsupported('regional NAT gateways');
    if (input.SecondaryAllocationIds || input.SecondaryPrivateIpAddresses || input.SecondaryPrivateIpAddressCount) {
      throw unsupported('secondary addresses of NAT gateways');
    }
    const subnet = found(state.subnets, SubnetId, 'subnet');
    const address = addressFor(state, ConnectivityType, AllocationId);
    tagsOnCreation('natgateway', input);
    const id = newId('nat');
    const networkInterface = addInterface(state, call, {
      subnet,
      groups: [],
      description: `Interface for NAT Gateway ${id}`,
      wanted: input.PrivateIpAddress,
      type: 'natGateway',
      requester: 'amazon-nat',
    });
    const { NetworkInterfaceId, PrivateIpAddress: PrivateIp } = networkInterface;
    if (address) {
      state.addresses.set(address.AllocationId, {
        ...address,
        AssociationId: newId('eipassoc'),
        NetworkInterfaceId,
        NetworkInterfaceOwnerId: call.account,
        PrivateIpAddress: PrivateIp,
      });
    }
    const gateway: StoredNatGateway = {
      NatGatewayId: id,
      SubnetId: subnet.SubnetId,
      VpcId: subnet.VpcId,
      ConnectivityType,
      CreateTime: new Date(call.cloud.clock.now()),
      NatGatewayAddresses: [
        {
          ...(address && { AllocationId, PublicIp: address.PublicIp }),
          NetworkInterfaceId,
          PrivateIp,
          IsPrimary: true,
          Status: 'succeeded',
        },
      ],
      State: 'available',
    };
    const answer = added({ call, kind: 'natgateway', id, input }, ({ natGateways }) => natGateways, gateway);
    return { NatGateway: { ...answer, State: 'pending' }, ClientToken: input.ClientToken };
  },
);

function addressFor(state: Ec2State, connectivity: string, id: string | undefined): StoredAddress | undefined {
  if (connectivity === 'private') {
    if (id === undefined) return undefined;
    throw ec2Error('InvalidParameterCombination', 'A private NAT gateway takes no AllocationId');
  }
  if (id === undefined) throw missingParameter('AllocationId');
  const address = found(state.addresses, id, 'elastic-ip');
  if (address.AssociationId) {
    throw ec2Error('Resource.AlreadyAssociated', `Elastic IP address [${id}] is already associated`);
  }
  return address;
}

const deleteNatGateway = ec2Operation<DeleteNatGatewayCommandInput, DeleteNatGatewayCommandOutput>(
  'DeleteNatGateway',
  ({ NatGatewayId }) => [['natgateway', NatGatewayId]],
  ({ NatGatewayId = '' }, call) => {
    const state = ec2State(call.cloud, call);
    const gateway = found(state.natGateways, NatGatewayId, 'natgateway');
    for (const { AllocationId = '', NetworkInterfaceId = '' } of gateway.NatGatewayAddresses ?? []) {
      state.networkInterfaces.delete(NetworkInterfaceId);
      const address = state.addresses.get(AllocationId);
      if (!address) continue;
      const { AssociationId, NetworkInterfaceId: _, NetworkInterfaceOwnerId, PrivateIpAddress, ...free } = address;
      state.addresses.set(AllocationId, free);
    }
    const DeleteTime = new Date(call.cloud.clock.now());
    state.natGateways.set(NatGatewayId, { ...gateway, State: 'deleted', DeleteTime });
    call.cloud.clock.after(rememberedFor, () => {
      state.natGateways.delete(NatGatewayId);
      state.tags.delete(NatGatewayId);
    });
    return { NatGatewayId };
  },
);

export const natGatewayOperations = {
  CreateNatGateway: createNatGateway,
  DeleteNatGateway: deleteNatGateway,
  DescribeNatGateways: describeOperation({
    name: 'DescribeNatGateways',
    kind: 'natgateway',
    store: ({ natGateways }) => natGateways,
    members: ['NatGatewayIds', 'NatGateways'],
    id: ({ NatGatewayId }) => NatGatewayId,
    filters: {
      'nat-gateway-id': (gateway) => gateway.NatGatewayId,
      state: (gateway) => gateway.State,
      'subnet-id': (gateway) => gateway.SubnetId,
      'vpc-id': (gateway) => gateway.VpcId,
    },
  }),
};
