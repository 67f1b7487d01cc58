import {
  AllocateAddressCommand,
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateNatGatewayCommand,
  CreateNetworkInterfaceCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  DeleteInternetGatewayCommand,
  DeleteNatGatewayCommand,
  DeleteNetworkInterfaceCommand,
  DeleteRouteTableCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeAvailabilityZonesCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  DetachInternetGatewayCommand,
  EC2Client,
  ModifySubnetAttributeCommand,
  ModifyVpcAttributeCommand,
  ReleaseAddressCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestCloud } from '../src/testing.ts';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let ec2: EC2Client;
beforeAll(async () => {
  cloud = await startTestCloud();
  ec2 = cloud.client(EC2Client);
});
afterAll(() => cloud.close());

/** A VPC with one subnet, each test its own. */
async function network(CidrBlock = '10.0.0.0/16') {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock }));
  const VpcId = Vpc?.VpcId ?? '';
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.0.0.0/24' }));
  return { VpcId, SubnetId: Subnet?.SubnetId ?? '' };
}

/** The code of the error a call ends with. */
async function codeOf(call: Promise<unknown>): Promise<string | undefined> {
  return call.then(
    () => undefined,
    (error: Error) => error.name,
  );
}

test('an account begins with a default VPC: a public subnet in each of the three zones', async () => {
  const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['true'] }] }));
  expect(Vpcs).toMatchObject([{ CidrBlock: '172.31.0.0/16', IsDefault: true, State: 'available' }]);
  const { Subnets } = await ec2.send(
    new DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [Vpcs?.[0]?.VpcId ?? ''] }] }),
  );
  expect(Subnets?.map((subnet) => [subnet.AvailabilityZone, subnet.MapPublicIpOnLaunch])).toEqual([
    ['us-east-1a', true],
    ['us-east-1b', true],
    ['us-east-1c', true],
  ]);
  const { AvailabilityZones } = await ec2.send(new DescribeAvailabilityZonesCommand());
  expect(AvailabilityZones?.map(({ ZoneName, ZoneId }) => [ZoneName, ZoneId])).toContainEqual([
    'us-east-1a',
    'use1-az1',
  ]);
});

describe('VPCs', () => {
  test('come with tags, and DNS support without host names', async () => {
    const { Vpc } = await ec2.send(
      new CreateVpcCommand({
        CidrBlock: '10.1.7.9/16',
        TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'Name', Value: 'shop' }] }],
      }),
    );
    expect(Vpc).toMatchObject({ CidrBlock: '10.1.0.0/16', Tags: [{ Key: 'Name', Value: 'shop' }] });
    const { VpcId } = Vpc ?? {};
    const attribute = (Attribute: 'enableDnsHostnames' | 'enableDnsSupport') =>
      ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute }));
    expect((await attribute('enableDnsSupport')).EnableDnsSupport).toEqual({ Value: true });
    expect((await attribute('enableDnsHostnames')).EnableDnsHostnames).toEqual({ Value: false });
    await ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value: true } }));
    expect((await attribute('enableDnsHostnames')).EnableDnsHostnames).toEqual({ Value: true });
  });

  test('are found by tag, wildcards included', async () => {
    const { VpcId } = await network();
    await ec2.send(new CreateTagsCommand({ Resources: [VpcId], Tags: [{ Key: 'team', Value: 'checkout-eu' }] }));
    const search = async (value: string) => {
      const answer = await ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: 'tag:team', Values: [value] }] }));
      return answer.Vpcs?.map((vpc) => vpc.VpcId);
    };
    expect(await search('checkout-*')).toEqual([VpcId]);
    expect(await search('checkout')).toEqual([]);
  });

  test.each([
    ['10.0.0.0/8', 'InvalidVpc.Range'],
    ['10.0.0.300/16', 'InvalidParameterValue'],
  ])('%s is refused', async (CidrBlock, code) => {
    expect(await codeOf(ec2.send(new CreateVpcCommand({ CidrBlock })))).toBe(code);
  });

  test('go only when they are empty', async () => {
    const { VpcId, SubnetId } = await network();
    await expect(ec2.send(new DeleteVpcCommand({ VpcId }))).rejects.toMatchObject({
      name: 'DependencyViolation',
      message: `The vpc '${VpcId}' has dependencies and cannot be deleted.`,
    });
    await ec2.send(new DeleteSubnetCommand({ SubnetId }));
    await ec2.send(new DeleteVpcCommand({ VpcId }));
    await expect(ec2.send(new DescribeVpcsCommand({ VpcIds: [VpcId] }))).rejects.toMatchObject({
      name: 'InvalidVpcID.NotFound',
      message: `The vpc ID '${VpcId}' does not exist`,
    });
  });

  test('DryRun says what would have been, and an unknown filter is no filter', async () => {
    expect(await codeOf(ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16', DryRun: true })))).toBe(
      'DryRunOperation',
    );
    expect(await codeOf(ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: 'colour', Values: ['red'] }] })))).toBe(
      'InvalidParameterValue',
    );
  });
});

