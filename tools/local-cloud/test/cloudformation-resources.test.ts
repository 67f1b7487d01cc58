import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DescribeRepositoriesCommand, ECRClient, GetRepositoryPolicyCommand } from '@aws-sdk/client-ecr';
import {
  DescribeStreamSummaryCommand,
  GetResourcePolicyCommand,
  KinesisClient,
  ListTagsForStreamCommand,
} from '@aws-sdk/client-kinesis';
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { live, type StackCloud, startStackCloud } from './cloudformation-support.ts';

let cloud: StackCloud;

beforeAll(async () => {
  cloud = await startStackCloud();
});
afterAll(() => cloud.close());

const trusting = (Service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
});

describe('S3', () => {
  it('buckets: every setting is put, changed and taken away', async () => {
    const s3 = cloud.client(S3Client);
    const Bucket = 'types-bucket';
    const bucket = (properties: object) => ({
      Type: 'AWS::S3::Bucket',
      Properties: { BucketName: Bucket, ...properties },
    });
    const policy = (Action: string) => ({
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: 'B' },
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Deny', Principal: '*', Action, Resource: { 'Fn::Sub': `\${B.Arn}/*` } }],
        },
      },
    });
    const Rules = [
      { Status: 'Enabled', ExpirationInDays: '30', Prefix: 'logs/' },
      { Id: 'old', Status: 'Enabled', NoncurrentVersionExpiration: { NoncurrentDays: 7 } },
    ];
    await live(cloud, [
      {
        resources: {
          B: bucket({
            BucketEncryption: {
              ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
            },
            LifecycleConfiguration: { Rules },
            PublicAccessBlockConfiguration: { BlockPublicAcls: true },
            Tags: [{ Key: 'a', Value: 'b' }],
            VersioningConfiguration: { Status: 'Enabled' },
          }),
          P: policy('s3:GetObject'),
        },
        async see() {
          const encryption = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
          expect(
            encryption.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault,
          ).toMatchObject({ SSEAlgorithm: 'aws:kms' });
          const lifecycle = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
          expect(lifecycle.Rules).toMatchObject([
            { Expiration: { Days: 30 }, Filter: { Prefix: 'logs/' } },
            { ID: 'old', NoncurrentVersionExpiration: { NoncurrentDays: 7 } },
          ]);
          expect(await s3.send(new GetBucketTaggingCommand({ Bucket }))).toMatchObject({
            TagSet: [{ Key: 'a', Value: 'b' }],
          });
        },
      },
      {
        resources: { B: bucket({}), P: policy('s3:PutObject') },
        async see() {
          expect(await s3.send(new GetBucketVersioningCommand({ Bucket }))).toMatchObject({ Status: 'Suspended' });
          expect((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toContain('s3:PutObject');
          await expect(s3.send(new GetBucketTaggingCommand({ Bucket }))).rejects.toMatchObject({
            name: 'NoSuchTagSet',
          });
          await expect(s3.send(new GetPublicAccessBlockCommand({ Bucket }))).rejects.toMatchObject({
            name: 'NoSuchPublicAccessBlockConfiguration',
          });
        },
      },
    ]);
  });
});

describe('ECR', () => {
  it('repositories: policies and mutability change', async () => {
    const ecr = cloud.client(ECRClient);
    const repository = (properties: object) => ({
      R: { Type: 'AWS::ECR::Repository', Properties: { EmptyOnDelete: true, ...properties } },
    });
    const text = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: ['ecr:BatchGetImage'] }],
    };
    const mutability = async (name: string | undefined) => {
      const { repositories } = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [name ?? ''] }));
      return repositories?.[0]?.imageTagMutability;
    };
    await live(cloud, [
      {
        resources: repository({ ImageTagMutability: 'IMMUTABLE', RepositoryPolicyText: text }),
        async see({ R }) {
          expect(await mutability(R)).toBe('IMMUTABLE');
          const { policyText } = await ecr.send(new GetRepositoryPolicyCommand({ repositoryName: R }));
          expect(policyText).toContain('ecr:BatchGetImage');
        },
      },
      {
        resources: repository({}),
        async see({ R }) {
          expect(await mutability(R)).toBe('MUTABLE');
          await expect(ecr.send(new GetRepositoryPolicyCommand({ repositoryName: R }))).rejects.toMatchObject({
            name: 'RepositoryPolicyNotFoundException',
          });
        },
      },
    ]);
  });
});

