import { CreateChangeSetCommand, GetTemplateSummaryCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, CreateLogGroupCommand, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateBucketCommand, HeadBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parameter, type StackCloud, startStackCloud, template } from './cloudformation-support.ts';

let cloud: StackCloud;
beforeAll(async () => {
  cloud = await startStackCloud();
  await cloud.client(S3Client).send(new CreateBucketCommand({ Bucket: 'grown-by-hand' }));
  await cloud.client(S3Client).send(new PutObjectCommand({ Bucket: 'grown-by-hand', Key: 'kept', Body: 'kept' }));
  await cloud.client(CloudWatchLogsClient).send(new CreateLogGroupCommand({ logGroupName: '/grown/by/hand' }));
});
afterAll(() => cloud.close());

const bucket = (BucketName = 'grown-by-hand', more: object = { DeletionPolicy: 'Retain' }) => ({
  Type: 'AWS::S3::Bucket',
  Properties: { BucketName },
  ...more,
});
const toImport = (LogicalResourceId: string, ResourceType: string, ResourceIdentifier: Record<string, string>) => ({
  LogicalResourceId,
  ResourceType,
  ResourceIdentifier,
});
const theBucket = toImport('Bucket', 'AWS::S3::Bucket', { BucketName: 'grown-by-hand' });
const changeSet = (name: string, body: string, ...ResourcesToImport: ReturnType<typeof toImport>[]) =>
  cloud.changeSet(name, body, { ChangeSetType: 'IMPORT', ResourcesToImport });

it('takes resources as they are into a new stack, which can then be updated', async () => {
  const { described } = await changeSet('imported', template({ Bucket: bucket() }), theBucket);
  expect(described.Status).toBe('CREATE_COMPLETE');
  expect(described.Changes?.map(({ ResourceChange }) => ResourceChange)).toMatchObject([
    { Action: 'Import', LogicalResourceId: 'Bucket', PhysicalResourceId: 'grown-by-hand' },
  ]);
  expect((await cloud.execute('imported'))?.StackStatus).toBe('IMPORT_COMPLETE');
  expect(await cloud.physicalIds('imported')).toEqual({ Bucket: 'grown-by-hand' });
  expect(await cloud.events('imported')).toContain('Bucket IMPORT_COMPLETE Resource import completed.');
  const reader = parameter('/imported/arn', { 'Fn::GetAtt': ['Bucket', 'Arn'] });
  const updated = await cloud.update('imported', template({ Bucket: bucket(), Reader: reader }));
  expect(updated?.StackStatus).toBe('UPDATE_COMPLETE');
  await cloud.client(S3Client).send(new HeadBucketCommand({ Bucket: 'grown-by-hand' }));
});

it('into a stack that stands: with no other change beside, and no resource of another stack', async () => {
  const kept = parameter('/standing');
  await cloud.create('standing', template({ Kept: kept }));
  const group = {
    Type: 'AWS::Logs::LogGroup',
    Properties: { LogGroupName: '/grown/by/hand' },
    DeletionPolicy: 'Delete',
  };
  const theGroup = toImport('Group', 'AWS::Logs::LogGroup', { LogGroupName: '/grown/by/hand' });
  const changed = template({ Kept: parameter('/standing', 'changed'), Group: group });
  await expect(changeSet('standing', changed, theGroup)).rejects.toThrow(
    'As part of the import operation, you cannot modify or add [Kept]',
  );
  await changeSet('standing', template({ Kept: kept, Group: group }), theGroup);
  expect((await cloud.execute('standing'))?.StackStatus).toBe('IMPORT_COMPLETE');

  await changeSet('standing', template({ Kept: kept, Group: group, Bucket: bucket() }), theBucket);
  expect((await cloud.execute('standing'))?.StackStatus).toBe('IMPORT_ROLLBACK_COMPLETE');
  expect((await cloud.events('standing')).join('\n')).toMatch(
    /Bucket IMPORT_FAILED .*grown-by-hand already exists in stack arn:aws:cloudformation:.*:stack\/imported\//,
  );
  expect(Object.keys(await cloud.physicalIds('standing')).sort()).toEqual(['Group', 'Kept']);
  const { logGroups } = await cloud.client(CloudWatchLogsClient).send(new DescribeLogGroupsCommand({}));
  expect(logGroups?.map(({ logGroupName }) => logGroupName)).toContain('/grown/by/hand');
});

it('what is not there is not imported', async () => {
  const missing = toImport('Bucket', 'AWS::S3::Bucket', { BucketName: 'nowhere' });
  await changeSet('missing', template({ Bucket: bucket('nowhere') }), missing);
  expect((await cloud.execute('missing'))?.StackStatus).toBe('IMPORT_ROLLBACK_COMPLETE');
  expect((await cloud.events('missing')).join('\n')).toContain("with identifier 'nowhere' was not found");
});

it('a template says how its resources are named', async () => {
  const TemplateBody = template({ Bucket: bucket(), Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' } });
  const summary = await cloud.cloudFormation.send(new GetTemplateSummaryCommand({ TemplateBody }));
  expect(summary.ResourceIdentifierSummaries).toEqual([
    { ResourceType: 'AWS::S3::Bucket', LogicalResourceIds: ['Bucket'], ResourceIdentifiers: ['BucketName'] },
  ]);
});

it.each([
  ['nothing', template({ Bucket: bucket() }), [], 'must name the resources'],
  [
    'a resource without DeletionPolicy',
    template({ Bucket: bucket('grown-by-hand', {}) }),
    [theBucket],
    'The following resources to import [Bucket] must have DeletionPolicy attribute specified in the template.',
  ],
  [
    'another identifier',
    template({ Bucket: bucket() }),
    [toImport('Bucket', 'AWS::S3::Bucket', { Name: 'grown-by-hand' })],
    'AWS::S3::Bucket is identified by [BucketName]',
  ],
  [
    'a type that cannot be imported',
    template({ Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle', DeletionPolicy: 'Retain' } }),
    [toImport('Handle', 'AWS::CloudFormation::WaitConditionHandle', { Id: 'x' })],
    'ResourceTypes [AWS::CloudFormation::WaitConditionHandle] are not supported for Import',
  ],
  [
    'outputs',
    template({ Bucket: bucket() }, { Outputs: { Name: { Value: { Ref: 'Bucket' } } } }),
    [theBucket],
    'you cannot modify or add [Outputs]',
  ],
])('%s cannot be imported', async (_, body, resources, message) => {
  await expect(changeSet('refused', body, ...resources)).rejects.toThrow(message);
  await expect(cloud.describe('refused')).rejects.toThrow('does not exist');
});

it('other change sets import nothing', async () => {
  const input = { StackName: 'other', ChangeSetName: 'changes', ChangeSetType: 'CREATE' as const };
  const TemplateBody = template({ Bucket: bucket() });
  await expect(
    cloud.cloudFormation.send(new CreateChangeSetCommand({ ...input, TemplateBody, ResourcesToImport: [theBucket] })),
  ).rejects.toThrow('ResourcesToImport is for change sets of type IMPORT');
});
