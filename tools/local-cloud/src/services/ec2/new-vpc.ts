import type { Tenancy } from '@aws-sdk/client-ec2';
import { allowAll } from './security-group-rule.ts';
import { type Ec2State, newId, type Place, type StoredSubnet, type StoredVpc } from './state.ts';

/** A VPC with what AWS creates along with it: main route table, network ACL and security group ("VPC basics"). */
export function addVpc(
  state: Ec2State,
  place: Place,
  { cidr, isDefault, tenancy }: { cidr: string; isDefault: boolean; tenancy?: Tenancy | undefined },
): StoredVpc {
  const { account: OwnerId } = place;
  const VpcId = newId('vpc');
  const vpc: StoredVpc = {
    VpcId,
    CidrBlock: cidr,
    CidrBlockAssociationSet: [
      { AssociationId: newId('vpc-cidr-assoc'), CidrBlock: cidr, CidrBlockState: { State: 'associated' } },
    ],
    DhcpOptionsId: 'default',
    InstanceTenancy: tenancy ?? 'default',
    IsDefault: isDefault,
    OwnerId,
    State: 'available',
    dnsSupport: true,
    dnsHostnames: isDefault,
  };
  state.vpcs.set(VpcId, vpc);
  const RouteTableId = newId('rtb');
  const association = {
    Main: true,
    RouteTableAssociationId: newId('rtbassoc'),
    RouteTableId,
    AssociationState: { State: 'associated' as const },
  };
  state.routeTables.set(RouteTableId, {
    RouteTableId,
    VpcId,
    OwnerId,
    Routes: [localRoute(cidr)],
    Associations: [association],
    PropagatingVgws: [],
  });
  addNetworkAcl(state, vpc);
  const GroupId = newId('sg');
  state.securityGroups.set(GroupId, {
    GroupId,
    GroupName: 'default',
    Description: 'default VPC security group',
    VpcId,
    OwnerId,
    SecurityGroupArn: `arn:aws:ec2:${place.region}:${OwnerId}:security-group/${GroupId}`,
  });
  allowAll(state, GroupId, OwnerId, { IsEgress: false, ReferencedGroupInfo: { GroupId, UserId: OwnerId } });
  allowAll(state, GroupId, OwnerId, { IsEgress: true, CidrIpv4: '0.0.0.0/0' });
  return vpc;
}

export function localRoute(cidr: string) {
  return {
    DestinationCidrBlock: cidr,
    GatewayId: 'local',
    Origin: 'CreateRouteTable' as const,
    State: 'active' as const,
  };
}

function addNetworkAcl(state: Ec2State, { VpcId, OwnerId }: StoredVpc): void {
  const NetworkAclId = newId('acl');
  const entries = [true, false].flatMap((Egress) =>
    ([100, 32767] as const).map((RuleNumber) => ({
      CidrBlock: '0.0.0.0/0',
      Egress,
      Protocol: '-1',
      RuleAction: RuleNumber === 100 ? ('allow' as const) : ('deny' as const),
      RuleNumber,
    })),
  );
  state.networkAcls.set(NetworkAclId, {
    NetworkAclId,
    VpcId,
    OwnerId,
    IsDefault: true,
    Entries: entries,
    Associations: [],
  });
}

/** A new subnet is in the VPC's network ACL until it is given another. */
export function associateAcl(state: Ec2State, { SubnetId, VpcId }: StoredSubnet): void {
  const acl = [...state.networkAcls.values()].find((one) => one.VpcId === VpcId && one.IsDefault);
  acl?.Associations.push({ NetworkAclAssociationId: newId('aclassoc'), NetworkAclId: acl.NetworkAclId, SubnetId });
}
