import { parameterRef, statementsOf, synthesised } from '@stackyard/cdk-core/testing';
import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { LogArchiveStack } from '../cdk/stack.ts';

let template: Template;
beforeAll(() => {
  ({ template } = synthesised(LogArchiveStack, 'log-archive'));
});

const contractRef = (name: string) => parameterRef(template, `/dev/observability-core/${name}`);

const functions = () => template.findResources('AWS::Lambda::Function', { Properties: { Handler: 'handler.handler' } });
const bucket = () => Object.keys(template.findResources('AWS::S3::Bucket'))[0] ?? '';

describe('the function', () => {
  test('gets the whole stream from its oldest record on, in batches as large as may be', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: contractRef('stream/arn'),
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 10_000,
      MaximumBatchingWindowInSeconds: 5,
    });
  });

  test('reads this stream, writes objects below records/ and its own log, and may do nothing else', () => {
    const statements = statementsOf(template);
    expect(statements).toEqual([
      expect.objectContaining({ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'] }),
      {
        Effect: 'Allow',
        Action: 's3:PutObject',
        Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [bucket(), 'Arn'] }, '/records/*']] },
      },
      {
        Effect: 'Allow',
        Action: [
          'kinesis:DescribeStream',
          'kinesis:DescribeStreamSummary',
          'kinesis:GetRecords',
          'kinesis:GetShardIterator',
          'kinesis:ListShards',
        ],
        Resource: contractRef('stream/arn'),
      },
    ]);
  });
});

test('alarms tell of records that come late and of errors that go on, and stay quiet without records', () => {
  const Dimensions = [{ Name: 'FunctionName', Value: { Ref: Object.keys(functions())[0] } }];
  const quiet = { Namespace: 'AWS/Lambda', Dimensions, TreatMissingData: 'notBreaching' };
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    ...quiet,
    MetricName: 'IteratorAge',
    Threshold: 3_600_000,
  });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', { ...quiet, MetricName: 'Errors', EvaluationPeriods: 3 });
});

describe('the bucket', () => {
  test('is closed to the public, encrypted, and takes requests over TLS only', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    const [policy] = Object.values(template.findResources('AWS::S3::BucketPolicy'));
    expect(policy?.['Properties'].PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  });

  test.each([
    ['DEVELOPMENT', 7, 5, 'Delete'],
    ['PRODUCTION', 365, 60, 'Retain'],
  ] as const)('in %s keeps its objects %i days, and a batch waits %i s', (usage, days, window, policy) => {
    const stage = usage === 'PRODUCTION' ? 'prod' : 'dev';
    const { template: own } = synthesised(LogArchiveStack, 'log-archive', { usage, stage });
    own.hasResourceProperties('AWS::Lambda::EventSourceMapping', { MaximumBatchingWindowInSeconds: window });
    const [resource] = Object.values(own.findResources('AWS::S3::Bucket'));
    expect(resource?.['Properties'].LifecycleConfiguration.Rules[0].ExpirationInDays).toBe(days);
    expect(resource?.['DeletionPolicy']).toBe(policy);
  });
});
