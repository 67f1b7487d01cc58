import { statementsOf, synthesised } from '@stackyard/cdk-core/testing';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, expect, test } from 'vitest';
import { SqsBatchingStack } from '../cdk/stack.ts';

let template: Template;
beforeAll(() => {
  ({ template } = synthesised(SqsBatchingStack, 'egress-sqs-batching'));
});

const deadLetters = () =>
  Object.keys(template.findResources('AWS::SQS::Queue', { Properties: { RedrivePolicy: Match.absent() } }));

test('batches are gathered as the settings say, and failures reported one by one', () => {
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    BatchSize: 10,
    MaximumBatchingWindowInSeconds: 60,
    ScalingConfig: { MaximumConcurrency: 2 },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  });
});

test('messages are polled for long, stay invisible while they are carried out, and end in the dead-letter queue', () => {
  template.hasResourceProperties('AWS::SQS::Queue', {
    FifoQueue: Match.absent(),
    ReceiveMessageWaitTimeSeconds: 20,
    VisibilityTimeout: 780,
    RedrivePolicy: { maxReceiveCount: 3, deadLetterTargetArn: { 'Fn::GetAtt': [deadLetters()[0], 'Arn'] } },
  });
  template.hasResourceProperties('AWS::SQS::Queue', {
    FifoQueue: Match.absent(),
    RedrivePolicy: Match.absent(),
    MessageRetentionPeriod: 1_209_600,
  });
});

test('queues take requests over TLS only', () => {
  const policies = Object.values(template.findResources('AWS::SQS::QueuePolicy'));
  expect(policies).toHaveLength(2);
  for (const { Properties } of policies) {
    expect(Properties.PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  }
});

test('the function names each resource it may touch', () => {
  const statements = statementsOf(template);
  for (const { Resource } of statements) expect(Resource).not.toBe('*');
  expect(statements.flatMap(({ Action }) => Action)).not.toContain('sqs:SendMessage');
});

test('alarms tell of old messages, of errors that go on, and of what was given up', () => {
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
  expect(alarms.map(({ MetricName, Threshold }) => [MetricName, Threshold]).sort()).toEqual([
    ['ApproximateAgeOfOldestMessage', 900],
    ['ApproximateNumberOfMessagesVisible', 0],
    ['Errors', 0],
  ]);
});

test('a dashboard shows what comes, what goes, how late, and what is wrong', () => {
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const titles = JSON.stringify(dashboard).matchAll(/\\"title\\":\\"([^\\]+)\\"/g);
  expect([...titles].map(([, title]) => title)).toEqual([
    'Events in',
    'Downstream calls',
    'Age of the oldest event',
    'Function',
    'Given up',
    'Alarms',
  ]);
});
