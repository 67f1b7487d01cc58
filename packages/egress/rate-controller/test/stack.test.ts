import { featureFlags } from '@stackyard/cdk-core';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { beforeAll, expect, test } from 'vitest';
import { settings } from '../cdk/settings.ts';
import { RateControllerStack } from '../cdk/stack.ts';
import { metricNames } from '../src/metric-names.ts';

let stack: RateControllerStack;
let template: Template;
beforeAll(() => {
  const contextVariables = {
    context: 'egress-rate-controller',
    stage: 'dev',
    owner: 'platform',
    usage: 'DEVELOPMENT',
  } as const;
  stack = new RateControllerStack(new App({ context: featureFlags }), 'egress-rate-controller', { contextVariables });
  // Throws where cdk-nag finds something.
  template = Template.fromStack(stack);
});

const partnerRef = (name: string) => ({
  Ref: Object.keys(template.findParameters('*', { Default: `/dev/egress-partner/${name}` }))[0],
});

test('the controller knows the partner and the policy, and ends before the API gives it up', () => {
  template.hasResourceProperties('AWS::Lambda::Function', {
    Handler: 'handler.handler',
    Timeout: 29,
    Environment: {
      Variables: Match.objectLike({
        PARTNER_URL: partnerRef('url'),
        POLICY: JSON.stringify(settings.policy),
        WHEN_STORE_FAILS: 'closed',
      }),
    },
  });
  expect(stack.tags.tagValues()['stackyard:needs']).toBe('dev/egress-partner');
});

test('only signed requests reach it, and the table is paid by use', () => {
  const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => Properties);
  expect(routes.map(({ RouteKey, AuthorizationType }) => [RouteKey, AuthorizationType])).toEqual([
    ['POST /calls', 'AWS_IAM'],
    ['GET /quotes/{category}', 'AWS_IAM'],
  ]);
  template.resourceCountIs('AWS::Lambda::Url', 0);
  template.hasResourceProperties('AWS::DynamoDB::Table', { BillingMode: 'PAY_PER_REQUEST' });
});

test('its functions may exchange permits, call the partner and write their logs, and the consumer read its queue; nothing else', () => {
  const statementsOf = (role: string) =>
    Object.entries(template.findResources('AWS::IAM::Policy')).flatMap(([id, { Properties }]) =>
      id.startsWith(role) ? Properties.PolicyDocument.Statement : [],
    );
  const idOf = (type: string, prefix: string) =>
    Object.keys(template.findResources(type)).find((id) => id.startsWith(prefix));
  const arn = (type: string, prefix: string) => ({ 'Fn::GetAtt': [idOf(type, prefix), 'Arn'] });
  const rights = (role: string) =>
    statementsOf(role).map(({ Action, Resource }: { Action: unknown; Resource: unknown }) => [Action, Resource]);
  const common = [
    [['logs:CreateLogStream', 'logs:PutLogEvents'], expect.anything()],
    ['lambda:InvokeFunctionUrl', partnerRef('function/arn')],
    ['lambda:InvokeFunction', partnerRef('function/arn')],
    [['dynamodb:GetItem', 'dynamodb:UpdateItem'], arn('AWS::DynamoDB::Table', 'Permits')],
  ];
  expect(rights('ControllerRole')).toEqual(common);
  expect(rights('ConsumerRole')).toEqual([
    ...common,
    ['dynamodb:UpdateItem', arn('AWS::DynamoDB::Table', 'QueueFailures')],
    ['sqs:SendMessage', arn('AWS::SQS::Queue', 'QueueCallsDeadLetters')],
    [
      expect.arrayContaining(['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility']),
      arn('AWS::SQS::Queue', 'QueueCallsQueue'),
    ],
  ]);
});

test('receives are not what gives a message up', () => {
  template.hasResourceProperties('AWS::SQS::Queue', {
    RedrivePolicy: Match.objectLike({ maxReceiveCount: 1000 }),
    VisibilityTimeout: 6 * 29 + 1,
  });
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    BatchSize: 20,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 2 },
  });
});

test('the permits are there before the controller is', () => {
  const [trigger] = Object.keys(template.findResources('Custom::Trigger'));
  template.hasResource('AWS::Lambda::Function', {
    Properties: Match.objectLike({ Handler: 'handler.handler' }),
    DependsOn: Match.arrayWith([trigger]),
  });
});

test('alarms tell of refusals, waits, the store, the partner and the queue', () => {
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
  const told = alarms.map((alarm) => [alarm.MetricName, alarm.Statistic, alarm.Threshold]);
  expect(told.toSorted()).toEqual([
    ['ApproximateAgeOfOldestMessage', 'Maximum', 900],
    ['ApproximateNumberOfMessagesVisible', 'Maximum', 0],
    ['Errors', 'Sum', 0],
    ['Errors', 'Sum', 0],
    ['PartnerFailed', 'Average', 0.05],
    ['PartnerRefused', 'Sum', 0],
    ['Refused', 'Average', 0.1],
    ['StoreFailed', 'Sum', 0],
    ['WaitingTime', 'Average', 2000],
  ]);
  for (const alarm of alarms) expect(alarm).toMatchObject({ TreatMissingData: 'notBreaching' });
});

test('the dashboard has the partner’s calls beside its limit, and every alarm', () => {
  const [{ Properties: properties } = { Properties: {} }] = Object.values(
    template.findResources('AWS::CloudWatch::Dashboard'),
  );
  const body = JSON.stringify(properties);
  for (const id of Object.keys(template.findResources('AWS::CloudWatch::Alarm'))) expect(body).toContain(id);
  for (const name of Object.values(metricNames)) expect(body).toContain(name);
  expect(body).toContain('5 in 0.5 s');
});
