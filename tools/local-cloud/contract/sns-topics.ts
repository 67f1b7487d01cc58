import {
  AddPermissionCommand,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  RemovePermissionCommand,
  SetTopicAttributesCommand,
  SNSClient,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { guide, reference, topic } from './sns-support.ts';

/** Claims about topics, what they are set to and who may use them. */
export const topicClaims: readonly Claim[] = [
  {
    operation: 'CreateTopic',
    claim: 'answers the same ARN to who creates a topic again, and refuses other tags',
    source: reference('CreateTopic'),
    async run(target) {
      const Tags = [{ Key: 'team', Value: 'orders' }];
      const { sns, Name, TopicArn } = await topic(target, { Tags });
      expect((await sns.send(new CreateTopicCommand({ Name }))).TopicArn).toBe(TopicArn);
      const other = new CreateTopicCommand({ Name, Tags: [{ Key: 'team', Value: 'billing' }] });
      expect(await refusal(sns.send(other))).toEqual({
        name: 'InvalidParameterException',
        message: 'Invalid parameter: Tags Reason: Topic already exists with different tags',
      });
    },
  },
  {
    operation: 'CreateTopic',
    claim: 'refuses a FIFO topic whose name does not end with .fifo',
    limit: 'names of 1 to 256 letters, digits, hyphens and underscores',
    source: reference('CreateTopic'),
    async run(target) {
      const call = topic(target, { Name: target.name(), Attributes: { FifoTopic: 'true' } });
      expect(await refusal(call)).toEqual({
        name: 'InvalidParameterException',
        message: 'Invalid parameter: Topic Name',
      });
      expect((await refusal(topic(target, { Name: 'a'.repeat(257) }))).message).toBe('Invalid parameter: Topic Name');
    },
  },
  {
    operation: 'GetTopicAttributes',
    claim: 'shows the policy and the delivery policy every topic begins with',
    source: reference('GetTopicAttributes'),
    async run(target) {
      const { attributes, TopicArn } = await topic(target);
      const { Policy = '', EffectiveDeliveryPolicy = '', ...others } = await attributes();
      expect(others).toMatchObject({ TopicArn, Owner: target.account, DisplayName: '', SubscriptionsConfirmed: '0' });
      expect(JSON.parse(Policy).Statement[0].Condition.StringEquals).toEqual({ 'AWS:SourceOwner': target.account });
      expect(JSON.parse(EffectiveDeliveryPolicy).http.defaultHealthyRetryPolicy).toMatchObject({
        minDelayTarget: 20,
        maxDelayTarget: 20,
        numRetries: 3,
      });
    },
  },
  {
    operation: 'GetTopicAttributes',
    claim: 'says what is no ARN and what is no topic',
    source: reference('GetTopicAttributes'),
    async run(target) {
      const sns = target.client(SNSClient);
      const get = (TopicArn: string) => refusal(sns.send(new GetTopicAttributesCommand({ TopicArn })));
      expect((await get('orders')).message).toBe(
        'Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1',
      );
      const missing = await get(`arn:aws:sns:${target.region}:${target.account}:${target.name()}`);
      expect(missing).toEqual({ name: 'NotFoundException', message: 'Topic does not exist' });
    },
  },
  {
    operation: 'SetTopicAttributes',
    claim: 'changes an attribute, and refuses one it does not know',
    source: reference('SetTopicAttributes'),
    async run(target) {
      const { sns, TopicArn, attributes } = await topic(target);
      const set = (AttributeName: string, AttributeValue: string) =>
        sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }));
      await set('DisplayName', 'Orders');
      expect((await attributes())['DisplayName']).toBe('Orders');
      expect((await refusal(set('Colour', 'red'))).message).toBe('Invalid parameter: AttributeName');
    },
  },
  {
    operation: 'SetTopicAttributes',
    claim: 'refuses a policy about SNS:*',
    source: guide('Amazon SNS API permissions: Actions and resources reference'),
    async run(target) {
      const { sns, TopicArn } = await topic(target);
      const Statement = [{ Effect: 'Allow', Principal: { AWS: target.account }, Action: 'SNS:*', Resource: TopicArn }];
      const AttributeValue = JSON.stringify({ Version: '2012-10-17', Statement });
      const call = sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }));
      expect((await refusal(call)).message).toContain('Policy statement action out of service scope!');
    },
  },
  {
    operation: 'DeleteTopic',
    claim: 'succeeds for a topic that is gone',
    source: reference('DeleteTopic'),
    async run(target) {
      const { sns, TopicArn } = await topic(target);
      await sns.send(new DeleteTopicCommand({ TopicArn }));
      await sns.send(new DeleteTopicCommand({ TopicArn }));
    },
  },
  {
    operation: 'ListTopics',
    claim: 'names up to 100 topics a page',
    limit: '100 topics a page',
    source: reference('ListTopics'),
    async run(target) {
      const { sns, TopicArn } = await topic(target);
      for (let i = 0; i < 100; i += 1) await topic(target);
      const found: (string | undefined)[] = [];
      let NextToken: string | undefined;
      do {
        const page = await sns.send(new ListTopicsCommand({ NextToken }));
        expect(page.Topics?.length).toBeLessThanOrEqual(100);
        found.push(...(page.Topics ?? []).map((one) => one.TopicArn));
        NextToken = page.NextToken;
      } while (NextToken);
      expect(found.length).toBeGreaterThan(100);
      expect(found.filter((arn) => arn === TopicArn)).toHaveLength(1);
    },
  },
  {
    operation: 'TagResource',
    beside: ['ListTagsForResource', 'UntagResource'],
    claim: 'adds and replaces tags, which UntagResource takes away',
    source: guide('Amazon SNS topic tagging'),
    async run(target) {
      const { sns, TopicArn: ResourceArn } = await topic(target, { Tags: [{ Key: 'a', Value: '1' }] });
      const Tags = [
        { Key: 'a', Value: '2' },
        { Key: 'b', Value: '3' },
      ];
      await sns.send(new TagResourceCommand({ ResourceArn, Tags }));
      expect((await sns.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags).toEqual(Tags);
      await sns.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['a'] }));
      expect((await sns.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags).toEqual([Tags[1]]);
    },
  },
  {
    operation: 'TagResource',
    claim: 'refuses the same key twice',
    source: reference('TagResource'),
    async run(target) {
      const { sns, TopicArn: ResourceArn } = await topic(target);
      const Tags = ['1', '2'].map((Value) => ({ Key: 'a', Value }));
      const answer = await refusal(sns.send(new TagResourceCommand({ ResourceArn, Tags })));
      expect(answer.message).toBe('Invalid parameter: Duplicated keys are not allowed.');
    },
  },
  {
    operation: 'AddPermission',
    beside: ['RemovePermission'],
    claim: 'adds a statement to the topic’s policy, which RemovePermission takes away by its label',
    source: reference('AddPermission'),
    async run(target) {
      const { sns, TopicArn, attributes } = await topic(target);
      const permission = { TopicArn, Label: 'partner', AWSAccountId: [target.account], ActionName: ['Publish'] };
      await sns.send(new AddPermissionCommand(permission));
      const statements = async () => JSON.parse((await attributes())['Policy'] ?? '').Statement;
      expect((await statements())[1]).toMatchObject({
        Sid: 'partner',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${target.account}:root` },
        Action: 'SNS:Publish',
        Resource: TopicArn,
      });
      await sns.send(new RemovePermissionCommand({ TopicArn, Label: 'partner' }));
      expect(await statements()).toHaveLength(1);
    },
  },
];
