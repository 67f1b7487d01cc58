import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DeleteResourcePolicyCommand,
  DeleteRetentionPolicyCommand,
  DeleteSubscriptionFilterCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  DescribeResourcePoliciesCommand,
  DescribeSubscriptionFiltersCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  ListTagsLogGroupCommand,
  PutLogEventsCommand,
  PutResourcePolicyCommand,
  PutRetentionPolicyCommand,
  PutSubscriptionFilterCommand,
  TagLogGroupCommand,
  TagResourceCommand,
  UntagLogGroupCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { expect } from 'vitest';
import { logs as service } from '../src/services/logs/service.ts';
import { type Contract, refusal, type Target } from './contract.ts';

const reference = (operation: string) => `CloudWatch Logs API Reference, ${operation}`;
const logStreamName = 'stream';

async function group(target: Target) {
  const logs = target.client(CloudWatchLogsClient);
  const logGroupName = target.name();
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  target.afterwards(() => logs.send(new DeleteLogGroupCommand({ logGroupName })));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const put = (messages: string[], at = Date.now()) =>
    logs.send(
      new PutLogEventsCommand({
        logGroupName,
        logStreamName,
        logEvents: messages.map((message, i) => ({ message, timestamp: at + i })),
      }),
    );
  return { logs, logGroupName, put };
}

const hour = 3_600_000;
const day = 24 * hour;

