import {
  AddPermissionCommand,
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  type CreateTopicCommandInput,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  PublishCommand,
  RemovePermissionCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  type SubscribeCommandInput,
  TagResourceCommand,
  UnsubscribeCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect } from 'vitest';
import { sns as service } from '../src/services/sns/service.ts';
import { type Contract, refusal, type Target } from './contract.ts';

const reference = (operation: string) => `SNS API Reference, ${operation}`;
const guide = (page: string) => `SNS Developer Guide, ${page}`;

async function topic(target: Target, input: Partial<CreateTopicCommandInput> = {}) {
  const sns = target.client(SNSClient);
  const isFifo = input.Attributes?.['FifoTopic'] === 'true';
  const Name = `${target.name()}${isFifo ? '.fifo' : ''}`;
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name, ...input }));
  target.afterwards(() => sns.send(new DeleteTopicCommand({ TopicArn })));
  const attributes = async () => (await sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes ?? {};
  return { sns, Name, TopicArn, attributes };
}

/** A topic with a subscription of a queue that need not exist. */
async function subscribed(target: Target, input: Partial<SubscribeCommandInput> = {}) {
  const created = await topic(target);
  const { sns, TopicArn, Name } = created;
  const Endpoint = `arn:aws:sqs:${target.region}:${target.account}:${Name}`;
  const subscription = { TopicArn, Protocol: 'sqs', Endpoint, ...input };
  const { SubscriptionArn } = await sns.send(new SubscribeCommand(subscription));
  const describe = async () =>
    (await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes ?? {};
  return { ...created, subscription, SubscriptionArn, describe };
}

/** A topic whose messages come to a queue; `hear` waits for the next ones. */
async function heard(target: Target, Attributes: Record<string, string> = {}, fifo = false) {
  const created = await topic(target, fifo ? { Attributes: { FifoTopic: 'true' } } : {});
  const { sns, TopicArn = '', Name } = created;
  const sqs = target.client(SQSClient);
  const Endpoint = `arn:aws:sqs:${target.region}:${target.account}:${Name}`;
  const Statement = {
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: Endpoint,
    Condition: { ArnEquals: { 'aws:SourceArn': TopicArn } },
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({ QueueName: Name, Attributes: { Policy, ...(fifo && { FifoQueue: 'true' }) } }),
  );
  target.afterwards(() => sqs.send(new DeleteQueueCommand({ QueueUrl })));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes }));
  const messages: Message[] = [];
  const hear = (count: number) =>
    target.until(async () => {
      const input = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
      messages.push(...((await sqs.send(new ReceiveMessageCommand(input))).Messages ?? []));
      expect(messages).toHaveLength(count);
      return messages;
    });
  return { ...created, hear };
}

