import { randomBytes, randomUUID } from 'node:crypto';
import type {
  ConfirmSubscriptionCommandInput,
  ConfirmSubscriptionCommandOutput,
  UnsubscribeCommandInput,
  UnsubscribeCommandOutput,
} from '@aws-sdk/client-sns';
import { AwsError } from '../../errors.ts';
import { anonymous } from '../../iam/service-caller.ts';
import { type Call, type Cloud, operation } from '../../service.ts';
import { startDelivery } from './deliver.ts';
import { reachable } from './deliver-http.ts';
import { invalidParameter } from './errors.ts';
import { type Message, type Subscription, stateOf, type Topic } from './state.ts';
import { demandOnTopic, findSubscription, findTopic, locateSubscription, locateTopic } from './topic-reference.ts';

/** "Confirmation tokens are valid for two days", Subscribe, API Reference. */
const tokenAgeMs = 2 * 24 * 3_600_000;

export function newToken(cloud: Cloud): { token: string; since: number } {
  return { token: randomBytes(144).toString('hex'), since: cloud.clock.now() };
}

/** Asks a pending endpoint to confirm. */
export function sendConfirmation(cloud: Cloud, topic: Topic, subscription: Subscription): void {
  send(cloud, topic, subscription, {
    type: 'SubscriptionConfirmation',
    token: subscription.pending?.token ?? '',
    body: `You have chosen to subscribe to the topic ${topic.arn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
  });
}

/** Tells an endpoint that an unsigned request has ended its subscription; with the token it can be taken back. */
function sendUnsubscribed(cloud: Cloud, topic: Topic, subscription: Subscription): void {
  const pending = newToken(cloud);
  stateOf(cloud, topic).ended.set(pending.token, { ...subscription, pending });
  send(cloud, topic, subscription, {
    type: 'UnsubscribeConfirmation',
    token: pending.token,
    body: `You have chosen to deactivate subscription ${subscription.arn}.\nTo cancel this operation and restore the subscription, visit the SubscribeURL included in this message.`,
  });
}

function send(
  cloud: Cloud,
  topic: Topic,
  subscription: Subscription,
  confirmation: Pick<Message, 'type' | 'body'> & { readonly token: string },
): void {
  if (!reachable(subscription)) return;
  startDelivery(cloud, subscription, {
    ...confirmation,
    id: randomUUID(),
    topicArn: topic.arn,
    attributes: {},
    published: cloud.clock.now(),
    signatureVersion: topic.attributes.get('SignatureVersion') === '2' ? '2' : '1',
  });
}

/** Whoever has the token may confirm, signed or not: it came to the endpoint. */
export const confirmSubscription = operation<ConfirmSubscriptionCommandInput, ConfirmSubscriptionCommandOutput>({
  demands: ({ TopicArn }, call) =>
    call.caller === anonymous ? [] : demandOnTopic('ConfirmSubscription', TopicArn, call),
  run({ TopicArn, Token = '', AuthenticateOnUnsubscribe }, call) {
    if (!/^[0-9a-f]{288}$/.test(Token)) throw new AwsError('InvalidParameter', 'Invalid token');
    const { subscriptions, ended } = stateOf(call.cloud, locateTopic(TopicArn));
    const subscription = [...subscriptions.values(), ...ended.values()].find(
      ({ pending, topicArn }) => topicArn === TopicArn && pending?.token === Token,
    );
    const since = subscription?.pending?.since;
    if (!subscription || since === undefined || call.cloud.clock.now() - since > tokenAgeMs) {
      throw invalidParameter('Token');
    }
    ended.delete(Token);
    subscriptions.set(subscription.arn, subscription);
    subscription.pending = undefined;
    subscription.wasAuthenticated = call.caller !== anonymous;
    subscription.authenticateOnUnsubscribe = subscription.wasAuthenticated && AuthenticateOnUnsubscribe === 'true';
    return { SubscriptionArn: subscription.arn };
  },
});

/** Idempotent. Unsigned where the subscription allows it: that is what UnsubscribeURL leads to. */
export const unsubscribe = operation<UnsubscribeCommandInput, UnsubscribeCommandOutput>({
  demands({ SubscriptionArn }, call) {
    locateSubscription(SubscriptionArn);
    if (call.caller !== anonymous) return [{ action: 'SNS:Unsubscribe', resource: '*' }];
    if (!findSubscription(call.cloud, SubscriptionArn)?.authenticateOnUnsubscribe) return [];
    throw new AwsError('AuthorizationError', 'This subscription is only ended by a signed request', { status: 403 });
  },
  run({ SubscriptionArn = '' }, call) {
    const subscription = findSubscription(call.cloud, SubscriptionArn);
    if (!subscription) return {};
    const topic = findTopic(call.cloud, subscription.topicArn);
    if (topic && isOther(call, topic)) {
      throw new AwsError('AuthorizationError', `Only the owners of topic and subscription can end ${SubscriptionArn}`, {
        status: 403,
      });
    }
    stateOf(call.cloud, locateSubscription(SubscriptionArn)).subscriptions.delete(SubscriptionArn);
    if (!topic) return {};
    topic.subscriptionsDeleted += 1;
    // "Unsubscribe", API Reference: told to the endpoint when somebody without authentication has ended it.
    if (call.caller === anonymous && !subscription.pending) sendUnsubscribed(call.cloud, topic, subscription);
    return {};

    function isOther({ caller, account }: Call, { account: topicOwner }: Topic): boolean {
      return caller !== anonymous && account !== topicOwner && account !== subscription?.owner;
    }
  },
});
