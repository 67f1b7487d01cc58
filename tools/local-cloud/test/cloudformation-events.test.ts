import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import {
  DescribeArchiveCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  EventBridgeClient,
  ListApiDestinationsCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
} from '@aws-sdk/client-eventbridge';
import { GetScheduleCommand, GetScheduleGroupCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { App, SecretValue, Stack } from 'aws-cdk-lib';
import { ApiDestination, Authorization, Connection, Rule } from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StackCloud, startStackCloud, template } from './cloudformation-support.ts';

let cloud: StackCloud;
let events: EventBridgeClient;
beforeAll(async () => {
  cloud = await startStackCloud();
  events = cloud.client(EventBridgeClient);
});
afterAll(() => cloud.close());

const target = (id: string) => ({ Id: id, Arn: `arn:aws:sqs:us-east-1:000000000000:${id}` });
const statement = (StatementId: string) => ({
  Type: 'AWS::Events::EventBusPolicy',
  Properties: {
    EventBusName: { Ref: 'Bus' },
    StatementId,
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111111111111:root' },
      Action: 'events:PutEvents',
      Resource: { 'Fn::GetAtt': ['Bus', 'Arn'] },
    },
  },
});

/** As the CDK's EventBus, Rule and archive() come out, with what a test changes. */
const stack = (rule: object = {}, bus: object = {}) =>
  template(
    {
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'orders', ...bus } },
      Archive: {
        Type: 'AWS::Events::Archive',
        Properties: {
          ArchiveName: 'orders',
          SourceArn: { 'Fn::GetAtt': ['Bus', 'Arn'] },
          EventPattern: { source: ['shop'] },
          KmsKeyIdentifier: '',
          RetentionDays: 3,
        },
      },
      One: statement('one'),
      Two: statement('two'),
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventBusName: { Ref: 'Bus' },
          EventPattern: { source: ['shop'] },
          State: 'ENABLED',
          Targets: [target('a'), target('b')],
          ...rule,
        },
      },
    },
    { Outputs: { Rule: { Value: { Ref: 'Rule' } }, RuleArn: { Value: { 'Fn::GetAtt': ['Rule', 'Arn'] } } } },
  );

test('a bus with its policy, its archive and a rule: made, changed and taken away', async () => {
  const made = await cloud.create('events', stack());
  expect(made?.StackStatus).toBe('CREATE_COMPLETE');
  const outputs = Object.fromEntries(
    (made?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
  );
  const [bus, Name = ''] = outputs['Rule']?.split('|') ?? [];
  expect(bus).toBe('orders');
  expect(outputs['RuleArn']).toBe(`arn:aws:events:us-east-1:000000000000:rule/orders/${Name}`);
  const rule = { Name, EventBusName: 'orders' };
  const ids = async () => {
    const listed = await events.send(new ListTargetsByRuleCommand({ Rule: Name, EventBusName: 'orders' }));
    return listed.Targets?.map(({ Id }) => Id);
  };
  const { Policy = '' } = await events.send(new DescribeEventBusCommand({ Name: 'orders' }));
  expect(
    JSON.parse(Policy)
      .Statement.map(({ Sid }: { Sid: string }) => Sid)
      .sort(),
  ).toEqual(['one', 'two']);
  expect(await events.send(new DescribeArchiveCommand({ ArchiveName: 'orders' }))).toMatchObject({ RetentionDays: 3 });
  expect(await ids()).toEqual(['a', 'b']);

  const changed = { Targets: [target('b'), target('c')], State: 'DISABLED', Description: 'changed' };
  const updated = await cloud.update('events', stack(changed, { Tags: [{ Key: 'team', Value: 'shop' }] }));
  expect(updated?.StackStatus).toBe('UPDATE_COMPLETE');
  expect(await ids()).toEqual(['b', 'c']);
  expect(await events.send(new DescribeRuleCommand(rule))).toMatchObject({ State: 'DISABLED', Description: 'changed' });
  const ResourceARN = 'arn:aws:events:us-east-1:000000000000:event-bus/orders';
  const { Tags } = await events.send(new ListTagsForResourceCommand({ ResourceARN }));
  expect(Tags).toContainEqual({ Key: 'team', Value: 'shop' });

  await cloud.cloudFormation.send(new DeleteStackCommand({ StackName: 'events' }));
  await expect(cloud.settled('events')).rejects.toThrow('does not exist');
  await expect(events.send(new DescribeEventBusCommand({ Name: 'orders' }))).rejects.toThrow('does not exist');
});

test('a rule on the default bus is known by its name', async () => {
  const Properties = { ScheduleExpression: 'rate(5 minutes)', Name: 'often' };
  const made = await cloud.create(
    'schedule',
    template({ Rule: { Type: 'AWS::Events::Rule', Properties } }, { Outputs: { Rule: { Value: { Ref: 'Rule' } } } }),
  );
  expect(made?.Outputs?.[0]?.OutputValue).toBe('often');
});

test('a target that PutTargets refuses takes its rule back', async () => {
  const Properties = { EventPattern: { source: ['shop'] }, Name: 'refused', Targets: [{ Id: 'x', Arn: 'not-an-arn' }] };
  const made = await cloud.create('refused', template({ Rule: { Type: 'AWS::Events::Rule', Properties } }));
  expect(made?.StackStatus).toBe('ROLLBACK_COMPLETE');
  await expect(events.send(new DescribeRuleCommand({ Name: 'refused' }))).rejects.toThrow('does not exist');
});

test('a schedule group with its schedule: made and taken away', async () => {
  const scheduler = cloud.client(SchedulerClient);
  const made = await cloud.create(
    'group',
    template({
      Group: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: 'nightly' } },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Principal: { Service: 'scheduler.amazonaws.com' }, Action: 'sts:AssumeRole' },
            ],
          },
        },
      },
      Schedule: {
        Type: 'AWS::Scheduler::Schedule',
        Properties: {
          Name: 'clean-up',
          GroupName: { Ref: 'Group' },
          ScheduleExpression: 'cron(0 3 * * ? *)',
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: { Arn: target('q').Arn, RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] }, Input: '{}' },
        },
      },
    }),
  );
  expect(made?.StackStatus).toBe('CREATE_COMPLETE');
  const { Arn } = await scheduler.send(new GetScheduleCommand({ GroupName: 'nightly', Name: 'clean-up' }));
  expect(Arn).toBe('arn:aws:scheduler:us-east-1:000000000000:schedule/nightly/clean-up');
  await cloud.cloudFormation.send(new DeleteStackCommand({ StackName: 'group' }));
  await expect(cloud.settled('group')).rejects.toThrow('does not exist');
  await expect(scheduler.send(new GetScheduleGroupCommand({ Name: 'nightly' }))).rejects.toThrow('does not exist');
});

