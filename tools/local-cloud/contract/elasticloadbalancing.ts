import { DescribeAvailabilityZonesCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  type CreateTargetGroupCommandInput,
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyLoadBalancerAttributesCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { expect } from 'vitest';
import { elasticloadbalancing as service } from '../src/services/elasticloadbalancing/service.ts';
import { type Contract, refusal, type Target } from './contract.ts';
import { vpcOf } from './ec2.ts';

const reference = (operation: string) => `Elastic Load Balancing API Reference, ${operation}`;
const guide = (page: string) => `User Guide for Application Load Balancers, ${page}`;

/** Names of the service have 32 characters at most. */
const nameOf = (target: Target) => target.name().replace('stackyard-contract', 'sc').slice(0, 32);

const fixed = { Type: 'fixed-response' as const, FixedResponseConfig: { StatusCode: '200' } };

async function targetGroup(target: Target, VpcId: string, more: Partial<CreateTargetGroupCommandInput> = {}) {
  const elb = target.client(ElasticLoadBalancingV2Client);
  const input = { Name: nameOf(target), Protocol: 'HTTP' as const, Port: 80, VpcId, TargetType: 'ip' as const };
  const { TargetGroups } = await elb.send(new CreateTargetGroupCommand({ ...input, ...more }));
  const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn as string;
  target.afterwards(() => target.until(() => elb.send(new DeleteTargetGroupCommand({ TargetGroupArn }))));
  return TargetGroupArn;
}

/** An internal load balancer in two zones of a VPC of its own. */
async function loadBalancer(target: Target) {
  const elb = target.client(ElasticLoadBalancingV2Client);
  const { AvailabilityZones = [] } = await target.client(EC2Client).send(new DescribeAvailabilityZonesCommand());
  const { subnet, VpcId } = await vpcOf(target);
  const Subnets = [
    await subnet('10.90.0.0/24', AvailabilityZones[0]?.ZoneName),
    await subnet('10.90.1.0/24', AvailabilityZones[1]?.ZoneName),
  ];
  const Name = nameOf(target);
  const create = () => elb.send(new CreateLoadBalancerCommand({ Name, Subnets, Scheme: 'internal' }));
  const { LoadBalancers } = await create();
  const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn as string;
  target.afterwards(() => elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn })));
  const listener = async () => {
    const input = { LoadBalancerArn, Port: 80, Protocol: 'HTTP' as const, DefaultActions: [fixed] };
    const { Listeners } = await elb.send(new CreateListenerCommand(input));
    return Listeners?.[0]?.ListenerArn as string;
  };
  return { elb, VpcId, Subnets, Name, LoadBalancerArn, listener };
}

