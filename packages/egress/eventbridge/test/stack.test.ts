import { parameterRef, synthesised } from '@stackyard/cdk-core/testing';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { EventBridgeStack } from '../cdk/stack.ts';

let stack: EventBridgeStack;
let template: Template;
beforeAll(() => {
  ({ stack, template } = synthesised(EventBridgeStack, 'egress-eventbridge'));
});

/** The id of the one resource of a type whose id begins so. */
const idOf = (type: string, prefix = '') =>
  Object.keys(template.findResources(type)).find((id) => id.startsWith(prefix)) ?? '';
const arnOf = (type: string, prefix?: string) => ({ 'Fn::GetAtt': [idOf(type, prefix), 'Arn'] });
const failures = () => arnOf('AWS::SQS::Queue', 'Failures');
const partnerRef = (name: string) => parameterRef(template, `/dev/egress-partner/${name}`);
const statementsOf = (prefix: string) =>
  Object.entries(template.findResources('AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith(prefix))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
    .map(({ Action, Resource }) => [Action, Resource]);

test.each([
  ['com.company.myservice', 'AWS::Lambda::Function', 'DirectConsumer'],
  ['com.company.myservice.bulk', 'AWS::SQS::Queue', 'LevelledEventsQueue'],
])('events of %s are tried three times within an hour, then kept', (source, type, target) => {
  template.hasResourceProperties('AWS::Events::Rule', {
    EventBusName: { Ref: idOf('AWS::Events::EventBus') },
    EventPattern: { source: [source], 'detail-type': ['user.signedup', 'user.profile_updated', 'user.unsubscribed'] },
    Targets: [
      Match.objectLike({
        Arn: arnOf(type, target),
        RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 },
        DeadLetterConfig: { Arn: failures() },
      }),
    ],
  });
});

const ownRights = (prefix: string) => [
  [['logs:CreateLogStream', 'logs:PutLogEvents'], expect.anything()],
  [
    ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    arnOf('AWS::DynamoDB::Table', prefix),
  ],
  ['lambda:InvokeFunctionUrl', partnerRef('function/arn')],
  ['lambda:InvokeFunction', partnerRef('function/arn')],
];

describe('the direct function', () => {
  test('runs once at a time, and what it fails on twice more is kept', () => {
    template.hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 1, Timeout: 30 });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 21_600,
      DestinationConfig: { OnFailure: { Destination: failures() } },
    });
  });

  test('may keep plans, call the partner, write its log and what is given up, and nothing else; its rule alone may invoke it', () => {
    const queue = [expect.arrayContaining(['sqs:SendMessage']), failures()];
    expect(statementsOf('Direct')).toEqual([...ownRights('Direct'), queue]);
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'events.amazonaws.com',
      SourceArn: arnOf('AWS::Events::Rule', 'Direct'),
    });
    expect(stack.tags.tagValues()['stackyard:needs']).toBe('dev/egress-partner');
  });
});

describe('the levelled function', () => {
  test('gets what has gathered in a minute, in two invocations at most, three times at most', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: arnOf('AWS::SQS::Queue', 'LevelledEventsQueue'),
      BatchSize: 50,
      MaximumBatchingWindowInSeconds: 60,
      ScalingConfig: { MaximumConcurrency: 2 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    template.hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: 6 * 300 + 60,
      RedrivePolicy: { maxReceiveCount: 3 },
    });
  });

  test('may read its queue, keep plans, call the partner, write its log, and nothing else', () => {
    const queue = [expect.arrayContaining(['sqs:ReceiveMessage']), arnOf('AWS::SQS::Queue', 'LevelledEventsQueue')];
    expect(statementsOf('Levelled')).toEqual([...ownRights('Levelled'), queue]);
  });
});

test('alarms tell of late events, of errors that go on, of what was given up, and of what was lost', () => {
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
  expect(alarms.map(({ MetricName, Threshold }) => `${MetricName} > ${Threshold}`).sort()).toEqual([
    'ApproximateAgeOfOldestMessage > 1800',
    'ApproximateNumberOfMessagesVisible > 0',
    'ApproximateNumberOfMessagesVisible > 0',
    'AsyncEventAge > 3600000',
    'Errors > 0',
    'Errors > 0',
    'InvocationsFailedToBeSentToDlq > 0',
    'InvocationsFailedToBeSentToDlq > 0',
  ]);
  for (const alarm of alarms) expect(alarm).toMatchObject({ TreatMissingData: 'notBreaching' });
});
