import { acknowledge, EnforcedStack, type EnforcedStackProps } from '@stackyard/cdk-core';
import { observabilityCore } from '@stackyard/contracts';
import { resolve } from '@stackyard/contracts/cdk';
import { CfnOutput } from 'aws-cdk-lib';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  AvailabilityZoneRebalancing,
  Cluster,
  ContainerInsights,
  FargatePlatformVersion,
  FargateService,
  PropagatedTagSource,
  type TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { createLoadBalancer } from './load-balancer.ts';
import { createNetwork, type Network } from './network.ts';
import { createTaskDefinition } from './task-definition.ts';

/** A service of containers that ship their logs by a log router beside them, into the core's stream. */
export class FargateFirelensStack extends EnforcedStack {
  constructor(scope: Construct, id: string, props: EnforcedStackProps) {
    super(scope, id, props);
    const { stage } = this.contextVariables;
    const core = resolve(this, stage, observabilityCore, 'streamName', 'streamArn');
    const network = createNetwork(this);
    const cluster = new Cluster(this, 'Cluster', {
      vpc: network.vpc,
      enableFargateCapacityProviders: true,
      containerInsightsV2: ContainerInsights.DISABLED,
    });
    acknowledge(
      cluster,
      'AwsSolutions-ECS4',
      'Container Insights writes to CloudWatch Logs, which this pattern does without.',
    );
    const service = this.#service(cluster, network, createTaskDefinition(this, core));
    const loadBalancer = createLoadBalancer(this, network.vpc, service);
    new CfnOutput(this, 'Url', { value: `http://${loadBalancer.loadBalancerDnsName}` });
    new CfnOutput(this, 'ClusterName', { value: cluster.clusterName });
    new CfnOutput(this, 'ServiceName', { value: service.serviceName });
  }

  #service(cluster: Cluster, { tasks }: Network, taskDefinition: TaskDefinition): FargateService {
    return new FargateService(this, 'Service', {
      cluster,
      taskDefinition,
      desiredCount: 2,
      // One task always runs on demand; of what is added, three quarters are on Spot.
      capacityProviderStrategies: [
        { capacityProvider: 'FARGATE', base: 1, weight: 1 },
        { capacityProvider: 'FARGATE_SPOT', weight: 3 },
      ],
      platformVersion: FargatePlatformVersion.VERSION1_4,
      assignPublicIp: false,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [tasks],
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { enable: true, rollback: true },
      availabilityZoneRebalancing: AvailabilityZoneRebalancing.ENABLED,
      propagateTags: PropagatedTagSource.SERVICE,
    });
  }
}
