import { randomBytes } from 'node:crypto';
import type {
  Address,
  FlowLog,
  InternetGateway,
  NatGateway,
  NetworkAcl,
  NetworkInterface,
  RouteTable,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  Vpc,
  VpcEndpoint,
} from '@aws-sdk/client-ec2';

/** An SDK shape as the store holds it: with the members that make it what it is. */
export type Stored<Shape, Names extends keyof Shape> = Shape & { [Name in Names]-?: NonNullable<Shape[Name]> };

export type StoredVpc = Stored<Vpc, 'VpcId' | 'CidrBlock'> & { dnsSupport: boolean; dnsHostnames: boolean };
export type StoredSubnet = Stored<Subnet, 'SubnetId' | 'VpcId' | 'CidrBlock' | 'AvailabilityZone'>;
export type StoredRouteTable = Stored<RouteTable, 'RouteTableId' | 'VpcId' | 'Routes' | 'Associations'>;
export type StoredGroup = Stored<SecurityGroup, 'GroupId' | 'GroupName' | 'VpcId'>;
export type StoredRule = Stored<SecurityGroupRule, 'SecurityGroupRuleId' | 'GroupId' | 'IpProtocol'> & {
  IsEgress: boolean;
};
export type StoredInterface = Stored<
  NetworkInterface,
  'NetworkInterfaceId' | 'SubnetId' | 'VpcId' | 'PrivateIpAddress' | 'Groups'
>;
export type StoredEndpoint = Stored<VpcEndpoint, 'VpcEndpointId' | 'VpcId' | 'ServiceName'>;
export type StoredNatGateway = Stored<NatGateway, 'NatGatewayId' | 'VpcId' | 'SubnetId'>;
export type StoredAddress = Stored<Address, 'AllocationId' | 'PublicIp'>;

/** Everything of EC2 in one account and region, each kind by ID. Tags are kept beside, whatever they are on. */
export interface Ec2State {
  readonly vpcs: Map<string, StoredVpc>;
  readonly subnets: Map<string, StoredSubnet>;
  readonly internetGateways: Map<string, Stored<InternetGateway, 'InternetGatewayId' | 'Attachments'>>;
  readonly routeTables: Map<string, StoredRouteTable>;
  readonly networkAcls: Map<string, Stored<NetworkAcl, 'NetworkAclId' | 'VpcId' | 'Associations'>>;
  readonly securityGroups: Map<string, StoredGroup>;
  readonly securityGroupRules: Map<string, StoredRule>;
  readonly networkInterfaces: Map<string, StoredInterface>;
  readonly addresses: Map<string, StoredAddress>;
  readonly natGateways: Map<string, StoredNatGateway>;
  readonly vpcEndpoints: Map<string, StoredEndpoint>;
  readonly flowLogs: Map<string, Stored<FlowLog, 'FlowLogId' | 'ResourceId'>>;
  readonly tags: Map<string, Map<string, string>>;
}

export interface Place {
  readonly account: string;
  readonly region: string;
}

/** `vpc-0123456789abcdef0`: the long form of EC2's IDs. */
export function newId(prefix: string): string {
  return `${prefix}-0${randomBytes(8).toString('hex')}`;
}

export function ec2Arn({ account, region }: Place, resource: string): string {
  return `arn:aws:ec2:${region}:${account}:${resource}`;
}
