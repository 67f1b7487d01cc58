import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateServiceCommand, DescribeServicesCommand, ListTasksCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EcsCloud, startEcsCloud } from './fixtures/ecs/support.ts';
import { eventually } from './fixtures/lambda/support.ts';

let cloud: EcsCloud;
let elb: ElasticLoadBalancingV2Client;
beforeAll(async () => {
  cloud = await startEcsCloud();
  elb = cloud.client(ElasticLoadBalancingV2Client);
});
afterAll(() => cloud.close());

async function targetGroup(Name: string, more: object = {}): Promise<string> {
  const { Vpcs } = await cloud.client(EC2Client).send(new DescribeVpcsCommand({}));
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({
      Name,
      Protocol: 'HTTP',
      Port: 8080,
      VpcId: Vpcs?.[0]?.VpcId,
      TargetType: 'ip',
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 2,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
      ...more,
    }),
  );
  const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? '';
  const Attributes = [{ Key: 'deregistration_delay.timeout_seconds', Value: '2' }];
  await elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }));
  return TargetGroupArn;
}

/** Answers the load balancer's URL. Its security group is the VPC's default one, which tasks have too. */
async function balance(Name: string, TargetGroupArn: string): Promise<string> {
  const { LoadBalancers } = await elb.send(
    new CreateLoadBalancerCommand({ Name, Scheme: 'internal', Subnets: cloud.network.awsvpcConfiguration.subnets }),
  );
  const [created] = LoadBalancers ?? [];
  const DefaultActions = [{ Type: 'forward' as const, TargetGroupArn }];
  await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: created?.LoadBalancerArn,
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions,
    }),
  );
  return `http://${created?.DNSName}`;
}

const server = () => ({ name: 'server', image: cloud.image, portMappings: [{ containerPort: 8080 }] });

async function create(serviceName: string, targetGroupArn: string, containerPort = 8080) {
  return cloud.ecs.send(
    new CreateServiceCommand({
      cluster: 'apps',
      serviceName,
      taskDefinition: await cloud.register([server()]),
      desiredCount: 1,
      launchType: 'FARGATE',
      networkConfiguration: cloud.network,
      loadBalancers: [{ targetGroupArn, containerName: 'server', containerPort }],
    }),
  );
}

const serviceNow = async (name: string) =>
  (await cloud.ecs.send(new DescribeServicesCommand({ cluster: 'apps', services: [name] }))).services?.[0];
const statesOf = async (TargetGroupArn: string) =>
  ((await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }))).TargetHealthDescriptions ?? []).map(
    ({ TargetHealth }) => TargetHealth?.State,
  );

test('a service stands once its targets are healthy; a task that stops is out of the target group before', async () => {
  const group = await targetGroup('web');
  const url = await balance('web', group);
  await create('web', group);
  await eventually(async () => expect((await serviceNow('web'))?.deployments?.[0]?.rolloutState).toBe('COMPLETED'));
  expect(await statesOf(group)).toEqual(['healthy']);
  expect(await (await fetch(url)).json()).toBe('port 8080');
  const { taskArns } = await cloud.ecs.send(new ListTasksCommand({ cluster: 'apps', serviceName: 'web' }));
  await cloud.ecs.send(new StopTaskCommand({ cluster: 'apps', task: taskArns?.[0] }));
  await cloud.reaches({ taskArn: taskArns?.[0] }, 'STOPPED');
  await eventually(async () => expect(await (await fetch(url)).json()).toBe('port 8080'));
  const events = (await serviceNow('web'))?.events?.map(({ message }) => message) ?? [];
  expect(events).toEqual(expect.arrayContaining([expect.stringContaining('deregistered 1 targets')]));
});

test('a task whose target is unhealthy is replaced', async () => {
  const group = await targetGroup('ill', { Matcher: { HttpCode: '204' }, HealthCheckIntervalSeconds: 5 });
  await balance('ill', group);
  await create('ill', group);
  await eventually(async () => {
    // Health checks go by the cloud's clock.
    await cloud.cloud.clock.advance(1000);
    const events = (await serviceNow('ill'))?.events?.map(({ message }) => message).join('\n');
    expect(events).toContain('failed ELB health checks in (target-group ');
    expect(events?.match(/has started 1 tasks/g)?.length).toBeGreaterThan(1);
  });
});

test('a target group that cannot take tasks is refused', async () => {
  const lonely = await targetGroup('lonely');
  await expect(create('lonely', lonely)).rejects.toThrow('does not have an associated load balancer');
  const instances = await targetGroup('instances', { TargetType: 'instance' }).catch(() => undefined);
  if (instances)
    await expect(create('instances', instances)).rejects.toThrow('incompatible with the awsvpc network mode');
  const web = await targetGroup('other');
  await balance('other', web);
  await expect(create('other', web, 9090)).rejects.toThrow('did not have a container port 9090');
});
