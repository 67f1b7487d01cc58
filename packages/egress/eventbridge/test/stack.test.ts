import { featureFlags } from '@stackyard/cdk-core';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { EventBridgeStack } from '../cdk/stack.ts';

let stack: EventBridgeStack;
let template: Template;
beforeAll(() => {
  const contextVariables = {
    context: 'egress-eventbridge',
    stage: 'dev',
    owner: 'platform',
    usage: 'DEVELOPMENT',
  } as const;
  stack = new EventBridgeStack(new App({ context: featureFlags }), 'egress-eventbridge', { contextVariables });
  // Throws where cdk-nag finds something.
  template = Template.fromStack(stack);
});

const idOf = (type: string) => Object.keys(template.findResources(type))[0] ?? '';
const arnOf = (type: string) => ({ 'Fn::GetAtt': [idOf(type), 'Arn'] });
const partnerRef = (name: string) => ({
  Ref: Object.keys(template.findParameters('*', { Default: `/dev/egress-partner/${name}` }))[0],
});

test('the rule takes the service’s events, tries three times within an hour, then keeps them', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    EventBusName: { Ref: idOf('AWS::Events::EventBus') },
    EventPattern: {
      source: ['com.company.myservice'],
      'detail-type': ['user.signedup', 'user.profile_updated', 'user.unsubscribed'],
    },
    Targets: [
      Match.objectLike({
        RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 },
        DeadLetterConfig: { Arn: arnOf('AWS::SQS::Queue') },
      }),
    ],
  });
});

describe('the function', () => {
  test('runs once at a time, and what it fails on twice more is kept', () => {
    template.hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 1, Timeout: 30 });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 21_600,
      DestinationConfig: { OnFailure: { Destination: arnOf('AWS::SQS::Queue') } },
    });
  });

  test('may call the partner, write its log and what is given up, and nothing else; the rule alone may invoke it', () => {
    const statements = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement,
    );
    expect(statements.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [['logs:CreateLogStream', 'logs:PutLogEvents'], expect.anything()],
      ['lambda:InvokeFunctionUrl', partnerRef('function/arn')],
      ['lambda:InvokeFunction', partnerRef('function/arn')],
      [expect.arrayContaining(['sqs:SendMessage']), arnOf('AWS::SQS::Queue')],
    ]);
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'events.amazonaws.com',
      SourceArn: arnOf('AWS::Events::Rule'),
    });
    expect(stack.tags.tagValues()['stackyard:needs']).toBe('dev/egress-partner');
  });
});

test('the failure queue takes messages of the rule, over TLS, and keeps them for two weeks', () => {
  template.hasResourceProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
  template.hasResourceProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: Match.objectLike({
      Statement: Match.arrayWith([
        Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        Match.objectLike({
          Action: 'sqs:SendMessage',
          Principal: { Service: 'events.amazonaws.com' },
          Condition: { ArnEquals: { 'aws:SourceArn': arnOf('AWS::Events::Rule') } },
        }),
      ]),
    }),
  });
});

test('alarms tell of late events, of errors that go on, of what was given up, and of what was lost', () => {
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
  expect(alarms.map(({ MetricName, Threshold }) => [MetricName, Threshold]).sort()).toEqual([
    ['ApproximateNumberOfMessagesVisible', 0],
    ['AsyncEventAge', 3_600_000],
    ['Errors', 0],
    ['InvocationsFailedToBeSentToDlq', 0],
  ]);
  for (const alarm of alarms) expect(alarm).toMatchObject({ TreatMissingData: 'notBreaching' });
});
