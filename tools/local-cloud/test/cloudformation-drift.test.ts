import {
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackResourceDriftsCommand,
  DetectStackDriftCommand,
  DetectStackResourceDriftCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, PutRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient, TagRoleCommand } from '@aws-sdk/client-iam';
import { IncreaseStreamRetentionPeriodCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { DeletePublicAccessBlockCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { propertyDifferences } from '../src/cloudformation/drift.ts';
import { parameter, type StackCloud, startStackCloud, template } from './cloudformation-support.ts';

let cloud: StackCloud;

beforeAll(async () => {
  cloud = await startStackCloud();
});
afterAll(() => cloud.close());

async function detect(StackName: string) {
  const { cloudFormation } = cloud;
  const { StackDriftDetectionId } = await cloudFormation.send(new DetectStackDriftCommand({ StackName }));
  const status = await cloudFormation.send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }));
  const { StackResourceDrifts = [] } = await cloudFormation.send(new DescribeStackResourceDriftsCommand({ StackName }));
  return {
    status,
    drifts: Object.fromEntries(
      StackResourceDrifts.map((drift) => [drift.LogicalResourceId, drift.StackResourceDriftStatus]),
    ),
    differences: Object.fromEntries(
      StackResourceDrifts.filter((drift) => drift.PropertyDifferences?.length).map((drift) => [
        drift.LogicalResourceId,
        drift.PropertyDifferences,
      ]),
    ),
  };
}

const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const everything = template({
  Bucket: {
    Type: 'AWS::S3::Bucket',
    Properties: { PublicAccessBlockConfiguration: { BlockPublicAcls: true }, Tags: [{ Key: 'a', Value: '1' }] },
  },
  BucketPolicy: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: { Ref: 'Bucket' },
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:GetObject',
            Resource: { 'Fn::Join': ['/', [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, '*']] },
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    },
  },
  Function: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { ZipFile: 'exports.handler = () => 1;' },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      MemorySize: 256,
      Environment: { Variables: { NAME: 'value' } },
    },
  },
  Group: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 7 } },
  Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
  Parameter: parameter('/drift/parameter', 'expected', { Tags: { team: 'one' } }),
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: trust,
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
      Policies: [
        {
          PolicyName: 'own',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }],
          },
        },
      ],
      Tags: [{ Key: 'team', Value: 'one' }],
    },
  },
  Stream: { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 1, RetentionPeriodHours: 48 } },
});

describe('drift detection', () => {
  it('finds nothing where nobody has changed anything; what it cannot look at stays unchecked', async () => {
    await cloud.create('drift', everything);
    expect(await cloud.describe('drift')).toMatchObject({ DriftInformation: { StackDriftStatus: 'NOT_CHECKED' } });
    const { status, drifts } = await detect('drift');
    expect(drifts).toEqual({
      Bucket: 'IN_SYNC',
      BucketPolicy: 'IN_SYNC',
      Function: 'IN_SYNC',
      Group: 'IN_SYNC',
      Parameter: 'IN_SYNC',
      Role: 'IN_SYNC',
      Stream: 'IN_SYNC',
    });
    expect(status).toMatchObject({
      DetectionStatus: 'DETECTION_COMPLETE',
      StackDriftStatus: 'IN_SYNC',
      DriftedStackResourceCount: 0,
    });
    const { StackResourceSummaries } = await cloud.cloudFormation.send(
      new ListStackResourcesCommand({ StackName: 'drift' }),
    );
    const handle = StackResourceSummaries?.find(({ LogicalResourceId }) => LogicalResourceId === 'Handle');
    expect(handle?.DriftInformation?.StackResourceDriftStatus).toBe('NOT_CHECKED');
  });

  it('tells each property that is no longer what the template says', async () => {
    const ids = (await cloud.physicalIds('drift')) as Record<string, string>;
    const put = { Name: '/drift/parameter', Type: 'String', Value: 'other', Overwrite: true } as const;
    await cloud.client(SSMClient).send(new PutParameterCommand(put));
    await cloud
      .client(CloudWatchLogsClient)
      .send(new PutRetentionPolicyCommand({ logGroupName: ids['Group'], retentionInDays: 30 }));
    await cloud
      .client(IAMClient)
      .send(new TagRoleCommand({ RoleName: ids['Role'], Tags: [{ Key: 'extra', Value: 'tag' }] }));
    await cloud
      .client(KinesisClient)
      .send(new IncreaseStreamRetentionPeriodCommand({ StreamName: ids['Stream'], RetentionPeriodHours: 72 }));
    await cloud.client(S3Client).send(new DeletePublicAccessBlockCommand({ Bucket: ids['Bucket'] }));
    const Environment = { Variables: { NAME: 'another' } };
    await cloud
      .client(LambdaClient)
      .send(new UpdateFunctionConfigurationCommand({ FunctionName: ids['Function'], Environment }));

    const { status, differences } = await detect('drift');
    expect(status).toMatchObject({ StackDriftStatus: 'DRIFTED', DriftedStackResourceCount: 6 });
    const at = (PropertyPath: string, DifferenceType: string, ExpectedValue: string, ActualValue: string) => [
      { PropertyPath, DifferenceType, ExpectedValue, ActualValue },
    ];
    expect(differences).toEqual({
      Bucket: at('/PublicAccessBlockConfiguration', 'REMOVE', '{"BlockPublicAcls":true}', 'null'),
      Function: at('/Environment/Variables/NAME', 'NOT_EQUAL', 'value', 'another'),
      Group: at('/RetentionInDays', 'NOT_EQUAL', '7', '30'),
      Parameter: at('/Value', 'NOT_EQUAL', 'expected', 'other'),
      Role: at('/Tags/1', 'ADD', 'null', '{"Key":"extra","Value":"tag"}'),
      Stream: at('/RetentionPeriodHours', 'NOT_EQUAL', '48', '72'),
    });
    expect((await cloud.describe('drift'))?.DriftInformation?.StackDriftStatus).toBe('DRIFTED');
  });

  it('looks at one resource, and tells when it is gone', async () => {
    await cloud.client(SSMClient).send(new DeleteParameterCommand({ Name: '/drift/parameter' }));
    const one = (LogicalResourceId: string) =>
      cloud.cloudFormation.send(new DetectStackResourceDriftCommand({ StackName: 'drift', LogicalResourceId }));
    const { StackResourceDrift } = await one('Parameter');
    expect(StackResourceDrift).toMatchObject({ StackResourceDriftStatus: 'DELETED', PropertyDifferences: [] });
    expect(StackResourceDrift?.ExpectedProperties).toBeUndefined();
    await expect(one('Handle')).rejects.toThrow('does not support drift detection');
    await expect(one('Nothing')).rejects.toThrow('Resource Nothing does not exist for stack drift');
  });
});

it('the order of a list is no difference', () => {
  expect(propertyDifferences({ Tags: [1, 2, 3] }, { Tags: [3, 1, 2] })).toEqual([]);
  expect(propertyDifferences({ Tags: [1, 2] }, { Tags: [2] })).toMatchObject([
    { PropertyPath: '/Tags/0', DifferenceType: 'REMOVE' },
  ]);
});
