import {
  AllocateAddressCommand,
  AttachInternetGatewayCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateInternetGatewayCommand,
  CreateNetworkInterfaceCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteInternetGatewayCommand,
  DeleteNetworkInterfaceCommand,
  DeleteRouteTableCommand,
  DeleteSecurityGroupCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeAvailabilityZonesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  DetachInternetGatewayCommand,
  EC2Client,
  ModifyVpcAttributeCommand,
  ReleaseAddressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'vitest';
import { ec2 as service } from '../src/services/ec2/service.ts';
import { type Contract, refusal, type Target } from './contract.ts';

const reference = (operation: string) => `EC2 API Reference, ${operation}`;
const guide = (page: string) => `VPC User Guide, ${page}`;

/** A VPC that goes when the claim ends, and what claims put into it. */
export async function vpcOf(target: Target, CidrBlock = '10.90.0.0/16') {
  const ec2 = target.client(EC2Client);
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock }));
  const VpcId = Vpc?.VpcId as string;
  target.afterwards(() => target.until(() => ec2.send(new DeleteVpcCommand({ VpcId }))));
  await target.until(() => ec2.send(new DescribeVpcsCommand({ VpcIds: [VpcId] })));
  return {
    ec2,
    VpcId,
    async subnet(block: string, AvailabilityZone?: string): Promise<string> {
      const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: block, AvailabilityZone }));
      const SubnetId = Subnet?.SubnetId as string;
      target.afterwards(() => target.until(() => ec2.send(new DeleteSubnetCommand({ SubnetId }))));
      return SubnetId;
    },
    async group(): Promise<string> {
      const GroupName = target.name();
      const input = { GroupName, Description: 'A group of the contract tests', VpcId };
      const { GroupId = '' } = await ec2.send(new CreateSecurityGroupCommand(input));
      target.afterwards(() => target.until(() => ec2.send(new DeleteSecurityGroupCommand({ GroupId }))));
      return GroupId;
    },
  };
}

const web = { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: '10.0.0.0/8' }] };

