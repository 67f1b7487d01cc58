import type {
  CreateNetworkInterfaceCommandOutput,
  DescribeNetworkInterfacesCommandOutput,
  DescribeSecurityGroupsCommandOutput,
  DescribeSubnetsCommandOutput,
  IpPermission,
  NetworkInterface,
  Subnet,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';
import { isWithin, readBlock } from '../../ipv4.ts';
import type { Caller, Cloud } from '../../service.ts';
import { elbError } from './errors.ts';
import type { Place } from './state.ts';

/**
 * Load balancers act on network interfaces with the service-linked role AWSServiceRoleForElasticLoadBalancing, which is in
 * every account and may do just what is needed; IAM keeps no such roles here.
 */
function serviceLinkedRole(account: string): Caller {
  const arn = `arn:aws:sts::${account}:assumed-role/AWSServiceRoleForElasticLoadBalancing/ElasticLoadBalancing`;
  return { account, type: 'root', arn, userId: 'AWSServiceRoleForElasticLoadBalancing:ElasticLoadBalancing' };
}

function ec2<Output>(cloud: Cloud, { account, region }: Place, name: string, input: object): Promise<Output> {
  const as = { caller: serviceLinkedRole(account), region };
  return cloud.call<Output>('ec2', name, input as Record<string, unknown>, as);
}

/** The subnets with these IDs: of one VPC, each in a zone of its own, at least two ("Subnets for your load balancer"). */
export async function subnetsOf(cloud: Cloud, place: Place, ids: readonly string[]): Promise<readonly Subnet[]> {
  if (ids.length < 2) {
    throw elbError('ValidationError', 'At least two subnets in two different Availability Zones must be specified');
  }
  const found = await ec2<DescribeSubnetsCommandOutput>(cloud, place, 'DescribeSubnets', { SubnetIds: ids }).catch(
    translate('InvalidSubnetID.NotFound', 'SubnetNotFound'),
  );
  const subnets = found.Subnets ?? [];
  if (new Set(subnets.map(({ VpcId }) => VpcId)).size > 1) {
    throw elbError('InvalidConfigurationRequest', 'All subnets must belong to the same VPC');
  }
  if (new Set(subnets.map(({ AvailabilityZone }) => AvailabilityZone)).size < subnets.length) {
    throw elbError(
      'InvalidConfigurationRequest',
      'A load balancer cannot be attached to multiple subnets in the same Availability Zone',
    );
  }
  return subnets;
}

/** The groups with these IDs, or the default group of the VPC. */
export async function securityGroupsIn(
  cloud: Cloud,
  place: Place,
  vpcId: string,
  ids: readonly string[] | undefined,
): Promise<readonly string[]> {
  const input = ids?.length
    ? { GroupIds: ids }
    : {
        Filters: [
          { Name: 'vpc-id', Values: [vpcId] },
          { Name: 'group-name', Values: ['default'] },
        ],
      };
  const { SecurityGroups = [] } = await ec2<DescribeSecurityGroupsCommandOutput>(
    cloud,
    place,
    'DescribeSecurityGroups',
    input,
  ).catch(translate('InvalidGroup.NotFound', 'InvalidSecurityGroup'));
  const stranger = SecurityGroups.find((group) => group.VpcId !== vpcId);
  if (stranger) {
    throw elbError(
      'InvalidConfigurationRequest',
      `The security group '${stranger.GroupId}' does not belong to VPC '${vpcId}'`,
    );
  }
  return SecurityGroups.map(({ GroupId = '' }) => GroupId);
}

/** Throws ValidationError for a VPC that is not there. */
export async function checkVpc(cloud: Cloud, place: Place, vpcId: string): Promise<void> {
  await ec2(cloud, place, 'DescribeVpcs', { VpcIds: [vpcId] }).catch(
    translate('InvalidVpcID.NotFound', 'ValidationError'),
  );
}

function translate(from: string, to: string) {
  return (error: unknown): never => {
    if (error instanceof AwsError && error.code === from) throw new AwsError(to, error.message, { status: 400 });
    throw error;
  };
}

/** Puts the load balancer's own interfaces into its subnets; returns their IDs. */
export async function createInterfaces(
  cloud: Cloud,
  place: Place,
  { path, subnets, groups }: { path: string; subnets: readonly string[]; groups: readonly string[] },
): Promise<string[]> {
  const ids: string[] = [];
  for (const SubnetId of subnets) {
    const input = { SubnetId, Groups: groups, Description: `ELB ${path}` };
    const answer = await ec2<CreateNetworkInterfaceCommandOutput>(cloud, place, 'CreateNetworkInterface', input);
    ids.push(answer.NetworkInterface?.NetworkInterfaceId ?? '');
  }
  return ids;
}

export async function deleteInterfaces(cloud: Cloud, place: Place, ids: readonly string[]): Promise<void> {
  for (const NetworkInterfaceId of ids) {
    await ec2(cloud, place, 'DeleteNetworkInterface', { NetworkInterfaceId });
  }
}

/** The interface that has a private address in a VPC. */
export async function interfaceAt(
  cloud: Cloud,
  place: Place,
  vpcId: string,
  address: string,
): Promise<NetworkInterface | undefined> {
  const Filters = [
    { Name: 'vpc-id', Values: [vpcId] },
    { Name: 'addresses.private-ip-address', Values: [address] },
  ];
  const answer = await ec2<DescribeNetworkInterfacesCommandOutput>(cloud, place, 'DescribeNetworkInterfaces', {
    Filters,
  });
  return answer.NetworkInterfaces?.[0];
}

/** The private address of an interface. */
export async function privateAddressOf(cloud: Cloud, place: Place, id: string): Promise<string> {
  const answer = await ec2<DescribeNetworkInterfacesCommandOutput>(cloud, place, 'DescribeNetworkInterfaces', {
    NetworkInterfaceIds: [id],
  });
  return answer.NetworkInterfaces?.[0]?.PrivateIpAddress ?? '';
}

/** One end of a TCP connection. */
export interface End {
  readonly address: string;
  readonly groups: readonly string[];
}

/** Do the security groups of one end let the other in (`IpPermissions`) or reach it (`IpPermissionsEgress`)? */
export async function letsThrough(
  cloud: Cloud,
  place: Place,
  {
    groups,
    direction,
    port,
    other,
  }: {
    groups: readonly string[];
    direction: 'IpPermissions' | 'IpPermissionsEgress';
    port: number;
    other: End;
  },
): Promise<boolean> {
  if (groups.length === 0) return false;
  const { SecurityGroups } = await ec2<DescribeSecurityGroupsCommandOutput>(cloud, place, 'DescribeSecurityGroups', {
    GroupIds: groups,
  });
  return (SecurityGroups ?? []).some((group) =>
    (group[direction] ?? []).some((permission) => covers(permission, port, other)),
  );
}

function covers(
  { IpProtocol, FromPort = -1, ToPort = -1, IpRanges, UserIdGroupPairs }: IpPermission,
  port: number,
  other: End,
) {
  if (IpProtocol !== '-1' && (IpProtocol !== 'tcp' || port < FromPort || port > ToPort)) return false;
  const host = readBlock(`${other.address}/32`);
  const byAddress = (IpRanges ?? []).some(({ CidrIp = '' }) => {
    const block = readBlock(CidrIp);
    return block !== undefined && host !== undefined && isWithin(host, block);
  });
  return byAddress || (UserIdGroupPairs ?? []).some(({ GroupId = '' }) => other.groups.includes(GroupId));
}
