import type {
  GetSubscriptionAttributesCommandInput,
  GetSubscriptionAttributesCommandOutput,
  ListSubscriptionsByTopicCommandInput,
  ListSubscriptionsByTopicCommandOutput,
  ListSubscriptionsCommandInput,
  ListSubscriptionsCommandOutput,
  SetSubscriptionAttributesCommandInput,
  SetSubscriptionAttributesCommandOutput,
} from '@aws-sdk/client-sns';
import { operation } from '../../service.ts';
import { topicNotFound } from './errors.ts';
import { page } from './pages.ts';
import { type Subscription, stateOf, subscriptionsTo } from './state.ts';
import { checkFilterCount, checkSubscriptionAttribute, keepAttribute, scopeOf } from './subscription-settings.ts';
import { findTopic, onAnything, onTopic, subscriptionOf, topicOf } from './topic-reference.ts';

export const getSubscriptionAttributes = operation<
  GetSubscriptionAttributesCommandInput,
  GetSubscriptionAttributesCommandOutput
>({
  demands: onAnything('GetSubscriptionAttributes'),
  run: ({ SubscriptionArn }, call) => ({ Attributes: attributesOf(subscriptionOf(SubscriptionArn, call)) }),
});

function attributesOf(subscription: Subscription): Record<string, string> {
  return {
    ConfirmationWasAuthenticated: String(subscription.wasAuthenticated),
    Endpoint: subscription.endpoint,
    Owner: subscription.owner,
    PendingConfirmation: String(subscription.pending !== undefined),
    Protocol: subscription.protocol,
    RawMessageDelivery: 'false',
    SubscriptionArn: subscription.arn,
    SubscriptionPrincipal: subscription.principal,
    TopicArn: subscription.topicArn,
    ...Object.fromEntries([...subscription.attributes].filter(([name]) => name !== 'FilterPolicyScope')),
    ...(subscription.attributes.has('FilterPolicy') && { FilterPolicyScope: scopeOf(subscription.attributes) }),
  };
}

export const setSubscriptionAttributes = operation<
  SetSubscriptionAttributesCommandInput,
  SetSubscriptionAttributesCommandOutput
>({
  demands: onAnything('SetSubscriptionAttributes'),
  run({ SubscriptionArn, AttributeName = '', AttributeValue = '' }, call) {
    const subscription = subscriptionOf(SubscriptionArn, call);
    const topic = findTopic(call.cloud, subscription.topicArn);
    if (!topic) throw topicNotFound();
    checkSubscriptionAttribute(AttributeName, AttributeValue, { ...subscription, topic });
    if (AttributeName === 'FilterPolicy' && AttributeValue !== '') {
      checkFilterCount(call.cloud, topic, subscription.arn);
    }
    keepAttribute(subscription.attributes, AttributeName, AttributeValue);
    return {};
  },
});

export const listSubscriptions = operation<ListSubscriptionsCommandInput, ListSubscriptionsCommandOutput>({
  demands: onAnything('ListSubscriptions'),
  run({ NextToken }, call) {
    const all = [...stateOf(call.cloud, call).subscriptions.values()].filter(({ owner }) => owner === call.account);
    return listed(all, NextToken);
  },
});

export const listSubscriptionsByTopic = operation<
  ListSubscriptionsByTopicCommandInput,
  ListSubscriptionsByTopicCommandOutput
>({
  demands: onTopic('ListSubscriptionsByTopic'),
  run: ({ TopicArn, NextToken }, call) => listed(subscriptionsTo(call.cloud, topicOf(TopicArn, call)), NextToken),
});

function listed(all: readonly Subscription[], token: string | undefined) {
  const { items, next } = page(all, ({ arn }) => arn, token);
  const Subscriptions = items.map(({ arn, owner, protocol, endpoint, topicArn, pending }) => ({
    SubscriptionArn: pending ? 'PendingConfirmation' : arn,
    Owner: owner,
    Protocol: protocol,
    Endpoint: endpoint,
    TopicArn: topicArn,
  }));
  return { Subscriptions, NextToken: next };
}