export const sns: Contract = {
  service,
  claims: [
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
        const Statement = [
          { Effect: 'Allow', Principal: { AWS: target.account }, Action: 'SNS:*', Resource: TopicArn },
        ];
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
    {
      operation: 'Subscribe',
      beside: ['GetSubscriptionAttributes'],
      claim: 'needs no confirmation of a queue of the same account, and answers the same ARN again',
      source: reference('Subscribe'),
      async run(target) {
        const { sns, subscription, SubscriptionArn, describe } = await subscribed(target);
        const { Arn } = await target.client(STSClient).send(new GetCallerIdentityCommand({}));
        expect(await describe()).toEqual({
          ConfirmationWasAuthenticated: 'true',
          Endpoint: subscription.Endpoint,
          Owner: target.account,
          PendingConfirmation: 'false',
          Protocol: 'sqs',
          RawMessageDelivery: 'false',
          SubscriptionArn,
          SubscriptionPrincipal: Arn,
          TopicArn: subscription.TopicArn,
        });
        expect((await sns.send(new SubscribeCommand(subscription))).SubscriptionArn).toBe(SubscriptionArn);
        const other = { ...subscription, Attributes: { RawMessageDelivery: 'true' } };
        expect((await refusal(sns.send(new SubscribeCommand(other)))).message).toBe(
          'Invalid parameter: Attributes Reason: Subscription already exists with different attributes',
        );
      },
    },
    {
      operation: 'Subscribe',
      claim: 'leaves a mail address pending until it has confirmed',
      source: reference('Subscribe'),
      async run(target) {
        const Endpoint = `${target.name()}@example.com`;
        const { SubscriptionArn } = await subscribed(target, { Protocol: 'email', Endpoint });
        expect(SubscriptionArn).toBe('pending confirmation');
      },
    },
    {
      operation: 'Subscribe',
      claim: 'refuses endpoints that do not fit their protocol',
      source: reference('Subscribe'),
      async run(target) {
        const refused = async (Protocol: string, Endpoint: string) =>
          (await refusal(subscribed(target, { Protocol, Endpoint }))).message;
        expect(await refused('pigeon', 'home')).toBe(
          'Invalid parameter: Amazon SNS does not support this protocol string: pigeon',
        );
        expect(await refused('sqs', 'https://sqs/queue')).toBe('Invalid parameter: SQS endpoint ARN');
        expect(await refused('http', 'https://example.com')).toBe(
          'Invalid parameter: Endpoint must match the specified protocol',
        );
        expect(await refused('sqs', `arn:aws:sqs:${target.region}:${target.account}:orders.fifo`)).toContain(
          'FIFO SQS Queues can not be subscribed to standard SNS topics',
        );
      },
    },
    {
      operation: 'Subscribe',
      claim: 'refuses functions as subscribers of FIFO topics',
      source: guide('Message delivery for FIFO topics'),
      async run(target) {
        const { sns, TopicArn } = await topic(target, { Attributes: { FifoTopic: 'true' } });
        const Endpoint = `arn:aws:lambda:${target.region}:${target.account}:function:orders`;
        const call = sns.send(new SubscribeCommand({ TopicArn, Protocol: 'lambda', Endpoint }));
        expect((await refusal(call)).message).toBe('Invalid parameter: Invalid protocol type: lambda');
      },
    },
    {
      operation: 'Subscribe',
      claim: 'refuses a filter policy with more than five keys',
      limit: '5 keys a filter policy',
      source: guide('Filter policy constraints'),
      async run(target) {
        const FilterPolicy = JSON.stringify(Object.fromEntries([...'abcdef'].map((key) => [key, ['x']])));
        expect((await refusal(subscribed(target, { Attributes: { FilterPolicy } }))).message).toBe(
          'Invalid parameter: Attributes Reason: FilterPolicy: Filter policy can not have more than 5 keys',
        );
      },
    },
    {
      operation: 'SetSubscriptionAttributes',
      claim: 'refuses a filter policy with more than 150 combinations of values',
      limit: '150 combinations a filter policy',
      source: guide('Filter policy constraints'),
      async run(target) {
        const { sns, SubscriptionArn, describe } = await subscribed(target);
        const values = (count: number) => Array.from({ length: count }, (_, i) => `value ${i}`);
        const set = (policy: object) =>
          sns.send(
            new SetSubscriptionAttributesCommand({
              SubscriptionArn,
              AttributeName: 'FilterPolicy',
              AttributeValue: JSON.stringify(policy),
            }),
          );
        await set({ a: values(15), b: values(10) });
        expect((await describe())['FilterPolicyScope']).toBe('MessageAttributes');
        const answer = await refusal(set({ a: values(16), b: values(10) }));
        expect(answer.message).toBe('Invalid parameter: FilterPolicy: Filter policy is too complex');
      },
    },
    {
      operation: 'SetSubscriptionAttributes',
      claim: 'refuses what is neither true nor false, and a dead-letter queue that is none',
      source: reference('SetSubscriptionAttributes'),
      async run(target) {
        const { sns, SubscriptionArn } = await subscribed(target);
        const refused = async (AttributeName: string, AttributeValue: string) => {
          const command = new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue });
          return (await refusal(sns.send(command))).message;
        };
        expect(await refused('RawMessageDelivery', 'maybe')).toBe(
          'Invalid parameter: RawMessageDelivery: Invalid value [maybe]. Must be true or false.',
        );
        expect(await refused('RedrivePolicy', '{"deadLetterTargetArn":"orders"}')).toBe(
          'Invalid parameter: RedrivePolicy: deadLetterTargetArn is an invalid arn',
        );
        expect(await refused('Colour', 'red')).toBe('Invalid parameter: AttributeName');
      },
    },
    {
      operation: 'ConfirmSubscription',
      claim: 'refuses a token nobody was sent',
      source: reference('ConfirmSubscription'),
      async run(target) {
        const { sns, TopicArn } = await topic(target);
        const confirm = (Token: string) => refusal(sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token })));
        expect((await confirm('0123')).message).toBe('Invalid token');
        expect((await confirm('0'.repeat(288))).name).toBe('InvalidParameterException');
      },
    },
    {
      operation: 'ListSubscriptionsByTopic',
      beside: ['ListSubscriptions', 'Unsubscribe'],
      claim: 'names the subscriptions of a topic until they are ended, which succeeds twice',
      source: reference('ListSubscriptionsByTopic'),
      async run(target) {
        const { sns, TopicArn, SubscriptionArn, subscription } = await subscribed(target);
        const list = async () =>
          (await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions ?? [];
        expect(await list()).toEqual([{ ...subscription, SubscriptionArn, Owner: target.account }]);
        const { Subscriptions } = await sns.send(new ListSubscriptionsCommand({}));
        expect(Subscriptions?.length).toBeGreaterThan(0);
        await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
        await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
        await target.until(async () => expect(await list()).toEqual([]));
      },
    },
    {
      operation: 'Publish',
      claim: 'takes 256 KB and not one byte more, attributes included',
      limit: '262,144 bytes a message',
      source: reference('Publish'),
      async run(target) {
        const { sns, TopicArn } = await topic(target);
        await sns.send(new PublishCommand({ TopicArn, Message: 'a'.repeat(262_144) }));
        const MessageAttributes = { a: { DataType: 'String', StringValue: 'b' } };
        const tooLong = [
          { Message: 'a'.repeat(262_145) },
          { Message: 'ü'.repeat(131_073) },
          { Message: 'a'.repeat(262_140), MessageAttributes },
        ];
        for (const input of tooLong) {
          const answer = await refusal(sns.send(new PublishCommand({ TopicArn, ...input })));
          expect(answer.message).toBe('Invalid parameter: Message too long');
        }
      },
    },
    {
      operation: 'Publish',
      claim: 'refuses an empty message, a subject with a line break and one of 101 characters',
      limit: 'subjects of up to 100 characters',
      source: reference('Publish'),
      async run(target) {
        const { sns, TopicArn } = await topic(target);
        const refused = async (input: object) =>
          (await refusal(sns.send(new PublishCommand({ TopicArn, Message: 'hello', ...input })))).message;
        expect(await refused({ Message: '' })).toBe('Invalid parameter: Empty message');
        expect(await refused({ Subject: '' })).toBe('Invalid parameter: Subject');
        expect(await refused({ Subject: 'two\nlines' })).toBe('Invalid parameter: Subject');
        expect(await refused({ Subject: 's'.repeat(101) })).toBe('Invalid parameter: Subject');
      },
    },
    {
      operation: 'Publish',
      claim: 'asks for a default among the texts by protocol',
      source: reference('Publish'),
      async run(target) {
        const { sns, TopicArn } = await topic(target);
        const refused = async (Message: string) => {
          const command = new PublishCommand({ TopicArn, Message, MessageStructure: 'json' });
          return (await refusal(sns.send(command))).message;
        };
        const structure = 'Invalid parameter: Message Structure - ';
        expect(await refused('{"sqs":"hello"}')).toBe(`${structure}No default entry in JSON message body`);
        expect(await refused('{"default":1}')).toBe(`${structure}No default entry in JSON message body`);
        expect(await refused('hello')).toBe(`${structure}JSON message body failed to parse`);
      },
    },
    {
      operation: 'Publish',
      claim: 'refuses message attributes without a value, with an unknown type and with a strange name',
      source: guide('Amazon SNS message attributes'),
      async run(target) {
        const { sns, TopicArn } = await topic(target);
        const refused = async (name: string, DataType: string, StringValue: string) => {
          const MessageAttributes = { [name]: { DataType, StringValue } };
          return refusal(sns.send(new PublishCommand({ TopicArn, Message: 'hello', MessageAttributes })));
        };
        expect(await refused('kind', 'String', '')).toEqual({
          name: 'InvalidParameterValueException',
          message:
            "The message attribute 'kind' must contain non-empty message attribute value for message attribute type 'String'.",
        });
        expect((await refused('kind', 'Colour', 'red')).message).toContain('Binary, Number, and String');
        expect((await refused('k^nd', 'String', 'new')).message).toContain("'#x5E'");
        expect((await refused('a..b', 'String', 'new')).message).toContain("successive '.'");
      },
    },
    {
      operation: 'Publish',
      claim: 'asks for a group and a deduplication id on FIFO topics, and numbers messages in order',
      source: guide('Message ordering details for FIFO topics'),
      async run(target) {
        const { sns, TopicArn } = await topic(target, { Attributes: { FifoTopic: 'true' } });
        const publish = (input: object) => sns.send(new PublishCommand({ TopicArn, Message: 'hello', ...input }));
        expect((await refusal(publish({}))).message).toBe(
          'Invalid parameter: The MessageGroupId parameter is required for FIFO topics',
        );
        expect((await refusal(publish({ MessageGroupId: 'a' }))).message).toContain(
          'should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
        );
        const first = await publish({ MessageGroupId: 'a', MessageDeduplicationId: '1' });
        const second = await publish({ MessageGroupId: 'a', MessageDeduplicationId: '2' });
        expect(BigInt(second.SequenceNumber ?? 0)).toBeGreaterThan(BigInt(first.SequenceNumber ?? 0));
      },
    },
    {
      operation: 'PublishBatch',
      claim: 'takes ten messages and answers each under its id',
      limit: '10 messages a batch, together 262,144 bytes',
      source: reference('PublishBatch'),
      async run(target) {
        const { sns, TopicArn } = await topic(target);
        const entries = (count: number, size = 1) =>
          Array.from({ length: count }, (_, i) => ({ Id: `m${i}`, Message: 'a'.repeat(size) }));
        const publish = (PublishBatchRequestEntries: { Id: string; Message: string }[]) =>
          sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));
        const { Successful, Failed } = await publish(entries(10));
        expect(Successful?.map(({ Id }) => Id)).toEqual(entries(10).map(({ Id }) => Id));
        expect(Failed ?? []).toEqual([]);
        expect((await refusal(publish(entries(11)))).name).toMatch(/^TooManyEntriesInBatchRequest/);
        expect((await refusal(publish(entries(2, 131_073)))).name).toMatch(/^BatchRequestTooLong/);
        expect((await refusal(publish([{ Id: 'a b', Message: 'a' }]))).name).toMatch(/^InvalidBatchEntryId/);
        const twice = [...entries(1), ...entries(1)];
        expect((await refusal(publish(twice))).name).toMatch(/^BatchEntryIdsNotDistinct/);
      },
    },
    {
      operation: 'Publish',
      claim: 'delivers to a queue in an envelope of JSON',
      source: guide('Fanout to Amazon SQS queues'),
      async run(target) {
        const { sns, TopicArn, hear } = await heard(target);
        const MessageAttributes = { kind: { DataType: 'String', StringValue: 'order' } };
        const { MessageId } = await sns.send(new PublishCommand({ TopicArn, Message: 'paid', MessageAttributes }));
        const [message] = await hear(1);
        expect(JSON.parse(message?.Body ?? '')).toMatchObject({
          Type: 'Notification',
          MessageId,
          TopicArn,
          Message: 'paid',
          SignatureVersion: '1',
          MessageAttributes: { kind: { Type: 'String', Value: 'order' } },
        });
      },
    },
    {
      operation: 'Publish',
      claim: 'delivers raw messages with their attributes where the subscription says so',
      source: guide('Amazon SNS raw message delivery'),
      async run(target) {
        const { sns, TopicArn, hear } = await heard(target, { RawMessageDelivery: 'true' });
        const MessageAttributes = { kind: { DataType: 'String', StringValue: 'order' } };
        const Message = JSON.stringify({ default: 'for all', sqs: 'for queues' });
        await sns.send(new PublishCommand({ TopicArn, Message, MessageStructure: 'json', MessageAttributes }));
        const [message] = await hear(1);
        expect(message?.Body).toBe('for queues');
        expect(message?.MessageAttributes).toMatchObject(MessageAttributes);
      },
    },
    {
      operation: 'Publish',
      claim: 'delivers what the filter policy lets through, by attributes and by body',
      source: guide('Amazon SNS message filtering'),
      async run(target) {
        const raw = { RawMessageDelivery: 'true' };
        const byAttribute = await heard(target, { ...raw, FilterPolicy: '{"total":[{"numeric":[">=",100]}]}' });
        for (const StringValue of ['99', '1e2']) {
          const MessageAttributes = { total: { DataType: 'Number', StringValue } };
          const { TopicArn } = byAttribute;
          await byAttribute.sns.send(new PublishCommand({ TopicArn, Message: StringValue, MessageAttributes }));
        }
        expect((await byAttribute.hear(1))[0]?.Body).toBe('1e2');
        const FilterPolicy = '{"order":{"kind":[{"anything-but":["test"]}]}}';
        const byBody = await heard(target, { ...raw, FilterPolicyScope: 'MessageBody', FilterPolicy });
        for (const kind of ['test', 'real']) {
          const Message = JSON.stringify({ order: { kind } });
          await byBody.sns.send(new PublishCommand({ TopicArn: byBody.TopicArn, Message }));
        }
        expect((await byBody.hear(1))[0]?.Body).toBe('{"order":{"kind":"real"}}');
      },
    },
    {
      operation: 'Publish',
      claim: 'delivers a deduplication id once to a FIFO queue, in the order of the group',
      source: guide('Message deduplication for FIFO topics'),
      async run(target) {
        const { sns, TopicArn, hear } = await heard(target, { RawMessageDelivery: 'true' }, true);
        for (const Message of ['1', '2', '1', '3']) {
          const group = { MessageGroupId: 'a', MessageDeduplicationId: Message };
          await sns.send(new PublishCommand({ TopicArn, Message, ...group }));
        }
        expect((await hear(3)).map(({ Body }) => Body)).toEqual(['1', '2', '3']);
      },
    },
  ],
};