export const logs: Contract = {
  service,
  claims: [
    {
      operation: 'CreateLogGroup',
      claim: 'refuses a name that is taken',
      source: reference('CreateLogGroup'),
      async run(target) {
        const { logs, logGroupName } = await group(target);
        expect((await refusal(logs.send(new CreateLogGroupCommand({ logGroupName })))).name).toBe(
          'ResourceAlreadyExistsException',
        );
      },
    },
    {
      operation: 'PutLogEvents',
      claim: 'gives back what was put, oldest first',
      source: reference('GetLogEvents'),
      async run(target) {
        const { logs, logGroupName, put } = await group(target);
        await put(['a', 'b']);
        await target.until(async () => {
          const { events } = await logs.send(
            new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true }),
          );
          expect(events?.map(({ message }) => message)).toEqual(['a', 'b']);
        });
      },
    },
    {
      operation: 'PutLogEvents',
      claim: 'refuses events that are not in the order of time',
      source: reference('PutLogEvents'),
      async run(target) {
        const { logs, logGroupName } = await group(target);
        const now = Date.now();
        const logEvents = [
          { message: 'b', timestamp: now },
          { message: 'a', timestamp: now - 1 },
        ];
        const call = new PutLogEventsCommand({ logGroupName, logStreamName, logEvents });
        expect((await refusal(logs.send(call))).name).toBe('InvalidParameterException');
      },
    },
    {
      operation: 'PutLogEvents',
      claim: 'says which events are too old or too new, and keeps the others',
      limit: '14 days back, 2 hours ahead',
      source: reference('PutLogEvents'),
      async run(target) {
        const { put } = await group(target);
        const { rejectedLogEventsInfo: old } = await put(['old'], Date.now() - 15 * day);
        expect(old).toMatchObject({ tooOldLogEventEndIndex: 1 });
        const { rejectedLogEventsInfo: early } = await put(['early'], Date.now() + 3 * hour);
        expect(early).toMatchObject({ tooNewLogEventStartIndex: 0 });
      },
    },
    {
      operation: 'PutLogEvents',
      claim: 'refuses a batch that spans more than 24 hours',
      limit: '24 hours a batch',
      source: reference('PutLogEvents'),
      async run(target) {
        const { logs, logGroupName } = await group(target);
        const now = Date.now();
        const logEvents = [
          { message: 'a', timestamp: now - day - 1000 },
          { message: 'b', timestamp: now },
        ];
        const call = new PutLogEventsCommand({ logGroupName, logStreamName, logEvents });
        expect((await refusal(logs.send(call))).name).toBe('InvalidParameterException');
      },
    },
    {
      operation: 'PutLogEvents',
      claim: 'takes 10,000 events and refuses one more',
      limit: '10,000 events a batch',
      source: reference('PutLogEvents'),
      async run(target) {
        const { put } = await group(target);
        await put(Array.from({ length: 10_000 }, () => 'a'));
        const over = put(Array.from({ length: 10_001 }, () => 'a'));
        expect((await refusal(over)).name).toBe('InvalidParameterException');
      },
    },
    {
      operation: 'FilterLogEvents',
      claim: 'finds terms and fields of JSON',
      source: 'CloudWatch Logs User Guide, Filter pattern syntax',
      async run(target) {
        const { logs, logGroupName, put } = await group(target);
        await put(['plain ERROR text', 'plain text', '{"level":"WARN","size":12}']);
        const found = async (filterPattern: string) => {
          const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern }));
          return events?.map(({ message }) => message);
        };
        await target.until(async () => {
          expect(await found('ERROR')).toEqual(['plain ERROR text']);
          expect(await found('{ $.level = "WARN" && $.size > 10 }')).toEqual(['{"level":"WARN","size":12}']);
        });
      },
    },
    {
      operation: 'PutRetentionPolicy',
      claim: 'refuses days that are not on its list',
      source: reference('PutRetentionPolicy'),
      async run(target) {
        const { logs, logGroupName } = await group(target);
        await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 14 }));
        const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }));
        expect(logGroups?.[0]?.retentionInDays).toBe(14);
        const call = new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 15 });
        expect((await refusal(logs.send(call))).name).toBe('InvalidParameterException');
      },
    },
    {
      operation: 'DescribeLogStreams',
      claim: 'does not know the streams of a group that is not there',
      source: reference('DescribeLogStreams'),
      async run(target) {
        const logs = target.client(CloudWatchLogsClient);
        const call = new DescribeLogStreamsCommand({ logGroupName: target.name() });
        expect((await refusal(logs.send(call))).name).toBe('ResourceNotFoundException');
      },
    },
    {
      operation: 'PutSubscriptionFilter',
      claim: 'refuses a stream that is not there',
      source: reference('PutSubscriptionFilter'),
      async run(target) {
        const { logs, logGroupName } = await group(target);
        const call = new PutSubscriptionFilterCommand({
          logGroupName,
          filterName: 'all',
          filterPattern: '',
          destinationArn: `arn:aws:kinesis:${target.region}:${target.account}:stream/${target.name()}`,
          roleArn: `arn:aws:iam::${target.account}:role/${target.name()}`,
        });
        expect((await refusal(logs.send(call))).name).toMatch(/InvalidParameterException|ResourceNotFoundException/);
      },
    },
    {
      operation: 'TagResource',
      claim: 'tags a log group by the ARN without its star',
      source: reference('TagResource'),
      async run(target) {
        const { logs, logGroupName } = await group(target);
        const resourceArn = `arn:aws:logs:${target.region}:${target.account}:log-group:${logGroupName}`;
        await logs.send(new TagResourceCommand({ resourceArn, tags: { team: 'a' } }));
        const { tags } = await logs.send(new ListTagsForResourceCommand({ resourceArn }));
        expect(tags).toEqual({ team: 'a' });
      },
    },
    {
      operation: 'CreateLogStream',
      beside: ['DeleteLogStream'],
      claim: 'refuses a name that is taken, until the stream is deleted',
      source: reference('CreateLogStream'),
      async run(target) {
        const { logs, logGroupName } = await group(target);
        const create = () => logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
        expect((await refusal(create())).name).toBe('ResourceAlreadyExistsException');
        await logs.send(new DeleteLogStreamCommand({ logGroupName, logStreamName }));
        await target.until(create);
      },
    },
    {
      operation: 'GetLogEvents',
      claim: 'gives the same token again at the end of the stream',
      source: reference('GetLogEvents'),
      async run(target) {
        const { logs, logGroupName, put } = await group(target);
        await put(['a']);
        const stream = { logGroupName, logStreamName, startFromHead: true };
        const { nextForwardToken } = await target.until(async () => {
          const page = await logs.send(new GetLogEventsCommand(stream));
          expect(page.events).toHaveLength(1);
          return page;
        });
        const end = await logs.send(new GetLogEventsCommand({ ...stream, nextToken: nextForwardToken }));
        expect(end).toMatchObject({ events: [], nextForwardToken });
      },
    },
    {
      operation: 'DeleteRetentionPolicy',
      beside: ['DescribeLogGroups'],
      claim: 'leaves events that never expire',
      source: reference('DeleteRetentionPolicy'),
      async run(target) {
        const { logs, logGroupName } = await group(target);
        await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 1 }));
        await logs.send(new DeleteRetentionPolicyCommand({ logGroupName }));
        const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }));
        expect(logGroups?.[0]).not.toHaveProperty('retentionInDays');
      },
    },
    {
      operation: 'DescribeSubscriptionFilters',
      claim: 'lists none of a group that has none',
      source: reference('DescribeSubscriptionFilters'),
      async run(target) {
        const { logs, logGroupName } = await group(target);
        const { subscriptionFilters } = await logs.send(new DescribeSubscriptionFiltersCommand({ logGroupName }));
        expect(subscriptionFilters).toEqual([]);
      },
    },
    {
      operation: 'DeleteSubscriptionFilter',
      claim: 'does not know what is not there',
      source: reference('DeleteSubscriptionFilter'),
      async run(target) {
        const { logs, logGroupName } = await group(target);
        const call = new DeleteSubscriptionFilterCommand({ logGroupName, filterName: 'none' });
        expect((await refusal(logs.send(call))).name).toBe('ResourceNotFoundException');
      },
    },
    {
      operation: 'TagLogGroup',
      beside: ['UntagLogGroup', 'ListTagsLogGroup'],
      claim: 'tags by name, as the operations did that TagResource replaces',
      source: reference('TagLogGroup'),
      async run(target) {
        const { logs, logGroupName } = await group(target);
        await logs.send(new TagLogGroupCommand({ logGroupName, tags: { team: 'a', stage: 'b' } }));
        await logs.send(new UntagLogGroupCommand({ logGroupName, tags: ['team'] }));
        expect((await logs.send(new ListTagsLogGroupCommand({ logGroupName }))).tags).toEqual({ stage: 'b' });
      },
    },
    {
      operation: 'UntagResource',
      beside: ['ListTagsForResource'],
      claim: 'takes away the tags it names',
      source: reference('UntagResource'),
      async run(target) {
        const { logs, logGroupName } = await group(target);
        const resourceArn = `arn:aws:logs:${target.region}:${target.account}:log-group:${logGroupName}`;
        await logs.send(new TagResourceCommand({ resourceArn, tags: { team: 'a', stage: 'b' } }));
        await logs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['stage'] }));
        expect((await logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ team: 'a' });
      },
    },
    {
      operation: 'DeleteLogGroup',
      claim: 'does not know what is not there',
      source: reference('DeleteLogGroup'),
      async run(target) {
        const call = new DeleteLogGroupCommand({ logGroupName: target.name() });
        expect((await refusal(target.client(CloudWatchLogsClient).send(call))).name).toBe('ResourceNotFoundException');
      },
    },
    {
      operation: 'PutResourcePolicy',
      beside: ['DescribeResourcePolicies', 'DeleteResourcePolicy'],
      claim: 'keeps what services may do until it is deleted',
      source: reference('PutResourcePolicy'),
      async run(target) {
        const logs = target.client(CloudWatchLogsClient);
        const policyName = target.name();
        const policyDocument = JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'events.amazonaws.com' },
              Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              Resource: `arn:aws:logs:${target.region}:${target.account}:log-group:/aws/events/*`,
            },
          ],
        });
        await logs.send(new PutResourcePolicyCommand({ policyName, policyDocument }));
        const { resourcePolicies } = await logs.send(new DescribeResourcePoliciesCommand({}));
        expect(resourcePolicies?.map((policy) => policy.policyName)).toContain(policyName);
        await logs.send(new DeleteResourcePolicyCommand({ policyName }));
        const error = await refusal(logs.send(new DeleteResourcePolicyCommand({ policyName })));
        expect(error.name).toBe('ResourceNotFoundException');
      },
    },
  ],
};
