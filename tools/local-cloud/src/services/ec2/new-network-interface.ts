import type { NetworkInterfaceType } from '@aws-sdk/client-ec2';
import { privateAddress } from './private-addresses.ts';
import { type Ec2State, newId, type Place, type StoredInterface, type StoredSubnet } from './state.ts';

interface Wish {
  readonly subnet: StoredSubnet;
  readonly groups: readonly { GroupId: string; GroupName: string }[];
  readonly description?: string | undefined;
  /** The private address asked for; any free one of the subnet otherwise. */
  readonly wanted?: string | undefined;
  readonly type?: NetworkInterfaceType;
  /** The service that has it, when it is not the account's own: nobody else can delete it. */
  readonly requester?: string;
}

/** A network interface in a subnet, with a private address of its own. */
export function addInterface(state: Ec2State, place: Place, wish: Wish): StoredInterface {
  const { subnet, groups, description = '', wanted, type = 'interface', requester } = wish;
  const NetworkInterfaceId = newId('eni');
  const PrivateIpAddress = privateAddress(state, subnet, wanted);
  const host = `ip-${PrivateIpAddress.replaceAll('.', '-')}`;
  const domain = place.region === 'us-east-1' ? 'ec2.internal' : `${place.region}.compute.internal`;
  const PrivateDnsName = `${host}.${domain}`;
  const created: StoredInterface = {
    NetworkInterfaceId,
    SubnetId: subnet.SubnetId,
    VpcId: subnet.VpcId,
    AvailabilityZone: subnet.AvailabilityZone,
    PrivateIpAddress,
    PrivateDnsName,
    PrivateIpAddresses: [{ Primary: true, PrivateIpAddress, PrivateDnsName }],
    Groups: groups.map(({ GroupId, GroupName }) => ({ GroupId, GroupName })),
    Description: description,
    // The enum of the SDK writes this one in another way than the service.
    InterfaceType: type === 'natGateway' ? ('nat_gateway' as 'natGateway') : type,
    MacAddress: macAddress(NetworkInterfaceId),
    OwnerId: place.account,
    RequesterManaged: requester !== undefined,
    ...(requester !== undefined && { RequesterId: requester }),
    SourceDestCheck: type !== 'natGateway',
    Status: requester === undefined ? 'available' : 'in-use',
  };
  state.networkInterfaces.set(NetworkInterfaceId, created);
  return created;
}

/** A locally administered address, told apart by the end of the interface's ID. */
const macAddress = (id: string) => ['02', ...(id.slice(-10).match(/../g) ?? [])].join(':');