describe('subnets', () => {
  test('lie inside their VPC and beside each other', async () => {
    const { VpcId } = await network();
    const create = (CidrBlock: string) => ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock }));
    expect(await codeOf(create('10.0.0.128/25'))).toBe('InvalidSubnet.Conflict');
    expect(await codeOf(create('10.1.0.0/24'))).toBe('InvalidSubnet.Range');
    expect(await codeOf(ec2.send(new CreateSubnetCommand({ VpcId: 'vpc-0', CidrBlock: '10.0.1.0/24' })))).toBe(
      'InvalidVpcID.NotFound',
    );
  });

  test('count the addresses that are left, and stay while one is in use', async () => {
    const { SubnetId } = await network();
    const subnet = async () => (await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [SubnetId] }))).Subnets?.[0];
    expect((await subnet())?.AvailableIpAddressCount).toBe(251);
    const { NetworkInterface } = await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId }));
    expect(NetworkInterface).toMatchObject({
      PrivateIpAddress: '10.0.0.4',
      PrivateDnsName: 'ip-10-0-0-4.ec2.internal',
      Groups: [{ GroupName: 'default' }],
    });
    expect((await subnet())?.AvailableIpAddressCount).toBe(250);
    expect(await codeOf(ec2.send(new DeleteSubnetCommand({ SubnetId })))).toBe('DependencyViolation');
    const { NetworkInterfaceId } = NetworkInterface ?? {};
    await ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
    await ec2.send(new DeleteSubnetCommand({ SubnetId }));
  });

  test('may give public addresses', async () => {
    const { SubnetId } = await network();
    await ec2.send(new ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value: true } }));
    const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [SubnetId] }));
    expect(Subnets?.[0]?.MapPublicIpOnLaunch).toBe(true);
  });
});

describe('the way out', () => {
  test('internet gateways belong to one VPC, and leave it before they go', async () => {
    const { VpcId } = await network();
    const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand());
    const { InternetGatewayId } = InternetGateway ?? {};
    await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
    expect(await codeOf(ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId })))).toBe(
      'Resource.AlreadyAssociated',
    );
    expect(await codeOf(ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId })))).toBe('DependencyViolation');
    await ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId }));
    expect(await codeOf(ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId })))).toBe(
      'Gateway.NotAttached',
    );
    await ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId }));
  });

  test('a public subnet: route table, association, default route', async () => {
    const { VpcId, SubnetId } = await network();
    const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand());
    const { InternetGatewayId: GatewayId } = InternetGateway ?? {};
    const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId }));
    const { RouteTableId } = RouteTable ?? {};
    await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
    const route = { RouteTableId, DestinationCidrBlock: '0.0.0.0/0' };
    // Not attached yet: the gateway is in no network.
    expect(await codeOf(ec2.send(new CreateRouteCommand({ ...route, GatewayId })))).toBe('InvalidParameterValue');
    await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: GatewayId, VpcId }));
    await ec2.send(new CreateRouteCommand({ ...route, GatewayId }));
    const { RouteTables } = await ec2.send(
      new DescribeRouteTablesCommand({ Filters: [{ Name: 'association.subnet-id', Values: [SubnetId] }] }),
    );
    expect(RouteTables?.[0]?.Routes).toMatchObject([
      { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local' },
      { DestinationCidrBlock: '0.0.0.0/0', GatewayId, State: 'active' },
    ]);
    expect(await codeOf(ec2.send(new DeleteRouteTableCommand({ RouteTableId })))).toBe('DependencyViolation');
  });

  test('a NAT gateway holds its address and an interface in the subnet until it is deleted', async () => {
    const { VpcId, SubnetId } = await network();
    const { AllocationId, PublicIp } = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));
    const { NatGateway } = await ec2.send(new CreateNatGatewayCommand({ SubnetId, AllocationId }));
    const { NatGatewayId } = NatGateway ?? {};
    const gateways = async () =>
      (await ec2.send(new DescribeNatGatewaysCommand({ Filter: [{ Name: 'vpc-id', Values: [VpcId] }] }))).NatGateways;
    expect(await gateways()).toMatchObject([{ State: 'available', NatGatewayAddresses: [{ PublicIp }] }]);
    expect(await codeOf(ec2.send(new ReleaseAddressCommand({ AllocationId })))).toBe('InvalidIPAddress.InUse');
    const { NetworkInterfaces } = await ec2.send(
      new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'subnet-id', Values: [SubnetId] }] }),
    );
    expect(NetworkInterfaces).toMatchObject([{ RequesterManaged: true, InterfaceType: 'nat_gateway' }]);
    await ec2.send(new DeleteNatGatewayCommand({ NatGatewayId }));
    expect(await gateways()).toMatchObject([{ NatGatewayId, State: 'deleted' }]);
    await ec2.send(new ReleaseAddressCommand({ AllocationId }));
    await ec2.send(new DeleteSubnetCommand({ SubnetId }));
  });

  test('gateway endpoints are routes, interface endpoints are network interfaces', async () => {
    const { VpcId, SubnetId } = await network();
    const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId }));
    const { RouteTableId = '' } = RouteTable ?? {};
    const s3 = await ec2.send(
      new CreateVpcEndpointCommand({ VpcId, ServiceName: 'com.amazonaws.us-east-1.s3', RouteTableIds: [RouteTableId] }),
    );
    const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [RouteTableId] }));
    expect(RouteTables?.[0]?.Routes).toContainEqual(
      expect.objectContaining({ DestinationPrefixListId: 'pl-63a5400a', GatewayId: s3.VpcEndpoint?.VpcEndpointId }),
    );
    const kinesis = { VpcId, ServiceName: 'com.amazonaws.us-east-1.kinesis-streams', SubnetIds: [SubnetId] };
    const create = () => ec2.send(new CreateVpcEndpointCommand({ ...kinesis, VpcEndpointType: 'Interface' }));
    expect(await codeOf(create())).toBe('InvalidParameter');
    await ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value: true } }));
    const { VpcEndpoint } = await create();
    expect(VpcEndpoint).toMatchObject({ State: 'available', PrivateDnsEnabled: true });
    expect(VpcEndpoint?.NetworkInterfaceIds).toHaveLength(1);
  });
});
