import {
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTagsForResourceCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type StackCloud, startStackCloud, template } from './cloudformation-support.ts';

let cloud: StackCloud;
let sns: SNSClient;
beforeAll(async () => {
  cloud = await startStackCloud();
  sns = cloud.client(SNSClient);
});
afterAll(() => cloud.close());

const topic = (properties: object = {}) => ({ Type: 'AWS::SNS::Topic', Properties: properties });
const queueArn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const subscription = (properties: object = {}) => ({
  Type: 'AWS::SNS::Subscription',
  Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'sqs', Endpoint: queueArn('orders'), ...properties },
});
const attributes = async (TopicArn: string | undefined) =>
  (await sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes ?? {};

it('a topic is created, changed in place, and deleted with its subscriptions', async () => {
  const Subscription = [{ Protocol: 'sqs', Endpoint: queueArn('inline') }];
  const first = { DisplayName: 'Orders', Subscription, Tags: [{ Key: 'team', Value: 'orders' }] };
  const stack = await cloud.create('topics', template({ Topic: topic(first), Rest: subscription() }));
  expect(stack?.StackStatus).toBe('CREATE_COMPLETE');
  const { Topic: TopicArn = '', Rest = '' } = await cloud.physicalIds('topics');
  expect(TopicArn).toMatch(/^arn:aws:sns:us-east-1:000000000000:topics-Topic-/);
  expect(Rest).toMatch(`${TopicArn}:`);
  expect((await attributes(TopicArn))['DisplayName']).toBe('Orders');
  const endpoints = async () => {
    const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    return Subscriptions?.map(({ Endpoint }) => Endpoint).sort();
  };
  expect(await endpoints()).toEqual([queueArn('inline'), queueArn('orders')]);

  const second = { SignatureVersion: '2', Tags: [{ Key: 'owner', Value: 'orders' }] };
  await cloud.update('topics', template({ Topic: topic(second), Rest: subscription() }));
  expect(await attributes(TopicArn)).toMatchObject({ DisplayName: '', SignatureVersion: '2' });
  expect(await endpoints()).toEqual([queueArn('orders')]);
  const { Tags } = await sns.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }));
  expect(Tags).toEqual([{ Key: 'owner', Value: 'orders' }]);

  await cloud.update('topics', template({ Other: topic() }));
  await expect(attributes(TopicArn)).rejects.toThrow('Topic does not exist');
});

it('a subscription is filtered anew in place, and replaced for another endpoint', async () => {
  const filtered = { FilterPolicyScope: 'MessageBody', FilterPolicy: { order: { kind: ['new'] } } };
  const stackOf = (properties: object) => template({ Topic: topic(), Sub: subscription(properties) });
  await cloud.create('filtered', stackOf(filtered));
  const { Sub: SubscriptionArn } = await cloud.physicalIds('filtered');
  const settings = async () =>
    (await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes ?? {};
  expect(await settings()).toMatchObject({ FilterPolicyScope: 'MessageBody' });

  const changed = { FilterPolicy: { kind: ['new'] }, RawMessageDelivery: true };
  await cloud.update('filtered', stackOf(changed));
  expect((await cloud.physicalIds('filtered'))['Sub']).toBe(SubscriptionArn);
  expect(await settings()).toMatchObject({
    FilterPolicy: '{"kind":["new"]}',
    FilterPolicyScope: 'MessageAttributes',
    RawMessageDelivery: 'true',
  });

  await cloud.update('filtered', stackOf({ ...changed, Endpoint: queueArn('others') }));
  expect((await cloud.physicalIds('filtered'))['Sub']).not.toBe(SubscriptionArn);
  await expect(settings()).rejects.toThrow('Subscription does not exist');
});

it('topic policies are put, and make way for the policy a topic begins with', async () => {
  const policyFor = (Topic: string) => ({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'alarms',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: { Ref: Topic },
      },
    ],
  });
  const resources = {
    One: topic(),
    Two: topic(),
    Policy: {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: { Topics: [{ Ref: 'One' }], PolicyDocument: policyFor('One') },
    },
    Inline: {
      Type: 'AWS::SNS::TopicInlinePolicy',
      Properties: { TopicArn: { Ref: 'Two' }, PolicyDocument: policyFor('Two') },
    },
  };
  await cloud.create('policies', template(resources));
  const { One, Two } = await cloud.physicalIds('policies');
  const sid = async (arn: string | undefined) => JSON.parse((await attributes(arn))['Policy'] ?? '').Statement[0].Sid;
  expect([await sid(One), await sid(Two)]).toEqual(['alarms', 'alarms']);
  await cloud.update('policies', template({ One: topic(), Two: topic() }));
  expect([await sid(One), await sid(Two)]).toEqual(['__default_statement_ID', '__default_statement_ID']);
});

it('a FIFO topic without a name gets one that ends with .fifo', async () => {
  const settings = { FifoTopic: true, ContentBasedDeduplication: true };
  await cloud.create('ordered', template({ Topic: topic(settings) }));
  const { Topic: arn } = await cloud.physicalIds('ordered');
  expect(arn).toMatch(/\.fifo$/);
  expect(await attributes(arn)).toMatchObject({ FifoTopic: 'true', ContentBasedDeduplication: 'true' });
});