/** As the CDK's Connection, ApiDestination and its target of a rule come out. */
function partner(limit?: number): string {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Partner');
  const connection = new Connection(stack, 'Connection', {
    authorization: Authorization.apiKey('x-api-key', SecretValue.unsafePlainText('for a test')),
  });
  const destination = new ApiDestination(stack, 'Destination', {
    connection,
    endpoint: 'https://partner.example/orders',
    ...(limit !== undefined && { rateLimitPerSecond: limit }),
  });
  const rule = new Rule(stack, 'Rule', { eventPattern: { source: ['shop'] } });
  rule.addTarget(new targets.ApiDestination(destination));
  const { Parameters: _parameters, Rules: _rules, ...rest } = app.synth().getStackByName('Partner').template;
  return JSON.stringify(rest);
}

test('an API destination with its connection comes, changes and goes', { timeout: 60_000 }, async () => {
  const created = await cloud.create('Partner', partner(10));
  expect(created?.StackStatus, (await cloud.events('Partner')).join('\n')).toBe('CREATE_COMPLETE');
  const found = async () => (await events.send(new ListApiDestinationsCommand({}))).ApiDestinations?.[0];
  expect(await found()).toMatchObject({ ApiDestinationState: 'ACTIVE', InvocationRateLimitPerSecond: 10 });
  const updated = await cloud.update('Partner', partner());
  expect(updated?.StackStatus, (await cloud.events('Partner')).join('\n')).toBe('UPDATE_COMPLETE');
  expect(await found()).toMatchObject({ InvocationRateLimitPerSecond: 300, HttpMethod: 'POST' });
  await cloud.cloudFormation.send(new DeleteStackCommand({ StackName: created?.StackId }));
  expect((await cloud.settled(created?.StackId ?? ''))?.StackStatus).toBe('DELETE_COMPLETE');
  expect(await found()).toBeUndefined();
});

test('the task of a rule has the members that the API names otherwise', async () => {
  const network = { AssignPublicIp: 'DISABLED', Subnets: ['subnet-1'], SecurityGroups: ['sg-1'] };
  const task = {
    TaskDefinitionArn: 'arn:aws:ecs:us-east-1:000000000000:task-definition/report:1',
    TaskCount: 2,
    CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: 1 }],
    NetworkConfiguration: { AwsVpcConfiguration: network },
    TagList: [{ Key: 'team', Value: 'a' }],
  };
  const Arn = 'arn:aws:ecs:us-east-1:000000000000:cluster/apps';
  const RoleArn = 'arn:aws:iam::000000000000:role/starter';
  const Targets = [{ Id: 'task', Arn, RoleArn, EcsParameters: task, Input: '{}' }];
  const Properties = { Name: 'nightly', ScheduleExpression: 'cron(0 3 * * ? *)', Targets };
  const created = await cloud.create('nightly', template({ Rule: { Type: 'AWS::Events::Rule', Properties } }));
  expect(created?.StackStatus, (await cloud.events('nightly')).join('\n')).toBe('CREATE_COMPLETE');
  const { Targets: found } = await events.send(new ListTargetsByRuleCommand({ Rule: 'nightly' }));
  expect(found?.[0]?.EcsParameters).toMatchObject({
    TaskCount: 2,
    CapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }],
    NetworkConfiguration: { awsvpcConfiguration: network },
    Tags: [{ Key: 'team', Value: 'a' }],
  });
});
