import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DescribeRepositoriesCommand, ECRClient, GetRepositoryPolicyCommand } from '@aws-sdk/client-ecr';
import {
  GetGroupCommand,
  GetGroupPolicyCommand,
  GetOpenIDConnectProviderCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand,
  ListPolicyVersionsCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import {
  DescribeStreamSummaryCommand,
  GetResourcePolicyCommand,
  KinesisClient,
  ListTagsForStreamCommand,
} from '@aws-sdk/client-kinesis';
import {
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionUrlConfigCommand,
  GetLayerVersionPolicyCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StackCloud, startStackCloud, template } from './cloudformation-support.ts';

let cloud: StackCloud;
let made = 0;
const newName = () => `types${++made}`;

beforeAll(async () => {
  cloud = await startStackCloud();
});
afterAll(() => cloud.close());

type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties?: object }>>;

/** Creates a stack, looks, updates it, looks again, and deletes it; each time it must end well. */
async function live(
  stages: readonly { readonly resources: Resources; see(ids: Readonly<Record<string, string>>): Promise<void> }[],
) {
  const name = newName();
  for (const [index, { resources, see }] of stages.entries()) {
    const stack = await (index === 0 ? cloud.create : cloud.update)(name, template(resources));
    const why = (await cloud.events(name)).filter((event) => event.includes('FAILED')).join('\n');
    expect(stack?.StackStatus, why).toBe(index === 0 ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE');
    await see((await cloud.physicalIds(name)) as Record<string, string>);
  }
  const stack = await cloud.describe(name);
  await cloud.cloudFormation.send(new DeleteStackCommand({ StackName: name }));
  const gone = await cloud.settled(stack?.StackId ?? '');
  expect(gone?.StackStatus, gone?.StackStatusReason).toBe('DELETE_COMPLETE');
}

const statement = (Action: string) => ({ Effect: 'Allow', Action, Resource: '*' });
const document = (Action: string) => ({ Version: '2012-10-17', Statement: [statement(Action)] });
const trusting = (Service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
});

