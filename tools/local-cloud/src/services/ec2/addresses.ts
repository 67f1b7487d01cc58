import type {
  AllocateAddressCommandInput,
  AllocateAddressCommandOutput,
  DescribeAddressesCommandInput,
  DescribeAddressesCommandOutput,
  ReleaseAddressCommandInput,
  ReleaseAddressCommandOutput,
} from '@aws-sdk/client-ec2';
import { filtered, found } from './describe.ts';
import { ec2Error, missingParameter, unsupported } from './errors.ts';
import { ec2Operation, onAll } from './operation.ts';
import { newId, type StoredAddress } from './state.ts';
import { ec2State } from './store.ts';
import { added, tagsOf } from './tags.ts';

/** Blocks set aside for documentation (RFC 5737): no address given out here is anybody's. */
const publicBlocks = ['203.0.113', '198.51.100', '192.0.2'];

const allocateAddress = ec2Operation<AllocateAddressCommandInput, AllocateAddressCommandOutput>(
  'AllocateAddress',
  () => [['elastic-ip']],
  (input, call) => {
    if (input.Address ?? input.PublicIpv4Pool ?? input.IpamPoolId) throw unsupported('address pools of one’s own');
    const { addresses } = ec2State(call.cloud, call);
    const taken = new Set([...addresses.values()].map(({ PublicIp }) => PublicIp));
    const PublicIp = publicBlocks
      .flatMap((block) => Array.from({ length: 254 }, (_, i) => `${block}.${i + 1}`))
      .find((address) => !taken.has(address));
    if (!PublicIp) throw ec2Error('AddressLimitExceeded', 'The maximum number of addresses has been reached.');
    const AllocationId = newId('eipalloc');
    const address: StoredAddress = {
      AllocationId,
      PublicIp,
      Domain: 'vpc',
      NetworkBorderGroup: call.region,
      PublicIpv4Pool: 'amazon',
    };
    added({ call, kind: 'elastic-ip', id: AllocationId, input }, (state) => state.addresses, address);
    return address;
  },
);

const releaseAddress = ec2Operation<ReleaseAddressCommandInput, ReleaseAddressCommandOutput>(
  'ReleaseAddress',
  ({ AllocationId }) => [['elastic-ip', AllocationId]],
  ({ AllocationId }, call) => {
    if (AllocationId === undefined) throw missingParameter('AllocationId');
    const { addresses, tags } = ec2State(call.cloud, call);
    const { PublicIp, AssociationId } = found(addresses, AllocationId, 'elastic-ip');
    if (AssociationId) throw ec2Error('InvalidIPAddress.InUse', `Address ${PublicIp} is in use.`);
    addresses.delete(AllocationId);
    tags.delete(AllocationId);
    return {};
  },
);

const describeAddresses = ec2Operation<DescribeAddressesCommandInput, DescribeAddressesCommandOutput>(
  'DescribeAddresses',
  onAll,
  ({ AllocationIds, PublicIps, Filters }, call) => {
    const state = ec2State(call.cloud, call);
    for (const id of AllocationIds ?? []) found(state.addresses, id, 'elastic-ip');
    const all = [...state.addresses.values()];
    for (const ip of PublicIps ?? []) {
      if (all.some(({ PublicIp }) => PublicIp === ip)) continue;
      throw ec2Error('InvalidAddress.NotFound', `Address '${ip}' not found.`);
    }
    const chosen = all
      .filter(({ AllocationId }) => !AllocationIds || AllocationIds.includes(AllocationId))
      .filter(({ PublicIp }) => !PublicIps || PublicIps.includes(PublicIp))
      .map((address) => ({ ...address, Tags: tagsOf(state, address.AllocationId) }));
    return {
      Addresses: [
        ...filtered(chosen, Filters, {
          'allocation-id': (address) => address.AllocationId,
          'association-id': (address) => address.AssociationId,
          domain: (address) => address.Domain,
          'network-border-group': (address) => address.NetworkBorderGroup,
          'network-interface-id': (address) => address.NetworkInterfaceId,
          'network-interface-owner-id': (address) => address.NetworkInterfaceOwnerId,
          'private-ip-address': (address) => address.PrivateIpAddress,
          'public-ip': (address) => address.PublicIp,
        }),
      ],
    };
  },
);

export const addressOperations = {
  AllocateAddress: allocateAddress,
  ReleaseAddress: releaseAddress,
  DescribeAddresses: describeAddresses,
};