export const ec2: Contract = {
  service,
  claims: [
    {
      operation: 'CreateVpc',
      claim: 'cuts the bits behind the prefix off, and makes a VPC with DNS support and without host names',
      source: guide('DNS attributes for your VPC'),
      async run(target) {
        const { ec2, VpcId } = await vpcOf(target, '10.91.7.9/16');
        const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ VpcIds: [VpcId] }));
        expect(Vpcs).toMatchObject([{ CidrBlock: '10.91.0.0/16', IsDefault: false }]);
        const attribute = (Attribute: 'enableDnsSupport' | 'enableDnsHostnames') =>
          ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute }));
        expect((await attribute('enableDnsSupport')).EnableDnsSupport?.Value).toBe(true);
        expect((await attribute('enableDnsHostnames')).EnableDnsHostnames?.Value).toBe(false);
      },
    },
    {
      operation: 'CreateVpc',
      claim: 'refuses a block larger than /16',
      limit: '/16 to /28',
      source: guide('VPC CIDR blocks'),
      async run(target) {
        const create = target.client(EC2Client).send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/15' }));
        expect((await refusal(create)).name).toBe('InvalidVpc.Range');
      },
    },
    {
      operation: 'CreateVpc',
      claim: 'brings a main route table and a security group that lets its own members in',
      source: guide('Default security groups for your VPCs'),
      async run(target) {
        const { ec2, VpcId } = await vpcOf(target);
        const Filters = [{ Name: 'vpc-id', Values: [VpcId] }];
        const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ Filters }));
        expect(RouteTables).toMatchObject([{ Associations: [{ Main: true }], Routes: [{ GatewayId: 'local' }] }]);
        const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
        const [group] = SecurityGroups ?? [];
        expect(group).toMatchObject({
          GroupName: 'default',
          IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: group?.GroupId }] }],
          IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
        });
      },
    },
    {
      operation: 'CreateVpc',
      claim: 'says under DryRun what would have been',
      source: reference('CreateVpc'),
      async run(target) {
        const create = new CreateVpcCommand({ CidrBlock: '10.0.0.0/16', DryRun: true });
        expect((await refusal(target.client(EC2Client).send(create))).name).toBe('DryRunOperation');
      },
    },
    {
      operation: 'DeleteVpc',
      claim: 'refuses a VPC with a subnet in it',
      source: guide('Delete your VPC'),
      async run(target) {
        const { ec2, VpcId, subnet } = await vpcOf(target);
        await subnet('10.90.0.0/24');
        const error = await refusal(ec2.send(new DeleteVpcCommand({ VpcId })));
        expect(error).toMatchObject({
          name: 'DependencyViolation',
          message: `The vpc '${VpcId}' has dependencies and cannot be deleted.`,
        });
      },
    },
    {
      operation: 'DescribeVpcs',
      claim: 'does not know what is not there, and refuses a filter nobody knows',
      source: 'EC2 API Reference, Error codes for the Amazon EC2 API',
      async run(target) {
        const ec2 = target.client(EC2Client);
        const VpcIds = ['vpc-00000000000000000'];
        expect((await refusal(ec2.send(new DescribeVpcsCommand({ VpcIds })))).name).toBe('InvalidVpcID.NotFound');
        const Filters = [{ Name: 'colour', Values: ['red'] }];
        expect((await refusal(ec2.send(new DescribeVpcsCommand({ Filters })))).name).toBe('InvalidParameterValue');
      },
    },
    {
      operation: 'ModifyVpcAttribute',
      claim: 'changes one attribute a call',
      source: reference('ModifyVpcAttribute'),
      async run(target) {
        const { ec2, VpcId } = await vpcOf(target);
        await ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value: true } }));
        const input = { VpcId, EnableDnsHostnames: { Value: true }, EnableDnsSupport: { Value: true } };
        const error = await refusal(ec2.send(new ModifyVpcAttributeCommand(input)));
        expect(error.name).toBe('InvalidParameterCombination');
      },
    },
    {
      operation: 'CreateSubnet',
      claim: 'refuses blocks outside the VPC and blocks that overlap',
      source: guide('Subnet CIDR blocks'),
      async run(target) {
        const { ec2, VpcId, subnet } = await vpcOf(target);
        await subnet('10.90.0.0/24');
        const create = (CidrBlock: string) => ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock }));
        expect((await refusal(create('10.91.0.0/24'))).name).toBe('InvalidSubnet.Range');
        expect((await refusal(create('10.90.0.128/25'))).name).toBe('InvalidSubnet.Conflict');
      },
    },
    {
      operation: 'CreateSubnet',
      claim: 'leaves all addresses but five',
      limit: '5 addresses of a subnet are reserved',
      source: guide('Subnet sizing for IPv4'),
      async run(target) {
        const { ec2, subnet } = await vpcOf(target);
        const SubnetIds = [await subnet('10.90.0.0/28')];
        const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds }));
        expect(Subnets?.[0]?.AvailableIpAddressCount).toBe(11);
      },
    },
    {
      operation: 'DeleteSubnet',
      claim: 'refuses a subnet with a network interface in it',
      source: reference('DeleteSubnet'),
      async run(target) {
        const { ec2, subnet } = await vpcOf(target);
        const SubnetId = await subnet('10.90.0.0/24');
        const { NetworkInterface } = await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId }));
        const { NetworkInterfaceId } = NetworkInterface ?? {};
        target.afterwards(() =>
          target.until(() => ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }))),
        );
        expect((await refusal(ec2.send(new DeleteSubnetCommand({ SubnetId })))).name).toBe('DependencyViolation');
      },
    },
    {
      operation: 'DescribeAvailabilityZones',
      claim: 'names zones of the region, with IDs',
      source: reference('DescribeAvailabilityZones'),
      async run(target) {
        const { AvailabilityZones } = await target.client(EC2Client).send(new DescribeAvailabilityZonesCommand());
        expect(AvailabilityZones).toContainEqual(
          expect.objectContaining({
            ZoneName: expect.stringMatching(`^${target.region}[a-f]$`),
            ZoneId: expect.stringMatching(/^[a-z0-9]+-az\d$/),
            State: 'available',
          }),
        );
      },
    },
    {
      operation: 'CreateRoute',
      claim: 'leads to an internet gateway only once it is attached, and to one target',
      source: guide('Enable internet access for a VPC using an internet gateway'),
      async run(target) {
        const { ec2, VpcId } = await vpcOf(target);
        const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand());
        const { InternetGatewayId } = InternetGateway ?? {};
        target.afterwards(() => ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId })));
        const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId }));
        const { RouteTableId } = RouteTable ?? {};
        target.afterwards(() => ec2.send(new DeleteRouteTableCommand({ RouteTableId })));
        const route = { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId: InternetGatewayId };
        expect((await refusal(ec2.send(new CreateRouteCommand(route)))).name).toBe('InvalidParameterValue');
        await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
        target.afterwards(() => ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId })));
        await ec2.send(new CreateRouteCommand(route));
        const deletion = ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId }));
        expect((await refusal(deletion)).name).toBe('DependencyViolation');
      },
    },
    {
      operation: 'ReleaseAddress',
      claim: 'does not know an address that was released',
      source: reference('ReleaseAddress'),
      async run(target) {
        const ec2 = target.client(EC2Client);
        const { AllocationId } = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));
        await ec2.send(new ReleaseAddressCommand({ AllocationId }));
        const again = ec2.send(new ReleaseAddressCommand({ AllocationId }));
        expect((await refusal(again)).name).toBe('InvalidAllocationID.NotFound');
      },
    },
    {
      operation: 'AuthorizeSecurityGroupIngress',
      claim: 'refuses a rule that is there',
      source: reference('AuthorizeSecurityGroupIngress'),
      async run(target) {
        const { ec2, group } = await vpcOf(target);
        const input = { GroupId: await group(), IpPermissions: [web] };
        const { SecurityGroupRules } = await ec2.send(new AuthorizeSecurityGroupIngressCommand(input));
        expect(SecurityGroupRules).toMatchObject([{ IsEgress: false, CidrIpv4: '10.0.0.0/8', FromPort: 80 }]);
        const again = ec2.send(new AuthorizeSecurityGroupIngressCommand(input));
        expect((await refusal(again)).name).toBe('InvalidPermission.Duplicate');
      },
    },
    {
      operation: 'RevokeSecurityGroupIngress',
      claim: 'refuses a rule that is not there',
      source: reference('RevokeSecurityGroupIngress'),
      async run(target) {
        const { ec2, group } = await vpcOf(target);
        const input = { GroupId: await group(), IpPermissions: [web] };
        const revoke = ec2.send(new RevokeSecurityGroupIngressCommand(input));
        expect((await refusal(revoke)).name).toBe('InvalidPermission.NotFound');
      },
    },
    {
      operation: 'DeleteSecurityGroup',
      claim: 'refuses a group that another one’s rule names',
      source: guide('Delete a security group'),
      async run(target) {
        const { ec2, group } = await vpcOf(target);
        const [GroupId, peer] = [await group(), await group()];
        const rule = { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, UserIdGroupPairs: [{ GroupId: peer }] };
        const input = { GroupId, IpPermissions: [rule] };
        await ec2.send(new AuthorizeSecurityGroupIngressCommand(input));
        target.afterwards(() => ec2.send(new RevokeSecurityGroupIngressCommand(input)));
        const deletion = ec2.send(new DeleteSecurityGroupCommand({ GroupId: peer }));
        expect(await refusal(deletion)).toMatchObject({
          name: 'DependencyViolation',
          message: `resource ${peer} has a dependent object`,
        });
      },
    },
  ],
};
