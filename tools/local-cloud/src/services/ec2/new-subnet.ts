import { ec2Arn, newId, type Place, type StoredSubnet } from './state.ts';
import type { Zone } from './zones.ts';

export function newSubnet(
  place: Place,
  { VpcId, CidrBlock, zone }: { VpcId: string; CidrBlock: string; zone: Zone },
): StoredSubnet {
  const SubnetId = newId('subnet');
  return {
    SubnetId,
    SubnetArn: ec2Arn(place, `subnet/${SubnetId}`),
    VpcId,
    CidrBlock,
    AvailabilityZone: zone.name,
    AvailabilityZoneId: zone.id,
    AssignIpv6AddressOnCreation: false,
    DefaultForAz: false,
    EnableDns64: false,
    Ipv6CidrBlockAssociationSet: [],
    Ipv6Native: false,
    MapPublicIpOnLaunch: false,
    OwnerId: place.account,
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: 'ip-name',
      EnableResourceNameDnsARecord: false,
      EnableResourceNameDnsAAAARecord: false,
    },
    State: 'available',
  };
}
