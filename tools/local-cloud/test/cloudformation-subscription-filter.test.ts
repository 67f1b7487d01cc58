import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, DescribeSubscriptionFiltersCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type StackCloud, startStackCloud, template } from './cloudformation-support.ts';

let cloud: StackCloud;
beforeAll(async () => {
  cloud = await startStackCloud();
});
afterAll(() => cloud.close());

const role = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'logs.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
    Policies: [
      {
        PolicyName: 'put',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Action: 'kinesis:PutRecord', Resource: { 'Fn::GetAtt': ['Destination', 'Arn'] } },
          ],
        },
      },
    ],
  },
};

const filter = (properties: object) => ({
  Type: 'AWS::Logs::SubscriptionFilter',
  Properties: {
    LogGroupName: { Ref: 'Group' },
    DestinationArn: { 'Fn::GetAtt': ['Destination', 'Arn'] },
    RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
    ...properties,
  },
});

const withFilters = (group: string, filters: Readonly<Record<string, object>>) =>
  template({
    Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: group } },
    Destination: { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 1 } },
    Role: role,
    ...Object.fromEntries(Object.entries(filters).map(([id, properties]) => [id, filter(properties)])),
  });

const filtersOf = async (logGroupName: string) => {
  const logs = cloud.client(CloudWatchLogsClient);
  const { subscriptionFilters } = await logs.send(new DescribeSubscriptionFiltersCommand({ logGroupName }));
  return subscriptionFilters?.map(({ filterName, filterPattern, distribution }) => ({
    filterName,
    filterPattern,
    distribution,
  }));
};

it('a filter is put, changed in place, renamed by replacement, and deleted', async () => {
  const group = '/filters/live';
  const created = await cloud.create('live', withFilters(group, { Filter: { FilterPattern: '' } }));
  expect(created?.StackStatus).toBe('CREATE_COMPLETE');
  const { Filter: filterName } = await cloud.physicalIds('live');
  expect(filterName).toMatch(/^live-Filter-/);
  expect(await filtersOf(group)).toEqual([{ filterName, filterPattern: '', distribution: 'ByLogStream' }]);

  await cloud.update('live', withFilters(group, { Filter: { FilterPattern: 'ERROR', Distribution: 'Random' } }));
  expect(await filtersOf(group)).toEqual([{ filterName, filterPattern: 'ERROR', distribution: 'Random' }]);

  await cloud.update('live', withFilters(group, { Filter: { FilterPattern: 'ERROR', FilterName: 'named' } }));
  expect(await filtersOf(group)).toEqual([
    { filterName: 'named', filterPattern: 'ERROR', distribution: 'ByLogStream' },
  ]);

  await cloud.update('live', withFilters(group, {}));
  expect(await filtersOf(group)).toEqual([]);
});

it('a filter of the same name is not taken over', async () => {
  const group = '/filters/twice';
  const one = { FilterName: 'one', FilterPattern: 'first' };
  await cloud.create('twice', withFilters(group, { First: one }));
  const stack = await cloud.update('twice', withFilters(group, { First: one, Second: { ...one, FilterPattern: '' } }));
  expect(stack?.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect((await cloud.events('twice')).join('\n')).toContain(`'one|${group}' already exists`);
  expect(await filtersOf(group)).toEqual([{ filterName: 'one', filterPattern: 'first', distribution: 'ByLogStream' }]);
});

it('a stack goes with its filter', async () => {
  const created = await cloud.create('gone', withFilters('/filters/gone', { Filter: { FilterPattern: '' } }));
  await cloud.cloudFormation.send(new DeleteStackCommand({ StackName: 'gone' }));
  const gone = await cloud.settled(created?.StackId ?? '');
  expect(gone?.StackStatus, gone?.StackStatusReason).toBe('DELETE_COMPLETE');
});
