import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeRepositoriesCommand, ECRClient, GetLifecyclePolicyCommand } from '@aws-sdk/client-ecr';
import {
  GetGroupCommand,
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  IAMClient,
  ListAccessKeysCommand,
} from '@aws-sdk/client-iam';
import {
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
} from '@aws-sdk/client-kinesis';
import {
  GetLayerVersionByArnCommand,
  InvokeCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import { GetBucketPolicyCommand, HeadBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type LaunchedCloud, launchCloud } from '../src/launch.ts';
import { synthesiseStrangers } from './fixtures/strangers-app.ts';

/**
 * Stacks written by strangers: examples out of the README files that aws-cdk-lib ships, which are the overviews of its
 * modules in the "AWS CDK API Reference" (docs.aws.amazon.com/cdk/api/v2), deployed by the unmodified CDK CLI. The
 * fixture names each example's module and heading.
 */
let cloud: LaunchedCloud;
let folder: string;

async function cdk(...args: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)('cdk', args, {
    env: { ...process.env, ...cloud.environment, CDK_DISABLE_CLI_TELEMETRY: 'true' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout + stderr;
}

function client<Client>(type: new (config: object) => Client): Client {
  return new type({
    endpoint: cloud.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
}

async function output(StackName: string): Promise<string | undefined> {
  const { Stacks } = await client(CloudFormationClient).send(new DescribeStacksCommand({ StackName }));
  return Stacks?.[0]?.Outputs?.[0]?.OutputValue;
}

/** Physical IDs of a stack's resources of one type. */
async function resources(StackName: string, type: string): Promise<string[]> {
  const { StackResources } = await client(CloudFormationClient).send(new DescribeStackResourcesCommand({ StackName }));
  return (StackResources ?? [])
    .filter(({ ResourceType }) => ResourceType === type)
    .map(({ PhysicalResourceId }) => PhysicalResourceId ?? '');
}

async function resource(stack: string, type: string): Promise<string> {
  const [id = ''] = await resources(stack, type);
  return id;
}

async function invoke(FunctionName: string, Qualifier?: string): Promise<unknown> {
  const { Payload } = await client(LambdaClient).send(new InvokeCommand({ FunctionName, Qualifier }));
  return JSON.parse(Buffer.from(Payload ?? []).toString());
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strangers-'));
  cloud = await launchCloud();
  await cdk('bootstrap', 'aws://000000000000/us-east-1');
  const app = synthesiseStrangers(folder);
  const parameters = ['--parameters', 'CfnJson:TagName=team'];
  await cdk('deploy', '--all', '--app', app, '--require-approval', 'never', '--concurrency', '8', ...parameters);
}, 240_000);

afterAll(async () => {
  await cloud.stop();
  await rm(folder, { recursive: true, force: true });
});

test('every stack stands', async () => {
  const { Stacks } = await client(CloudFormationClient).send(new DescribeStacksCommand({}));
  const unfinished = Stacks?.filter(({ StackStatus }) => StackStatus !== 'CREATE_COMPLETE');
  expect(unfinished?.map(({ StackName, StackStatus }) => `${StackName} ${StackStatus}`)).toEqual([]);
  expect(Stacks?.length).toBeGreaterThan(25);
});

test('aws-lambda: a function answers at its URL, by its alias, and under a role of its own', async () => {
  const answer = await fetch((await output('HelloWorld')) ?? '');
  expect(await answer.text()).toBe('Hello World!');
  expect(await invoke(await resource('Aliases', 'AWS::Lambda::Function'), 'live')).toBe('Hello World!');
  expect(await invoke(await resource('ExecutionRole', 'AWS::Lambda::Function'))).toBe('Hello World!');
});

test('aws-lambda: a layer for both architectures', async () => {
  const Arn = await resource('Layer', 'AWS::Lambda::LayerVersion');
  const layer = await client(LambdaClient).send(new GetLayerVersionByArnCommand({ Arn }));
  expect(layer.CompatibleArchitectures).toEqual(['x86_64', 'arm64']);
});

test('aws-kinesis: a stream of three shards that keeps records for two days', async () => {
  const summary = await client(KinesisClient).send(
    new DescribeStreamSummaryCommand({ StreamName: 'my-awesome-stream' }),
  );
  expect(summary.StreamDescriptionSummary).toMatchObject({ OpenShardCount: 3, RetentionPeriodHours: 48 });
});

test('aws-sqs: queues that refuse plain HTTP, are watched, and say whose dead letters they take', async () => {
  const sqs = client(SQSClient);
  const attributes = async (QueueUrl: string) =>
    (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes ?? {};
  const [url = ''] = await resources('QueueEnforceSsl', 'AWS::SQS::Queue');
  expect((await attributes(url)).Policy).toContain('aws:SecureTransport');
  expect(await resources('QueueMonitoring', 'AWS::CloudWatch::Alarm')).toHaveLength(1);
  const queues = await Promise.all((await resources('DeadLetters', 'AWS::SQS::Queue')).map(attributes));
  const permissions = queues.flatMap(({ RedriveAllowPolicy: policy }) => (policy ? [JSON.parse(policy)] : []));
  const source = queues.find(({ RedriveAllowPolicy }) => RedriveAllowPolicy === undefined);
  expect(permissions).toContainEqual({ redrivePermission: 'denyAll' });
  expect(permissions).toContainEqual({ redrivePermission: 'byQueue', sourceQueueArns: [source?.QueueArn] });
});

test('aws-lambda-event-sources: a queue that feeds a function', async () => {
  const FunctionName = await resource('QueueConsumer', 'AWS::Lambda::Function');
  const { EventSourceMappings } = await client(LambdaClient).send(new ListEventSourceMappingsCommand({ FunctionName }));
  expect(EventSourceMappings).toMatchObject([
    {
      State: 'Enabled',
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 300,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    },
  ]);
});

test('aws-logs: what a subscription filter lets through arrives in its stream', async () => {
  const logs = client(CloudWatchLogsClient);
  const kinesis = client(KinesisClient);
  const logGroupName = await resource('Subscription', 'AWS::Logs::LogGroup');
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 'one' }));
  const logEvents = ['fine', 'ERROR in MainThread'].map((message) => ({ message, timestamp: Date.now() }));
  await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName: 'one', logEvents }));

  const StreamName = await resource('Subscription', 'AWS::Kinesis::Stream');
  const ShardId = 'shardId-000000000000';
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  const messages = await vi.waitFor(
    async () => {
      const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
      const contents = Records.map(({ Data = new Uint8Array() }) => JSON.parse(gunzipSync(Data).toString()));
      const found = contents.filter(({ messageType }) => messageType === 'DATA_MESSAGE');
      expect(found).toHaveLength(1);
      return found[0].logEvents.map(({ message }: { message: string }) => message);
    },
    { timeout: 10_000, interval: 200 },
  );
  expect(messages).toEqual(['ERROR in MainThread']);
});

