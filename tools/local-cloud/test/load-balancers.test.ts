import { DeleteSecurityGroupCommand, DescribeNetworkInterfacesCommand } from '@aws-sdk/client-ec2';
import {
  AddTagsCommand,
  CreateListenerCommand,
  CreateRuleCommand,
  DeleteListenerCommand,
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ModifyLoadBalancerAttributesCommand,
  ModifyTargetGroupAttributesCommand,
  SetRulePrioritiesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LoadBalancerCloud, startLoadBalancerCloud } from './fixtures/network/load-balancer.ts';

let cloud: LoadBalancerCloud;
beforeAll(async () => {
  cloud = await startLoadBalancerCloud();
});
afterAll(() => cloud.close());

const fixed = { Type: 'fixed-response' as const, FixedResponseConfig: { StatusCode: '200' } };

describe('load balancers', () => {
  test('stand in their subnets with network interfaces of their own', async () => {
    const { LoadBalancerArn } = await cloud.loadBalancer('shop');
    expect(LoadBalancerArn).toMatch(
      /^arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer\/app\/shop\/[0-9a-f]{16}$/,
    );
    const { LoadBalancers } = await cloud.elb.send(new DescribeLoadBalancersCommand({ Names: ['shop'] }));
    expect(LoadBalancers).toMatchObject([
      {
        State: { Code: 'active' },
        Scheme: 'internet-facing',
        VpcId: cloud.VpcId,
        SecurityGroups: [cloud.front],
        AvailabilityZones: [{ ZoneName: 'us-east-1a' }, { ZoneName: 'us-east-1b' }],
      },
    ]);
    const Filters = [{ Name: 'description', Values: ['ELB app/shop/*'] }];
    const { NetworkInterfaces } = await cloud.ec2.send(new DescribeNetworkInterfacesCommand({ Filters }));
    expect(NetworkInterfaces?.map(({ RequesterManaged }) => RequesterManaged)).toEqual([true, true]);
    await expect(cloud.ec2.send(new DeleteSecurityGroupCommand({ GroupId: cloud.front }))).rejects.toMatchObject({
      name: 'DependencyViolation',
    });
  });

  test.each([
    ['one subnet', { Subnets: ['first'] }, 'ValidationError'],
    ['a name of 33 characters', { Name: 'n'.repeat(33) }, 'ValidationError'],
    ['the name twice', { Name: 'shop' }, 'DuplicateLoadBalancerNameException'],
    ['an unknown group', { SecurityGroups: ['sg-0'] }, 'InvalidSecurityGroupException'],
    ['unknown subnets', { Subnets: ['subnet-0', 'subnet-1'] }, 'SubnetNotFoundException'],
    ['a network load balancer', { Type: 'network' }, 'InvalidConfigurationRequestException'],
  ])('refused: %s', async (_, more, name) => {
    await expect(cloud.loadBalancer('refused', more)).rejects.toMatchObject({ name });
  });

  test('under protection stay, others go with listeners and interfaces', async () => {
    const { LoadBalancerArn } = await cloud.loadBalancer('protected');
    const ListenerArn = await cloud.listener(LoadBalancerArn, fixed);
    const protect = (Value: string) =>
      cloud.elb.send(
        new ModifyLoadBalancerAttributesCommand({
          LoadBalancerArn,
          Attributes: [{ Key: 'deletion_protection.enabled', Value }],
        }),
      );
    await protect('true');
    await expect(cloud.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }))).rejects.toMatchObject({
      name: 'OperationNotPermittedException',
    });
    await protect('false');
    await cloud.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }));
    await expect(cloud.elb.send(new DescribeListenersCommand({ ListenerArns: [ListenerArn] }))).rejects.toMatchObject({
      name: 'ListenerNotFoundException',
    });
    const Filters = [{ Name: 'description', Values: ['ELB app/protected/*'] }];
    const { NetworkInterfaces } = await cloud.ec2.send(new DescribeNetworkInterfacesCommand({ Filters }));
    expect(NetworkInterfaces).toEqual([]);
    await cloud.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }));
  });

  test('say which attributes they cannot carry out', async () => {
    const { LoadBalancerArn } = await cloud.loadBalancer('attributes');
    const set = (Key: string, Value: string) =>
      cloud.elb.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn, Attributes: [{ Key, Value }] }));
    await expect(set('access_logs.s3.enabled', 'true')).rejects.toMatchObject({
      message: 'The embedded cloud does not support access_logs.s3.enabled = true',
    });
    await expect(set('colour', 'red')).rejects.toMatchObject({
      message: "Attribute key 'colour' is not recognized",
    });
    await expect(set('idle_timeout.timeout_seconds', '5000')).rejects.toMatchObject({ name: 'ValidationError' });
  });

  test('carry tags', async () => {
    const { LoadBalancerArn } = await cloud.loadBalancer('tagged', { Tags: [{ Key: 'team', Value: 'shop' }] });
    const ResourceArns = [LoadBalancerArn];
    await cloud.elb.send(new AddTagsCommand({ ResourceArns, Tags: [{ Key: 'stage', Value: 'test' }] }));
    const { TagDescriptions } = await cloud.elb.send(new DescribeTagsCommand({ ResourceArns }));
    expect(TagDescriptions?.[0]?.Tags).toEqual([
      { Key: 'team', Value: 'shop' },
      { Key: 'stage', Value: 'test' },
    ]);
  });
});