describe('Kinesis', () => {
  it('streams: shards, retention, encryption and tags change', async () => {
    const kinesis = cloud.client(KinesisClient);
    const stream = (properties: object) => ({ S: { Type: 'AWS::Kinesis::Stream', Properties: properties } });
    const summary = async (StreamName: string | undefined) =>
      (await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary;
    await live(cloud, [
      {
        resources: stream({ ShardCount: 1, RetentionPeriodHours: 48, Tags: [{ Key: 'a', Value: 'b' }] }),
        async see({ S }) {
          expect(await summary(S)).toMatchObject({
            RetentionPeriodHours: 48,
            EncryptionType: 'NONE',
            OpenShardCount: 1,
          });
        },
      },
      {
        resources: stream({
          ShardCount: 2,
          StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
          Tags: [{ Key: 'c', Value: 'd' }],
        }),
        async see({ S }) {
          expect(await summary(S)).toMatchObject({
            RetentionPeriodHours: 24,
            EncryptionType: 'KMS',
            OpenShardCount: 2,
          });
          const { Tags } = await kinesis.send(new ListTagsForStreamCommand({ StreamName: S }));
          expect(Tags).toEqual([{ Key: 'c', Value: 'd' }]);
        },
      },
      {
        resources: stream({ StreamModeDetails: { StreamMode: 'ON_DEMAND' } }),
        async see({ S }) {
          expect(await summary(S)).toMatchObject({
            StreamModeDetails: { StreamMode: 'ON_DEMAND' },
            EncryptionType: 'NONE',
          });
        },
      },
    ]);
  });
});

describe('resource policies of Kinesis', () => {
  it('are put, changed and taken away with the stream kept', async () => {
    const kinesis = cloud.client(KinesisClient);
    const stream = { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 1 } };
    const ResourceArn = { 'Fn::GetAtt': ['S', 'Arn'] };
    const policy = (Action: string) => ({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { AWS: '111111111111' }, Action, Resource: ResourceArn },
    });
    const resources = (action: string) => ({
      S: stream,
      P: { Type: 'AWS::Kinesis::ResourcePolicy', Properties: { ResourceArn, ResourcePolicy: policy(action) } },
    });
    const arn = (name: string | undefined) => `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;
    const current = async (name: string | undefined) =>
      (await kinesis.send(new GetResourcePolicyCommand({ ResourceARN: arn(name) }))).Policy;
    await live(cloud, [
      {
        resources: resources('kinesis:ListShards'),
        async see({ S, P }) {
          expect(P).toBe(arn(S));
          expect(await current(S)).toContain('kinesis:ListShards');
        },
      },
      {
        resources: resources('kinesis:GetRecords'),
        see: async ({ S }) => expect(await current(S)).toContain('kinesis:GetRecords'),
      },
      { resources: { S: stream }, see: async ({ S }) => expect(await current(S)).toBe('{}') },
    ]);
  });
});

describe('CloudWatch Logs', () => {
  it('log streams: made by name in their group, replaced under another', async () => {
    const logs = cloud.client(CloudWatchLogsClient);
    const resources = (properties: object) => ({
      G: { Type: 'AWS::Logs::LogGroup' },
      S: { Type: 'AWS::Logs::LogStream', Properties: { LogGroupName: { Ref: 'G' }, ...properties } },
    });
    const streams = async (logGroupName: string | undefined) =>
      (await logs.send(new DescribeLogStreamsCommand({ logGroupName }))).logStreams?.map((one) => one.logStreamName);
    await live(cloud, [
      {
        resources: resources({ LogStreamName: 'by-name' }),
        async see({ G, S }) {
          expect(S).toBe('by-name');
          expect(await streams(G)).toEqual(['by-name']);
        },
      },
      { resources: resources({}), see: async ({ G, S }) => expect(await streams(G)).toEqual([S]) },
    ]);
  });

  it('log groups: retention and tags change', async () => {
    const logs = cloud.client(CloudWatchLogsClient);
    const group = (properties: object) => ({ G: { Type: 'AWS::Logs::LogGroup', Properties: properties } });
    const retention = async (logGroupNamePrefix: string | undefined) => {
      const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix }));
      return logGroups?.[0]?.retentionInDays;
    };
    const see =
      (days: number | undefined) =>
      async ({ G }: Readonly<Record<string, string>>) => {
        expect(await retention(G)).toBe(days);
      };
    await live(cloud, [
      { resources: group({ RetentionInDays: 7, Tags: [{ Key: 'a', Value: 'b' }] }), see: see(7) },
      { resources: group({ RetentionInDays: 14, Tags: [{ Key: 'c', Value: 'd' }] }), see: see(14) },
      { resources: group({}), see: see(undefined) },
    ]);
  });
});

describe('EventBridge Scheduler', () => {
  it('schedules change in place', async () => {
    const scheduler = cloud.client(SchedulerClient);
    const resources = (ScheduleExpression: string, State: string) => ({
      Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trusting('scheduler.amazonaws.com') } },
      S: {
        Type: 'AWS::Scheduler::Schedule',
        Properties: {
          FlexibleTimeWindow: { Mode: 'OFF' },
          ScheduleExpression,
          State,
          Target: {
            Arn: 'arn:aws:scheduler:::aws-sdk:cloudformation:deleteStack',
            RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
            Input: '{"StackName":"none"}',
          },
        },
      },
    });
    const see =
      (expected: object) =>
      async ({ S: Name }: Readonly<Record<string, string>>) => {
        expect(await scheduler.send(new GetScheduleCommand({ Name }))).toMatchObject(expected);
      };
    const [first, second] = ['at(2999-01-01T00:00:00)', 'at(2999-02-01T00:00:00)'];
    await live(cloud, [
      { resources: resources(first, 'ENABLED'), see: see({ ScheduleExpression: first, State: 'ENABLED' }) },
      { resources: resources(second, 'DISABLED'), see: see({ ScheduleExpression: second, State: 'DISABLED' }) },
    ]);
  });
});

describe('CloudFormation’s own', () => {
  it('wait condition handles and the CDK’s metadata', async () => {
    await live(cloud, [
      {
        resources: {
          H: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
          M: { Type: 'AWS::CDK::Metadata', Properties: { Analytics: 'v2:…' } },
        },
        see: async ({ H }) => expect(H).toMatch(/^https:\/\/cloudformation-waitcondition-us-east-1\./),
      },
      {
        resources: {
          H: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
          M: { Type: 'AWS::CDK::Metadata', Properties: { Analytics: 'v2:other' } },
        },
        see: async () => undefined,
      },
    ]);
  });
});
