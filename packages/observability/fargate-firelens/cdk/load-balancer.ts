import { acknowledge } from '@stackyard/cdk-core';
import { Duration } from 'aws-cdk-lib';
import { Peer, Port, SecurityGroup, type Vpc } from 'aws-cdk-lib/aws-ec2';
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import { ApplicationLoadBalancer, ApplicationProtocol } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';
import { containerPort } from './task-definition.ts';

/** The way in: HTTP from anywhere to the load balancer, and from it alone to the tasks. */
export function createLoadBalancer(scope: Construct, vpc: Vpc, service: FargateService): ApplicationLoadBalancer {
  const securityGroup = new SecurityGroup(scope, 'LoadBalancerTraffic', {
    vpc,
    description: 'Callers of the load balancer',
    allowAllOutbound: false,
  });
  securityGroup.addIngressRule(Peer.anyIpv4(), Port.tcp(80), 'Callers');
  acknowledge(securityGroup, 'AwsSolutions-EC23', 'The load balancer is what the public may reach.');
  const loadBalancer = new ApplicationLoadBalancer(scope, 'LoadBalancer', {
    vpc,
    internetFacing: true,
    securityGroup,
    dropInvalidHeaderFields: true,
  });
  acknowledge(loadBalancer, 'AwsSolutions-ELB2', 'The app logs its requests; access logs would repeat them in S3.');
  loadBalancer.addListener('Http', { port: 80, open: false }).addTargets('App', {
    port: containerPort,
    protocol: ApplicationProtocol.HTTP,
    targets: [service.loadBalancerTarget({ containerName: 'app', containerPort })],
    // A task that stops is sent nothing more, and has this long for what is under way.
    deregistrationDelay: Duration.seconds(5),
    healthCheck: {
      path: '/health',
      interval: Duration.seconds(5),
      timeout: Duration.seconds(2),
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 2,
    },
  });
  return loadBalancer;
}