describe('listeners and rules', () => {
  test('one listener per port; TLS needs a certificate, of which there are none', async () => {
    const { LoadBalancerArn } = await cloud.loadBalancer('ports');
    await cloud.listener(LoadBalancerArn, fixed);
    await expect(cloud.listener(LoadBalancerArn, fixed)).rejects.toMatchObject({ name: 'DuplicateListenerException' });

    const Certificates = [{ CertificateArn: 'arn:aws:acm:us-east-1:000000000000:certificate/none' }];
    await expect(
      cloud.elb.send(
        new CreateListenerCommand({
          LoadBalancerArn,
          Port: 443,
          Protocol: 'HTTPS',
          Certificates,
          DefaultActions: [fixed],
        }),
      ),
    ).rejects.toMatchObject({ name: 'CertificateNotFoundException' });
  });

  test('rules have priorities of their own, which can change places', async () => {
    const { LoadBalancerArn } = await cloud.loadBalancer('priorities');
    const ListenerArn = await cloud.listener(LoadBalancerArn, fixed);
    const create = async (Priority: number) => {
      const Conditions = [{ Field: 'path-pattern', Values: [`/${Priority}`] }];
      const input = { ListenerArn, Priority, Conditions, Actions: [fixed] };
      return (await cloud.elb.send(new CreateRuleCommand(input))).Rules?.[0]?.RuleArn ?? '';
    };
    const [one, two] = [await create(1), await create(2)];
    await expect(create(2)).rejects.toMatchObject({ name: 'PriorityInUseException' });
    await cloud.elb.send(
      new SetRulePrioritiesCommand({
        RulePriorities: [
          { RuleArn: one, Priority: 2 },
          { RuleArn: two, Priority: 1 },
        ],
      }),
    );
    const { Rules } = await cloud.elb.send(new DescribeRulesCommand({ ListenerArn }));
    expect(Rules?.map(({ RuleArn, Priority }) => [RuleArn, Priority])).toMatchObject([
      [two, '1'],
      [one, '2'],
      [expect.stringContaining('listener-rule/app/priorities/'), 'default'],
    ]);
  });
});

describe('target groups', () => {
  test('have AWS’s defaults, and stay while a listener uses them', async () => {
    const TargetGroupArn = await cloud.targetGroup('defaults');
    const described = async () =>
      (await cloud.elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [TargetGroupArn] }))).TargetGroups?.[0];
    expect(await described()).toMatchObject({
      HealthCheckPath: '/',
      HealthCheckIntervalSeconds: 30,
      HealthCheckTimeoutSeconds: 5,
      HealthyThresholdCount: 5,
      UnhealthyThresholdCount: 2,
      Matcher: { HttpCode: '200' },
      LoadBalancerArns: [],
    });
    const { Attributes } = await cloud.elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
    expect(Attributes).toContainEqual({ Key: 'deregistration_delay.timeout_seconds', Value: '300' });
    const { LoadBalancerArn } = await cloud.loadBalancer('user');
    const ListenerArn = await cloud.listener(LoadBalancerArn, { Type: 'forward', TargetGroupArn });
    expect((await described())?.LoadBalancerArns).toEqual([LoadBalancerArn]);
    const remove = () => cloud.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn }));
    await expect(remove()).rejects.toMatchObject({ name: 'ResourceInUseException' });
    await cloud.elb.send(new DeleteListenerCommand({ ListenerArn }));
    await remove();
    await expect(described()).rejects.toMatchObject({ name: 'TargetGroupNotFoundException' });
  });

  test('a health check must end before the next begins', async () => {
    await expect(
      cloud.targetGroup('slow', { HealthCheckIntervalSeconds: 10, HealthCheckTimeoutSeconds: 10 }),
    ).rejects.toMatchObject({ name: 'ValidationError' });
  });

  test('stickiness is refused, which nothing here carries out', async () => {
    const TargetGroupArn = await cloud.targetGroup('sticky');
    const Attributes = [{ Key: 'stickiness.enabled', Value: 'true' }];
    await expect(
      cloud.elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes })),
    ).rejects.toMatchObject({ name: 'InvalidConfigurationRequestException' });
  });
});

