import { parameterRef, statementsOf, synthesised } from '@stackyard/cdk-core/testing';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { KinesisStreamStack } from '../cdk/stack.ts';

let stack: KinesisStreamStack;
let template: Template;
beforeAll(() => {
  ({ stack, template } = synthesised(KinesisStreamStack, 'egress-kinesis-stream'));
});

const partnerRef = (name: string) => parameterRef(template, `/dev/egress-partner/${name}`);
const idOf = (type: string, properties: object = {}) => Object.keys(template.findResources(type, properties))[0] ?? '';

test('batches are small, wait a minute, are halved when they fail, and end in the failure bucket', () => {
  const failures = idOf('AWS::S3::Bucket');
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    StartingPosition: 'LATEST',
    BatchSize: 10,
    MaximumBatchingWindowInSeconds: 60,
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: 3,
    MaximumRecordAgeInSeconds: 900,
    ParallelizationFactor: 1,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [failures, 'Arn'] } } },
  });
  template.hasResourceProperties('AWS::Kinesis::Stream', { StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
});

describe('the function', () => {
  test('knows the partner and may call it by its URL only', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ PARTNER_URL: partnerRef('url') }) },
    });
    expect(stack.tags.tagValues()['stackyard:needs']).toBe('dev/egress-partner');
  });

  test('may read its stream, keep plans, call the partner, write its log and what is given up, and nothing else', () => {
    const statements = statementsOf(template);
    const resources = statements.map(({ Action, Resource }) => [Action, Resource]);
    const failures = { 'Fn::GetAtt': [idOf('AWS::S3::Bucket'), 'Arn'] };
    expect(resources).toEqual([
      [['logs:CreateLogStream', 'logs:PutLogEvents'], expect.anything()],
      [
        ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        { 'Fn::GetAtt': [idOf('AWS::DynamoDB::Table'), 'Arn'] },
      ],
      ['lambda:InvokeFunctionUrl', partnerRef('function/arn')],
      ['lambda:InvokeFunction', partnerRef('function/arn')],
      [expect.arrayContaining(['kinesis:GetRecords']), { 'Fn::GetAtt': [idOf('AWS::Kinesis::Stream'), 'Arn'] }],
      ['s3:PutObject', { 'Fn::Join': ['', [failures, '/aws/lambda/*']] }],
      ['s3:ListBucket', failures],
    ]);
  });
});

test('alarms tell of late records, of errors that go on, and of what was given up', () => {
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
  expect(alarms.map(({ MetricName, Threshold }) => [MetricName, Threshold]).sort()).toEqual([
    ['Errors', 0],
    ['IteratorAge', 300_000],
    ['NumberOfObjects', 0],
  ]);
  for (const alarm of alarms) expect(alarm).toMatchObject({ TreatMissingData: 'notBreaching' });
});