export const elasticloadbalancing: Contract = {
  service,
  claims: [
    {
      operation: 'CreateLoadBalancer',
      claim: 'makes one that becomes active, once under its name',
      source: reference('CreateLoadBalancer'),
      async run(target) {
        const { elb, LoadBalancerArn, Name, Subnets } = await loadBalancer(target);
        await target.until(async () => {
          const { LoadBalancers } = await elb.send(
            new DescribeLoadBalancersCommand({ LoadBalancerArns: [LoadBalancerArn] }),
          );
          expect(LoadBalancers).toMatchObject([{ State: { Code: 'active' }, Scheme: 'internal', Type: 'application' }]);
        });
        const again = elb.send(new CreateLoadBalancerCommand({ Name, Subnets }));
        expect((await refusal(again)).name).toBe('DuplicateLoadBalancerNameException');
      },
    },
    {
      operation: 'CreateLoadBalancer',
      claim: 'refuses a name of 33 characters',
      limit: '32 characters a name',
      source: reference('CreateLoadBalancer'),
      async run(target) {
        const create = new CreateLoadBalancerCommand({ Name: 'n'.repeat(33), Subnets: ['subnet-a', 'subnet-b'] });
        expect((await refusal(target.client(ElasticLoadBalancingV2Client).send(create))).name).toBe('ValidationError');
      },
    },
    {
      operation: 'DeleteLoadBalancer',
      claim: 'says nothing about one that is not there',
      source: reference('DeleteLoadBalancer'),
      async run(target) {
        const LoadBalancerArn = `arn:aws:elasticloadbalancing:${target.region}:${target.account}:loadbalancer/app/none/0123456789abcdef`;
        await target.client(ElasticLoadBalancingV2Client).send(new DeleteLoadBalancerCommand({ LoadBalancerArn }));
      },
    },
    {
      operation: 'DeleteLoadBalancer',
      claim: 'refuses one under protection',
      source: guide('Deletion protection'),
      async run(target) {
        const { elb, LoadBalancerArn } = await loadBalancer(target);
        const protect = (Value: string) => {
          const Attributes = [{ Key: 'deletion_protection.enabled', Value }];
          return elb.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn, Attributes }));
        };
        await protect('true');
        target.afterwards(() => protect('false'));
        const deletion = elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }));
        expect((await refusal(deletion)).name).toBe('OperationNotPermittedException');
      },
    },
    {
      operation: 'DescribeLoadBalancerAttributes',
      claim: 'has an idle timeout of 60 seconds unless told otherwise',
      source: guide('Load balancer attributes'),
      async run(target) {
        const { elb, LoadBalancerArn } = await loadBalancer(target);
        const { Attributes } = await elb.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn }));
        expect(Attributes).toContainEqual({ Key: 'idle_timeout.timeout_seconds', Value: '60' });
      },
    },
    {
      operation: 'CreateListener',
      claim: 'refuses the port a second time',
      source: reference('CreateListener'),
      async run(target) {
        const { listener } = await loadBalancer(target);
        await listener();
        expect((await refusal(listener())).name).toBe('DuplicateListenerException');
      },
    },
    {
      operation: 'DescribeListeners',
      claim: 'does not know what is not there',
      source: reference('DescribeListeners'),
      async run(target) {
        const arn = `arn:aws:elasticloadbalancing:${target.region}:${target.account}:listener/app/none/0123456789abcdef/0123456789abcdef`;
        const describe = new DescribeListenersCommand({ ListenerArns: [arn] });
        const error = await refusal(target.client(ElasticLoadBalancingV2Client).send(describe));
        expect(error.name).toBe('ListenerNotFoundException');
      },
    },
    {
      operation: 'CreateRule',
      claim: 'takes each priority once; the default rule comes last',
      source: guide('Listener rules'),
      async run(target) {
        const { elb, listener } = await loadBalancer(target);
        const ListenerArn = await listener();
        const Conditions = [{ Field: 'path-pattern', Values: ['/orders/*'] }];
        const create = () =>
          elb.send(new CreateRuleCommand({ ListenerArn, Priority: 7, Conditions, Actions: [fixed] }));
        await create();
        expect((await refusal(create())).name).toBe('PriorityInUseException');
        const { Rules } = await elb.send(new DescribeRulesCommand({ ListenerArn }));
        expect(Rules?.map(({ Priority }) => Priority)).toEqual(['7', 'default']);
      },
    },
    {
      operation: 'CreateTargetGroup',
      claim: 'checks / every 30 seconds for at most 5, five times to be healthy and two to be unhealthy',
      source: reference('CreateTargetGroup'),
      async run(target) {
        const { VpcId } = await vpcOf(target);
        const TargetGroupArns = [await targetGroup(target, VpcId)];
        const elb = target.client(ElasticLoadBalancingV2Client);
        const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns }));
        expect(TargetGroups).toMatchObject([
          {
            HealthCheckPath: '/',
            HealthCheckIntervalSeconds: 30,
            HealthCheckTimeoutSeconds: 5,
            HealthyThresholdCount: 5,
            UnhealthyThresholdCount: 2,
            Matcher: { HttpCode: '200' },
          },
        ]);
      },
    },
    {
      operation: 'DescribeTargetHealth',
      claim: 'says that a target waits for a load balancer to use its group, or is not registered',
      source: reference('TargetHealth'),
      async run(target) {
        const { VpcId } = await vpcOf(target);
        const TargetGroupArn = await targetGroup(target, VpcId);
        const elb = target.client(ElasticLoadBalancingV2Client);
        await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: '10.90.0.9' }] }));
        const health = async (Id: string) => {
          const answer = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn, Targets: [{ Id }] }));
          return answer.TargetHealthDescriptions?.[0]?.TargetHealth;
        };
        expect(await health('10.90.0.9')).toMatchObject({ State: 'unused', Reason: 'Target.NotInUse' });
        expect(await health('10.90.0.10')).toMatchObject({ State: 'unused', Reason: 'Target.NotRegistered' });
      },
    },
  ],
};
