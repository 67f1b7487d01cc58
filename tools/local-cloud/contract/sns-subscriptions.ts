import {
  ConfirmSubscriptionCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  SetSubscriptionAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { guide, reference, subscribed, topic } from './sns-support.ts';

/** Claims about subscriptions. */
export const subscriptionClaims: readonly Claim[] = [
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
      const list = async () => (await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions ?? [];
      expect(await list()).toEqual([{ ...subscription, SubscriptionArn, Owner: target.account }]);
      const { Subscriptions } = await sns.send(new ListSubscriptionsCommand({}));
      expect(Subscriptions?.length).toBeGreaterThan(0);
      await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
      await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
      await target.until(async () => expect(await list()).toEqual([]));
    },
  },
];
