import { featureFlags } from '@stackyard/cdk-core';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { beforeAll, expect, test } from 'vitest';
import { settings } from '../cdk/settings.ts';
import { RateControllerStack } from '../cdk/stack.ts';

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
  ]);
  template.resourceCountIs('AWS::Lambda::Url', 0);
  template.hasResourceProperties('AWS::DynamoDB::Table', { BillingMode: 'PAY_PER_REQUEST' });
});

test('it may exchange permits, call the partner and write its log, and nothing else', () => {
  const [policy] = Object.entries(template.findResources('AWS::IAM::Policy')).flatMap(([id, { Properties }]) =>
    id.startsWith('ControllerRole') ? [Properties.PolicyDocument.Statement] : [],
  );
  const table = { 'Fn::GetAtt': [Object.keys(template.findResources('AWS::DynamoDB::Table'))[0], 'Arn'] };
  expect(policy.map(({ Action, Resource }: { Action: unknown; Resource: unknown }) => [Action, Resource])).toEqual([
    [['logs:CreateLogStream', 'logs:PutLogEvents'], expect.anything()],
    [['dynamodb:GetItem', 'dynamodb:UpdateItem'], table],
    ['lambda:InvokeFunctionUrl', partnerRef('function/arn')],
    ['lambda:InvokeFunction', partnerRef('function/arn')],
  ]);
});

test('the permits are there before the controller is', () => {
  const [trigger] = Object.keys(template.findResources('Custom::Trigger'));
  template.hasResource('AWS::Lambda::Function', {
    Properties: Match.objectLike({ Handler: 'handler.handler' }),
    DependsOn: Match.arrayWith([trigger]),
  });
});

test('alarms tell of refusals, waits, the store and the partner', () => {
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
  const told = alarms.map((alarm) => [alarm.MetricName, alarm.Statistic, alarm.Threshold]);
  expect(told.toSorted()).toEqual([
    ['Errors', 'Sum', 0],
    ['PartnerRefused', 'Sum', 0],
    ['Refused', 'Average', 0.1],
    ['StoreFailed', 'Sum', 0],
    ['WaitingTime', 'Average', 2000],
  ]);
  for (const alarm of alarms) expect(alarm).toMatchObject({ TreatMissingData: 'notBreaching' });
});
