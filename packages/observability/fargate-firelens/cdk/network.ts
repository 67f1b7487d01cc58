import { acknowledge } from '@stackyard/cdk-core';
import {
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';

export interface Network {
  readonly vpc: Vpc;
  /** The security group of the tasks. */
  readonly tasks: SecurityGroup;
}

/**
 * A network whose public subnets hold the load balancer and nothing else. Tasks stand in subnets without a way out: what
 * they need of AWS they reach by endpoints, so they have no public address and no NAT gateway to pay for.
 */
export function createNetwork(scope: Construct): Network {
  const vpc = new Vpc(scope, 'Network', {
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [
      { name: 'LoadBalancer', subnetType: SubnetType.PUBLIC, cidrMask: 26 },
      { name: 'Tasks', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
    ],
  });
  acknowledge(
    vpc,
    'AwsSolutions-VPC7',
    'Flow logs are for the owner of the account to decide on: they cost more than this.',
  );
  const tasks = new SecurityGroup(scope, 'TaskTraffic', { vpc, description: 'Tasks of the service' });
  const services = {
    Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
    Images: InterfaceVpcEndpointAwsService.ECR,
    ImageLayers: InterfaceVpcEndpointAwsService.ECR_DOCKER,
    Stream: InterfaceVpcEndpointAwsService.KINESIS_STREAMS,
  };
  for (const [name, service] of Object.entries(services)) {
    const endpoint = vpc.addInterfaceEndpoint(name, { service, open: false });
    endpoint.connections.allowFrom(tasks, Port.tcp(443), 'Tasks of the service');
  }
  // ECR keeps the layers of images in S3.
  vpc.addGatewayEndpoint('Layers', { service: GatewayVpcEndpointAwsService.S3 });
  return { vpc, tasks };
}
