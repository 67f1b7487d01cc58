import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteResourcePolicyCommand,
  DeleteRetentionPolicyCommand,
  DeleteSubscriptionFilterCommand,
  DescribeLogGroupsCommand,
  DescribeResourcePoliciesCommand,
  DescribeSubscriptionFiltersCommand,
  ListTagsForResourceCommand,
  ListTagsLogGroupCommand,
  PutResourcePolicyCommand,
  PutRetentionPolicyCommand,
  PutSubscriptionFilterCommand,
  TagLogGroupCommand,
  TagResourceCommand,
  UntagLogGroupCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { group, reference } from './logs-support.ts';

/** Claims about log groups, what they are set to and who may read them. */
export const groupClaims: readonly Claim[] = [
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
];
