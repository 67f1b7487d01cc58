import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { GetEventSourceMappingCommand, LambdaClient, ListTagsCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type StackCloud, startStackCloud, template } from './cloudformation-support.ts';
import { errorOf } from './kinesis-support.ts';

let cloud: StackCloud;
beforeAll(async () => {
  cloud = await startStackCloud();
});
afterAll(() => cloud.close());

const stream = { 'Fn::GetAtt': ['Stream', 'Arn'] };
const statement = (more: object) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...more }] });
const consumer = (mapping: object) =>
  template({
    Stream: { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 1 } },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: statement({
          Principal: { Service: 'lambda.amazonaws.com' },
          Action: 'sts:AssumeRole',
        }),
        Policies: [
          {
            PolicyName: 'read',
            PolicyDocument: statement({
              Action: ['kinesis:DescribeStream', 'kinesis:GetRecords', 'kinesis:GetShardIterator'],
              Resource: stream,
            }),
          },
        ],
      },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Code: { ZipFile: 'exports.handler = async () => {};' },
      },
    },
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { FunctionName: { Ref: 'Function' }, EventSourceArn: stream, ...mapping },
    },
  });

it('a mapping is created enabled, changed in place with defaults for what is left out, and deleted', async () => {
  const lambda = cloud.client(LambdaClient);
  const settings = { StartingPosition: 'LATEST', BatchSize: 10, MaximumRetryAttempts: 3 };
  const created = await cloud.create('consumer', consumer({ ...settings, Tags: [{ Key: 'team', Value: 'a' }] }));
  expect(created?.StackStatus).toBe('CREATE_COMPLETE');
  const { Mapping: UUID } = await cloud.physicalIds('consumer');
  const get = () => lambda.send(new GetEventSourceMappingCommand({ UUID }));
  expect(await get()).toMatchObject({ State: 'Enabled', BatchSize: 10, MaximumRetryAttempts: 3 });

  const changed = { StartingPosition: 'LATEST', Enabled: false, Tags: [{ Key: 'team', Value: 'b' }] };
  await cloud.update('consumer', consumer(changed));
  const { EventSourceMappingArn: Resource, ...mapping } = await get();
  expect(mapping).toMatchObject({ State: 'Disabled', BatchSize: 100, MaximumRetryAttempts: -1 });
  expect((await lambda.send(new ListTagsCommand({ Resource }))).Tags).toMatchObject({ team: 'b' });

  await cloud.cloudFormation.send(new DeleteStackCommand({ StackName: 'consumer' }));
  await vi.waitFor(async () => expect((await errorOf(get())).name).toBe('ResourceNotFoundException'), 60_000);
});

it('a mapping of a queue keeps its maximum concurrency until the template leaves it out', async () => {
  const lambda = cloud.client(LambdaClient);
  const queue = { 'Fn::GetAtt': ['Queue', 'Arn'] };
  const stack = (settings: object) => {
    const { Resources } = JSON.parse(consumer({}));
    const Policy = {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'consume',
        Roles: [{ Ref: 'Role' }],
        PolicyDocument: statement({
          Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
          Resource: queue,
        }),
      },
    };
    const Properties = { FunctionName: { Ref: 'Function' }, EventSourceArn: queue, ...settings };
    return template({
      ...Resources,
      Queue: { Type: 'AWS::SQS::Queue' },
      Policy,
      Mapping: { Type: 'AWS::Lambda::EventSourceMapping', DependsOn: 'Policy', Properties },
    });
  };
  const created = await cloud.create('queue', stack({ BatchSize: 5, ScalingConfig: { MaximumConcurrency: 2 } }));
  expect(created?.StackStatus, (await cloud.events('queue')).join('\n')).toBe('CREATE_COMPLETE');
  const { Mapping: UUID } = await cloud.physicalIds('queue');
  const get = () => lambda.send(new GetEventSourceMappingCommand({ UUID }));
  expect(await get()).toMatchObject({ BatchSize: 5, ScalingConfig: { MaximumConcurrency: 2 } });
  const updated = await cloud.update('queue', stack({}));
  expect(updated?.StackStatus, (await cloud.events('queue')).join('\n')).toBe('UPDATE_COMPLETE');
  const mapping = await get();
  expect(mapping).toMatchObject({ BatchSize: 10, State: 'Enabled' });
  expect(mapping.ScalingConfig).toBeUndefined();
});