describe('IAM', () => {
  it('roles: policies, attachments, trust, description and tags change in place', async () => {
    const iam = cloud.client(IAMClient);
    const role = (properties: object) => ({ Type: 'AWS::IAM::Role', Properties: properties });
    const arn = (name: string) => `arn:aws:iam::aws:policy/${name}`;
    const inline = (PolicyName: string, action: string) => ({ PolicyName, PolicyDocument: document(action) });
    await live([
      {
        resources: {
          R: role({
            AssumeRolePolicyDocument: trusting('lambda.amazonaws.com'),
            ManagedPolicyArns: [arn('ReadOnlyAccess')],
            Policies: [inline('a', 's3:GetObject'), inline('b', 's3:PutObject')],
            Tags: [{ Key: 'k', Value: '1' }],
          }),
        },
        async see({ R: RoleName }) {
          const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
          expect(Role).toMatchObject({ Tags: [{ Key: 'k', Value: '1' }], MaxSessionDuration: 3600 });
          expect((await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames).toEqual(['a', 'b']);
        },
      },
      {
        resources: {
          R: role({
            AssumeRolePolicyDocument: trusting('scheduler.amazonaws.com'),
            Description: 'now described',
            MaxSessionDuration: '7200',
            ManagedPolicyArns: [arn('AdministratorAccess')],
            Policies: [inline('b', 's3:DeleteObject')],
          }),
        },
        async see({ R: RoleName }) {
          const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
          expect(Role).toMatchObject({ Description: 'now described', MaxSessionDuration: 7200 });
          expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toContain('scheduler.amazonaws.com');
          expect(Role?.Tags ?? []).toEqual([]);
          const policy = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'b' }));
          expect(decodeURIComponent(policy.PolicyDocument ?? '')).toContain('s3:DeleteObject');
          const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
          expect(AttachedPolicies?.map(({ PolicyName }) => PolicyName)).toEqual(['AdministratorAccess']);
        },
      },
    ]);
  });

  it('policies follow the roles and users they name', async () => {
    const iam = cloud.client(IAMClient);
    const base = {
      One: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trusting('lambda.amazonaws.com') } },
      Two: { Type: 'AWS::IAM::User' },
    };
    const policies = (action: string, holders: object) => ({
      ...base,
      Inline: {
        Type: 'AWS::IAM::Policy',
        Properties: { PolicyName: 'p', PolicyDocument: document(action), ...holders },
      },
      Managed: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document(action), ...holders } },
    });
    await live([
      {
        resources: policies('s3:GetObject', { Roles: [{ Ref: 'One' }] }),
        async see({ One: RoleName }) {
          const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'p' }));
          expect(decodeURIComponent(PolicyDocument ?? '')).toContain('s3:GetObject');
        },
      },
      {
        resources: policies('s3:PutObject', { Users: [{ Ref: 'Two' }] }),
        async see({ One: RoleName, Two: UserName, Managed: PolicyArn }) {
          const { PolicyDocument } = await iam.send(new GetUserPolicyCommand({ UserName, PolicyName: 'p' }));
          expect(decodeURIComponent(PolicyDocument ?? '')).toContain('s3:PutObject');
          expect((await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames).toEqual([]);
          const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
          expect(AttachedPolicies).toEqual([]);
          const { Versions } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
          const VersionId = Versions?.find(({ IsDefaultVersion }) => IsDefaultVersion)?.VersionId;
          const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
          expect(decodeURIComponent(PolicyVersion?.Document ?? '')).toContain('s3:PutObject');
        },
      },
    ]);
  });

  it('groups: policies and attachments change in place, users join and leave', async () => {
    const iam = cloud.client(IAMClient);
    const group = (properties: object, isMember: boolean) => ({
      G: { Type: 'AWS::IAM::Group', Properties: properties },
      U: { Type: 'AWS::IAM::User', Properties: isMember ? { Groups: [{ Ref: 'G' }] } : {} },
    });
    const inline = (action: string) => ({ PolicyName: 'p', PolicyDocument: document(action) });
    const users = async (GroupName: string | undefined) =>
      (await iam.send(new GetGroupCommand({ GroupName }))).Users?.map(({ UserName }) => UserName);
    await live([
      {
        resources: group({ Path: '/teams/', Policies: [inline('s3:GetObject')] }, true),
        async see({ G: GroupName, U }) {
          const { Group } = await iam.send(new GetGroupCommand({ GroupName }));
          expect(Group?.Arn).toBe(`arn:aws:iam::000000000000:group/teams/${GroupName}`);
          const { PolicyDocument } = await iam.send(new GetGroupPolicyCommand({ GroupName, PolicyName: 'p' }));
          expect(decodeURIComponent(PolicyDocument ?? '')).toContain('s3:GetObject');
          expect(await users(GroupName)).toEqual([U]);
        },
      },
      {
        resources: group({ Path: '/teams/', ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] }, false),
        async see({ G: GroupName }) {
          await expect(iam.send(new GetGroupPolicyCommand({ GroupName, PolicyName: 'p' }))).rejects.toThrow(/p/);
          const { AttachedPolicies } = await iam.send(new ListAttachedGroupPoliciesCommand({ GroupName }));
          expect(AttachedPolicies?.map(({ PolicyName }) => PolicyName)).toEqual(['ReadOnlyAccess']);
          expect(await users(GroupName)).toEqual([]);
        },
      },
    ]);
  });

  it('a managed policy can be changed more often than it has versions', async () => {
    const policy = (index: number) => ({
      resources: { M: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document(`s3:Get${index}`) } } },
      see: async () => undefined,
    });
    await live(Array.from({ length: 8 }, (_, index) => policy(index)));
  });

  it('identity providers: clients, thumbprints and tags change in place', async () => {
    const iam = cloud.client(IAMClient);
    const resources = (ClientIdList: string[], team: string) => {
      const Properties = { Url: 'https://idp.example/path', ClientIdList, Tags: [{ Key: 'team', Value: team }] };
      return { P: { Type: 'AWS::IAM::OIDCProvider', Properties } };
    };
    const see =
      (ClientIDList: string[], team: string) =>
      async ({ P: OpenIDConnectProviderArn }: Readonly<Record<string, string>>) => {
        const provider = await iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
        expect(provider).toMatchObject({ ClientIDList, Tags: [{ Key: 'team', Value: team }], Url: 'idp.example/path' });
      };
    await live([
      { resources: resources(['a', 'b'], 'one'), see: see(['a', 'b'], 'one') },
      { resources: resources(['b', 'c'], 'two'), see: see(['b', 'c'], 'two') },
    ]);
  });

  it('users with access keys', async () => {
    const iam = cloud.client(IAMClient);
    const resources = (Status: string) => ({
      U: { Type: 'AWS::IAM::User', Properties: { Policies: [{ PolicyName: 'p', PolicyDocument: document('s3:*') }] } },
      K: { Type: 'AWS::IAM::AccessKey', Properties: { UserName: { Ref: 'U' }, Status } },
    });
    const see =
      (Status: string) =>
      async ({ U: UserName, K: AccessKeyId }: Readonly<Record<string, string>>) => {
        const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName }));
        expect(AccessKeyMetadata).toMatchObject([{ AccessKeyId, Status }]);
      };
    await live([
      { resources: resources('Active'), see: see('Active') },
      { resources: resources('Inactive'), see: see('Inactive') },
    ]);
  });
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
    await live([
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
    await live([
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
    await live([
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
    await live([
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
    await live([
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
    await live([
      { resources: group({ RetentionInDays: 7, Tags: [{ Key: 'a', Value: 'b' }] }), see: see(7) },
      { resources: group({ RetentionInDays: 14, Tags: [{ Key: 'c', Value: 'd' }] }), see: see(14) },
      { resources: group({}), see: see(undefined) },
    ]);
  });
});

describe('Lambda', () => {
  const roleOnly = {
    Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trusting('lambda.amazonaws.com') } },
  };
  const withFunction = (code: string, more: object = {}) => ({
    ...roleOnly,
    F: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Code: { ZipFile: `exports.handler = async () => ${code};` },
        ...more,
      },
    },
  });
  const said = async (FunctionName: string | undefined) => {
    const { Payload } = await cloud.client(LambdaClient).send(new InvokeCommand({ FunctionName }));
    return JSON.parse(Buffer.from(Payload ?? []).toString());
  };

  it('functions: code, configuration, concurrency and tags change', async () => {
    const lambda = cloud.client(LambdaClient);
    await live([
      {
        resources: withFunction('process.env.SAY', {
          Environment: { Variables: { SAY: 'one' } },
          MemorySize: 256,
          Tags: [{ Key: 'a', Value: 'b' }],
        }),
        see: async ({ F }) => expect(await said(F)).toBe('one'),
      },
      {
        resources: withFunction('"two " + process.env.SAY', { Description: 'second', ReservedConcurrentExecutions: 5 }),
        async see({ F }) {
          expect(await said(F)).toBe('two undefined');
          expect(await lambda.send(new GetFunctionCommand({ FunctionName: F }))).toMatchObject({
            Configuration: { Description: 'second', MemorySize: 128 },
            Concurrency: { ReservedConcurrentExecutions: 5 },
          });
        },
      },
    ]);
  });

  it('versions, aliases, permissions, URLs and asynchronous invocation settings', async () => {
    const lambda = cloud.client(LambdaClient);
    const around = (retries: number, version: string, AuthType: string) => ({
      ...withFunction('1'),
      One: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'F' } } },
      Live: {
        Type: 'AWS::Lambda::Alias',
        Properties: {
          FunctionName: { Ref: 'F' },
          Name: 'live',
          FunctionVersion: version || { 'Fn::GetAtt': ['One', 'Version'] },
        },
      },
      Allow: {
        Type: 'AWS::Lambda::Permission',
        Properties: { FunctionName: { Ref: 'F' }, Action: 'lambda:InvokeFunction', Principal: 's3.amazonaws.com' },
      },
      Url: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: { 'Fn::GetAtt': ['F', 'Arn'] }, AuthType } },
      Invoke: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: { FunctionName: { Ref: 'F' }, Qualifier: '$LATEST', MaximumRetryAttempts: retries },
      },
    });
    const see =
      (retries: number, FunctionVersion: string, AuthType: string) => async (ids: Readonly<Record<string, string>>) => {
        const FunctionName = ids['F'];
        expect(await lambda.send(new GetAliasCommand({ FunctionName, Name: 'live' }))).toMatchObject({
          FunctionVersion,
        });
        expect((await lambda.send(new GetPolicyCommand({ FunctionName }))).Policy).toContain(ids['Allow']);
        expect(await lambda.send(new GetFunctionUrlConfigCommand({ FunctionName }))).toMatchObject({ AuthType });
        expect(
          await lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName, Qualifier: '$LATEST' })),
        ).toMatchObject({ MaximumRetryAttempts: retries });
      };
    await live([
      { resources: around(0, '', 'NONE'), see: see(0, '1', 'NONE') },
      { resources: around(2, '$LATEST', 'AWS_IAM'), see: see(2, '$LATEST', 'AWS_IAM') },
    ]);
  });

  it('a version of code that has not changed is refused', async () => {
    const name = newName();
    const version = { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'F' } } };
    await cloud.create(name, template({ ...withFunction('1'), One: version }));
    expect(await cloud.update(name, template({ ...withFunction('1'), One: version, Two: version }))).toMatchObject({
      StackStatus: 'UPDATE_ROLLBACK_COMPLETE',
    });
    expect(await cloud.events(name)).toContain(
      'Two CREATE_FAILED A version for this Lambda function exists ( 1 ). Modify the function to create a new version.',
    );
  });

  it('layers are published anew when they change, and shared by permission', async () => {
    const lambda = cloud.client(LambdaClient);
    const s3 = cloud.client(S3Client);
    await s3.send(new CreateBucketCommand({ Bucket: 'layers' }));
    const Body = zipSync({ 'nodejs/node_modules/said/index.js': strToU8('module.exports = "from the layer"') });
    await s3.send(new PutObjectCommand({ Bucket: 'layers', Key: 'layer.zip', Body }));
    const resources = (Description: string) => ({
      ...withFunction('require("said")', { Layers: [{ Ref: 'L' }] }),
      L: {
        Type: 'AWS::Lambda::LayerVersion',
        Properties: { LayerName: 'said', Description, Content: { S3Bucket: 'layers', S3Key: 'layer.zip' } },
      },
      Share: {
        Type: 'AWS::Lambda::LayerVersionPermission',
        Properties: { LayerVersionArn: { Ref: 'L' }, Action: 'lambda:GetLayerVersion', Principal: '*' },
      },
    });
    const see =
      (VersionNumber: number) =>
      async ({ F, L, Share }: Readonly<Record<string, string>>) => {
        expect(L).toMatch(new RegExp(`:layer:said:${VersionNumber}$`));
        expect(await said(F)).toBe('from the layer');
        const { Policy } = await lambda.send(new GetLayerVersionPolicyCommand({ LayerName: 'said', VersionNumber }));
        expect(Policy).toContain(Share?.split('#')[1]);
      };
    await live([
      { resources: resources('one'), see: see(1) },
      { resources: resources('two'), see: see(2) },
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
    await live([
      { resources: resources(first, 'ENABLED'), see: see({ ScheduleExpression: first, State: 'ENABLED' }) },
      { resources: resources(second, 'DISABLED'), see: see({ ScheduleExpression: second, State: 'DISABLED' }) },
    ]);
  });
});

describe('CloudFormation’s own', () => {
  it('wait condition handles and the CDK’s metadata', async () => {
    await live([
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
