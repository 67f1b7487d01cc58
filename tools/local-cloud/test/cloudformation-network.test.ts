import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import {
  DescribeAddressesCommand,
  DescribeFlowLogsCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { CfnOutput, Duration } from 'aws-cdk-lib';
import * as vpcs from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StackCloud, startStackCloud } from './cloudformation-support.ts';
import { synthesised } from './fixtures/network/stack.ts';

/** The life of what the CDK's `Vpc` makes; each test goes on from where the one before it ended. */
let cloud: StackCloud;
let ec2: EC2Client;
beforeAll(async () => {
  cloud = await startStackCloud();
  ec2 = cloud.client(EC2Client);
});
afterAll(() => cloud.close());

async function vpcId(): Promise<string> {
  const Filters = [{ Name: 'is-default', Values: ['false'] }];
  const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ Filters }));
  expect(Vpcs).toHaveLength(1);
  return Vpcs?.[0]?.VpcId ?? '';
}

const inVpc = async () => [{ Name: 'vpc-id', Values: [await vpcId()] }];

test('a VPC in two zones with NAT gateways, endpoints and flow logs', async () => {
  const body = await synthesised(cloud, (stack) => {
    const vpc = new vpcs.Vpc(stack, 'Vpc', {
      maxAzs: 2,
      gatewayEndpoints: { S3: { service: vpcs.GatewayVpcEndpointAwsService.S3 } },
      flowLogs: { all: {} },
    });
    vpc.addInterfaceEndpoint('Kinesis', { service: vpcs.InterfaceVpcEndpointAwsService.KINESIS_STREAMS });
  });
  const stack = await cloud.create('Net', body, { Capabilities: ['CAPABILITY_IAM'] });
  expect(stack?.StackStatus, (await cloud.events('Net')).join('\n')).toBe('CREATE_COMPLETE');
  const Filters = await inVpc();
  const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ Filters }));
  expect(Subnets?.map((one) => [one.AvailabilityZone, one.CidrBlock, one.MapPublicIpOnLaunch]).sort()).toEqual([
    ['us-east-1a', '10.0.0.0/18', true],
    ['us-east-1a', '10.0.128.0/18', false],
    ['us-east-1b', '10.0.192.0/18', false],
    ['us-east-1b', '10.0.64.0/18', true],
  ]);
  const { NatGateways } = await ec2.send(new DescribeNatGatewaysCommand({ Filter: Filters }));
  expect(NatGateways?.map(({ State }) => State)).toEqual(['available', 'available']);
  const { VpcEndpoints } = await ec2.send(new DescribeVpcEndpointsCommand({ Filters }));
  expect(VpcEndpoints?.map(({ VpcEndpointType }) => VpcEndpointType).sort()).toEqual(['Gateway', 'Interface']);
  const { FlowLogs } = await ec2.send(new DescribeFlowLogsCommand());
  expect(FlowLogs).toMatchObject([{ FlowLogStatus: 'ACTIVE', ResourceId: await vpcId() }]);
  const privateTables = await ec2.send(
    new DescribeRouteTablesCommand({ Filters: [...Filters, { Name: 'route.nat-gateway-id', Values: ['nat-*'] }] }),
  );
  expect(privateTables.RouteTables).toHaveLength(2);
});

test('its default security group lets nothing through', async () => {
  const Filters = [...(await inVpc()), { Name: 'group-name', Values: ['default'] }];
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
  expect(SecurityGroups).toMatchObject([{ IpPermissions: [], IpPermissionsEgress: [] }]);
});

test('with one NAT gateway less its address goes, and the routes lead through the other', async () => {
  const body = await synthesised(cloud, (stack) => {
    new vpcs.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
  });
  const stack = await cloud.update('Net', body, { Capabilities: ['CAPABILITY_IAM'] });
  expect(stack?.StackStatus, (await cloud.events('Net')).join('\n')).toBe('UPDATE_COMPLETE');
  const Filters = await inVpc();
  const { NatGateways } = await ec2.send(new DescribeNatGatewaysCommand({ Filter: Filters }));
  expect(NatGateways?.map(({ State }) => State).sort()).toEqual(['available', 'deleted']);
  expect((await ec2.send(new DescribeAddressesCommand())).Addresses).toHaveLength(1);
  const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ Filters }));
  const through = RouteTables?.flatMap(({ Routes = [] }) => Routes.flatMap(({ NatGatewayId }) => NatGatewayId ?? []));
  const left = NatGateways?.find(({ State }) => State === 'available')?.NatGatewayId;
  expect(through).toEqual([left, left]);
});

test('a VPC without a way out cannot take the place of the private subnets: AWS refuses the overlap', async () => {
  const body = await synthesised(cloud, (stack) => {
    new vpcs.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });
  });
  const stack = await cloud.update('Net', body, { Capabilities: ['CAPABILITY_IAM'] });
  expect(stack?.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect((await cloud.events('Net')).join('\n')).toContain("The CIDR '10.0.128.0/18' conflicts with another subnet");
});

test('a load balancer in front of the VPC: listener, rule, target group, and its answer', async () => {
  const body = await synthesised(cloud, (stack) => {
    const vpc = new vpcs.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
    const alb = new elb.ApplicationLoadBalancer(stack, 'Alb', { vpc, internetFacing: true });
    const listener = alb.addListener('Http', { port: 80 });
    const service = new elb.ApplicationTargetGroup(stack, 'Service', {
      vpc,
      port: 8080,
      targetType: elb.TargetType.IP,
      healthCheck: { path: '/health', interval: Duration.seconds(10) },
      deregistrationDelay: Duration.seconds(5),
    });
    listener.addTargetGroups('Service', { targetGroups: [service] });
    listener.addAction('Hello', {
      priority: 5,
      conditions: [elb.ListenerCondition.pathPatterns(['/hello'])],
      action: elb.ListenerAction.fixedResponse(200, { messageBody: 'hello' }),
    });
    new CfnOutput(stack, 'Url', { value: `http://${alb.loadBalancerDnsName}` });
  });
  const stack = await cloud.update('Net', body, { Capabilities: ['CAPABILITY_IAM'] });
  expect(stack?.StackStatus, (await cloud.events('Net')).join('\n')).toBe('UPDATE_COMPLETE');
  const url = stack?.Outputs?.find(({ OutputKey }) => OutputKey === 'Url')?.OutputValue;
  expect(await (await fetch(`${url}/hello`)).text()).toBe('hello');
  expect((await fetch(`${url}/`)).status).toBe(503);
});

test('deleting the stack leaves nothing behind', async () => {
  await cloud.cloudFormation.send(new DeleteStackCommand({ StackName: 'Net' }));
  await expect.poll(() => cloud.describe('Net').catch(() => undefined), { timeout: 20_000 }).toBeUndefined();
  const { Vpcs } = await ec2.send(new DescribeVpcsCommand());
  expect(Vpcs?.map(({ IsDefault }) => IsDefault)).toEqual([true]);
  expect((await ec2.send(new DescribeNetworkInterfacesCommand())).NetworkInterfaces).toEqual([]);
});