test('aws-ssm: a parameter', async () => {
  const { Parameter } = await client(SSMClient).send(new GetParameterCommand({ Name: 'FooParameter' }));
  expect(Parameter?.Value).toBe('Foo');
});

test('aws-s3: buckets, a policy that wants TLS, and a bucket that another stack uses', async () => {
  const s3 = client(S3Client);
  await s3.send(new HeadBucketCommand({ Bucket: await resource('TestStack', 'AWS::S3::Bucket') }));
  const Bucket = await resource('EnforceSsl', 'AWS::S3::Bucket');
  const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
  expect(Policy).toContain('"s3:TlsVersion":1.2');
  expect(await resources('ConsumerStack', 'AWS::IAM::Policy')).toHaveLength(1);
});

test('aws-s3: a temporary bucket is emptied when its stack is destroyed', async () => {
  const s3 = client(S3Client);
  const Bucket = await resource('TempBucket', 'AWS::S3::Bucket');
  await s3.send(new PutObjectCommand({ Bucket, Key: 'left', Body: 'over' }));
  await cdk('destroy', 'TempBucket', '--app', join(folder, 'cdk.out'), '--force');
  await expect(s3.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({ name: 'NotFound' });
});

test('aws-iam: roles, groups, access keys and an identity provider', async () => {
  const iam = client(IAMClient);
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: await resource('AssumeRole', 'AWS::IAM::Role') }));
  expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toContain('arn:aws:iam::000000000000:root');
  const { Users } = await iam.send(new GetGroupCommand({ GroupName: await resource('Groups', 'AWS::IAM::Group') }));
  expect(Users?.map(({ UserName }) => UserName)).toEqual([await resource('Groups', 'AWS::IAM::User')]);
  const OpenIDConnectProviderArn = await resource('OidcProvider', 'AWS::IAM::OIDCProvider');
  const provider = await iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
  expect(provider).toMatchObject({ Url: 'openid/connect', ClientIDList: ['myclient1', 'myclient2'] });
  const UserName = await resource('AccessKeys', 'AWS::IAM::User');
  const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName }));
  expect(AccessKeyMetadata).toHaveLength(1);
});

test('aws-ecr: repositories, with a rule that cleans up', async () => {
  const ecr = client(ECRClient);
  const repositoryName = await resource('CleanedRepository', 'AWS::ECR::Repository');
  const { lifecyclePolicyText } = await ecr.send(new GetLifecyclePolicyCommand({ repositoryName }));
  expect(JSON.parse(lifecyclePolicyText ?? '').rules).toHaveLength(2);
  const temporary = [await resource('Repository', 'AWS::ECR::Repository')];
  const { repositories } = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: temporary }));
  expect(repositories).toHaveLength(1);
});

test('aws-scheduler: a schedule that invokes a function', async () => {
  const Name = await resource('Schedule', 'AWS::Scheduler::Schedule');
  const schedule = await client(SchedulerClient).send(new GetScheduleCommand({ Name }));
  expect(schedule).toMatchObject({ ScheduleExpression: 'rate(10 minutes)', State: 'ENABLED' });
  expect(JSON.parse(schedule.Target?.Input ?? '')).toEqual({ payload: 'useful' });
});

test('custom resources: own code, an SDK call, the provider framework', async () => {
  expect(await output('Sum')).toBe('42');
  expect(await output('AwsCustomResource')).toBe('found');
  expect(await resource('ProviderFramework', 'AWS::CloudFormation::CustomResource')).toBe('1234');
});

test('nested stacks have what the parent asked for', async () => {
  const nested = await resources('Nested', 'AWS::CloudFormation::Stack');
  expect(nested).toHaveLength(2);
  const buckets = await Promise.all(nested.map((stack) => resource(stack, 'AWS::S3::Bucket')));
  expect(new Set(buckets).size).toBe(2);
});

test('CfnJson: a condition whose key a parameter names', async () => {
  const names = await resources('CfnJson', 'AWS::IAM::Role');
  const roles = await Promise.all(names.map((RoleName) => client(IAMClient).send(new GetRoleCommand({ RoleName }))));
  const trust = roles.map(({ Role }) => decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''));
  expect(trust).toContainEqual(expect.stringContaining('"aws:PrincipalTag/team"'));
});