describe('health', () => {
  async function checked(name: string, settings: object, ...handlers: Parameters<LoadBalancerCloud['target']>[0][]) {
    const TargetGroupArn = await cloud.targetGroup(name, settings);
    const { LoadBalancerArn } = await cloud.loadBalancer(name);
    const targets = await Promise.all(handlers.map((handler) => cloud.target(handler)));
    await cloud.register(TargetGroupArn, ...targets);
    return { TargetGroupArn, LoadBalancerArn, targets };
  }

  test('is not checked before a load balancer uses the group', async () => {
    const { TargetGroupArn, LoadBalancerArn, targets } = await checked('unused', {}, (_, response) => response.end());
    expect(await cloud.health(TargetGroupArn)).toMatchObject([{ State: 'unused', Reason: 'Target.NotInUse' }]);
    await cloud.listener(LoadBalancerArn, { Type: 'forward', TargetGroupArn });
    await cloud.settled(TargetGroupArn, 'healthy');
    await cloud.elb.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets: targets }));
    const { TargetHealthDescriptions } = await cloud.elb.send(
      new DescribeTargetHealthCommand({ TargetGroupArn, Targets: targets }),
    );
    expect(TargetHealthDescriptions?.[0]?.TargetHealth).toEqual({
      State: 'unused',
      Reason: 'Target.NotRegistered',
      Description: 'Target is not registered to the target group',
    });
  });

  test('follows what the target answers, by the group’s thresholds', async () => {
    let status = 200;
    const settings = { HealthCheckPath: '/health', Matcher: { HttpCode: '200-204' }, HealthyThresholdCount: 2 };
    const { TargetGroupArn, LoadBalancerArn } = await checked('turning', settings, ({ url }, response) => {
      response.writeHead(url === '/health' ? status : 404).end();
    });
    await cloud.listener(LoadBalancerArn, { Type: 'forward', TargetGroupArn });
    await cloud.settled(TargetGroupArn, 'healthy');
    status = 500;
    const unhealthy = {
      State: 'unhealthy',
      Reason: 'Target.ResponseCodeMismatch',
      Description: 'Health checks failed with these codes: [500]',
    };
    const afterMinutes = async () => {
      await cloud.cloud.clock.advance(30_000);
      return (await cloud.health(TargetGroupArn))[0];
    };
    await expect.poll(afterMinutes, { timeout: 10_000 }).toEqual(unhealthy);
    status = 204;
    await expect.poll(afterMinutes, { timeout: 10_000 }).toEqual({ State: 'healthy' });
  });

  test('says when nothing listens', async () => {
    const { TargetGroupArn, LoadBalancerArn, targets } = await checked('dead', {}, () => {});
    await cloud.elb.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets: targets }));
    await cloud.register(TargetGroupArn, { Id: targets[0]?.Id ?? '', Port: 9 });
    await cloud.listener(LoadBalancerArn, { Type: 'forward', TargetGroupArn });
    expect(await cloud.health(TargetGroupArn)).toMatchObject([
      { State: 'initial', Reason: 'Elb.InitialHealthChecking' },
    ]);
    const afterMinutes = async () => {
      await cloud.cloud.clock.advance(30_000);
      return (await cloud.health(TargetGroupArn))[0];
    };
    // No security group lets port 9 through.
    await expect.poll(afterMinutes, { timeout: 10_000 }).toEqual({
      State: 'unhealthy',
      Reason: 'Target.Timeout',
      Description: 'Request timed out',
    });
  });
});
