import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  FilterLogEventsCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutRuleCommand,
  type PutRuleCommandInput,
  PutTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { startTestCloud } from '../src/testing.ts';
import { eventually } from './fixtures/lambda/support.ts';

export const account = '000000000000';
export const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${account}:${resource}`;
export const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });

export type EventsCloud = Awaited<ReturnType<typeof startEventsCloud>>;

/** A cloud with an event bus `orders`, and log groups as the targets that a test reads from. */
export async function startEventsCloud() {
  const cloud = await startTestCloud();
  const events = cloud.client(EventBridgeClient);
  const logs = cloud.client(CloudWatchLogsClient);
  await events.send(new CreateEventBusCommand({ Name: 'orders' }));

  /** A rule of the bus `orders` for events of the source `shop`, with its targets. */
  async function rule(Name: string, Targets: readonly Target[], more: Partial<PutRuleCommandInput> = {}) {
    const bus = { EventBusName: 'orders', ...more };
    const EventPattern = more.ScheduleExpression ? undefined : JSON.stringify({ source: ['shop'] });
    const { RuleArn = '' } = await events.send(new PutRuleCommand({ Name, EventPattern, ...bus }));
    const { EventBusName } = bus;
    await events.send(new PutTargetsCommand({ Rule: Name, EventBusName, Targets: [...Targets] }));
    return RuleArn;
  }

  return {
    ...cloud,
    events,
    logs,
    rule,
    /** A log group that EventBridge may write to. */
    async logGroup(logGroupName: string): Promise<string> {
      await logs.send(new CreateLogGroupCommand({ logGroupName }));
      const Resource = `${arn('logs', `log-group:${logGroupName}`)}:*`;
      const Principal = { Service: 'events.amazonaws.com' };
      const policyDocument = document({
        Effect: 'Allow',
        Principal,
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource,
      });
      await logs.send(new PutResourcePolicyCommand({ policyName: logGroupName.replaceAll('/', '-'), policyDocument }));
      return arn('logs', `log-group:${logGroupName}`);
    },
    async put(...entries: Partial<PutEventsRequestEntry>[]) {
      const Entries = entries.map((entry) => ({
        EventBusName: 'orders',
        Source: 'shop',
        DetailType: 'order placed',
        Detail: '{}',
        ...entry,
      }));
      return events.send(new PutEventsCommand({ Entries }));
    },
    /** What was written to a log group, once there is so much of it. */
    async written(logGroupName: string, count: number): Promise<string[]> {
      return eventually(async () => {
        const { events: found = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
        if (found.length !== count) throw new Error(`${found.length} events in ${logGroupName} instead of ${count}`);
        return found.map(({ message = '' }) => message);
      });
    },
    /** A role that a service may take, and what it may do. */
    async role(RoleName: string, Service: string, ...statements: object[]): Promise<string> {
      const iam = cloud.client(IAMClient);
      const trust = document({ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' });
      const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
      const PolicyDocument = document(...statements);
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'targets', PolicyDocument }));
      return Role?.Arn ?? '';
    },
    /** The sum of a metric of one rule. */
    async metric(MetricName: string, ruleName: string, busName = 'orders'): Promise<number> {
      const now = cloud.cloud.clock.now();
      const bus = busName === 'default' ? [] : [{ Name: 'EventBusName', Value: busName }];
      const { Datapoints = [] } = await cloud.client(CloudWatchClient).send(
        new GetMetricStatisticsCommand({
          Namespace: 'AWS/Events',
          MetricName,
          Dimensions: [...bus, { Name: 'RuleName', Value: ruleName }],
          StartTime: new Date(now - 86_400_000),
          EndTime: new Date(now + 60_000),
          Period: 86_400,
          Statistics: ['Sum'],
        }),
      );
      return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
    },
  };
}
