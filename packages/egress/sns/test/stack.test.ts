import { statementsOf, synthesised } from '@stackyard/cdk-core/testing';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { LevelledStack } from '../cdk/levelled-stack.ts';
import { SnsStack } from '../cdk/stack.ts';

let direct: Template;
let levelled: Template;
beforeAll(() => {
  direct = synthesised(SnsStack, 'egress-sns').template;
  levelled = synthesised(LevelledStack, 'egress-sns-levelled').template;
});

const idOf = (template: Template, type: string, properties: object = {}) =>
  Object.keys(template.findResources(type, { Properties: properties }))[0] ?? '';
const arnOf = (template: Template, type: string, properties: object = {}) => ({
  'Fn::GetAtt': [idOf(template, type, properties), 'Arn'],
});
const actionsOf = (template: Template) => statementsOf(template).map(({ Action, Resource }) => [Action, Resource]);
const alarmsOf = (template: Template) =>
  Object.values(template.findResources('AWS::CloudWatch::Alarm'))
    .map(({ Properties: { MetricName, Threshold, EvaluationPeriods } }) => [MetricName, Threshold, EvaluationPeriods])
    .sort();

describe('a function subscribed to the topic', () => {
  test('runs one at a time, and what it fails at three times goes to the dead-letter queue', () => {
    direct.hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 1, Timeout: 30 });
    direct.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 21_600,
      DestinationConfig: { OnFailure: { Destination: arnOf(direct, 'AWS::SQS::Queue') } },
    });
  });

  test('is invoked for this topic alone, and what Lambda does not take goes to the same queue', () => {
    const TopicArn = { Ref: idOf(direct, 'AWS::SNS::Topic') };
    direct.hasResourceProperties('AWS::Lambda::Permission', { Principal: 'sns.amazonaws.com', SourceArn: TopicArn });
    direct.hasResourceProperties('AWS::SNS::Subscription', {
      TopicArn,
      Protocol: 'lambda',
      RedrivePolicy: { deadLetterTargetArn: arnOf(direct, 'AWS::SQS::Queue') },
    });
  });

  test('may write its log, keep its plans, call the partner and send what it gives up, and nothing else', () => {
    expect(actionsOf(direct)).toEqual([
      [['logs:CreateLogStream', 'logs:PutLogEvents'], expect.anything()],
      [expect.arrayContaining(['dynamodb:GetItem']), arnOf(direct, 'AWS::DynamoDB::Table')],
      ['lambda:InvokeFunctionUrl', expect.anything()],
      ['lambda:InvokeFunction', expect.anything()],
      [expect.arrayContaining(['sqs:SendMessage']), arnOf(direct, 'AWS::SQS::Queue')],
    ]);
  });

  test('has alarms for late events, for errors and throttling that go on, and for what was given up', () => {
    expect(alarmsOf(direct)).toEqual([
      ['ApproximateNumberOfMessagesVisible', 0, 1],
      ['AsyncEventAge', 3_600_000, 1],
      ['Errors', 0, 3],
      ['Throttles', 0, 12],
    ]);
  });
});

describe('a queue between topic and function', () => {
  const queue = { RedrivePolicy: Match.anyValue() };

  test('gets the bare event, lets ten of them gather for a minute, and two batches go at a time', () => {
    levelled.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'sqs',
      Endpoint: arnOf(levelled, 'AWS::SQS::Queue', queue),
      RawMessageDelivery: true,
      RedrivePolicy: Match.anyValue(),
    });
    levelled.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 60,
      ScalingConfig: { MaximumConcurrency: 2 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  test('hides messages for six timeouts and the window, and gives them up after three receives', () => {
    levelled.hasResourceProperties('AWS::SQS::Queue', {
      ReceiveMessageWaitTimeSeconds: 20,
      VisibilityTimeout: 6 * 120 + 60,
      RedrivePolicy: Match.objectLike({ maxReceiveCount: 3 }),
    });
  });

  test('has alarms for old messages, for errors that go on, and for what was given up', () => {
    expect(alarmsOf(levelled)).toEqual([
      ['ApproximateAgeOfOldestMessage', 900, 1],
      ['ApproximateNumberOfMessagesVisible', 0, 1],
      ['Errors', 0, 3],
    ]);
  });
});

test('both topics refuse what is not published over TLS', () => {
  for (const template of [direct, levelled]) {
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Action: 'sns:Publish',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      }),
    });
  }
});
