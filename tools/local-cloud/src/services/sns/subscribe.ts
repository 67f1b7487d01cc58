import { randomUUID } from 'node:crypto';
import type { SubscribeCommandInput, SubscribeCommandOutput } from '@aws-sdk/client-sns';
import { type Call, operation } from '../../service.ts';
import { newToken, sendConfirmation } from './confirmations.ts';
import { reachable } from './deliver-http.ts';
import { invalidParameter, unsupported } from './errors.ts';
import { type Protocol, protocols, type Subscription, stateOf, subscriptionsTo, type Topic } from './state.ts';
import { checkFilterCount, checkSubscriptionAttribute, keepAttribute } from './subscription-settings.ts';
import { demandOnTopic, topicOf } from './topic-reference.ts';

const inAttributes = 'Attributes Reason: ';

export const subscribe = operation<SubscribeCommandInput, SubscribeCommandOutput>({
  demands: ({ TopicArn, Protocol = '', Endpoint = '' }, call) =>
    demandOnTopic('Subscribe', TopicArn, call, { 'sns:Protocol': Protocol, 'sns:Endpoint': Endpoint }),
  run(input, call) {
    const { Endpoint: endpoint = '', Attributes = {}, ReturnSubscriptionArn } = input;
    const topic = topicOf(input.TopicArn, call);
    const protocol = checkEndpoint(input.Protocol ?? '', endpoint, topic);
    const attributes = readAttributes(Attributes as Record<string, string>, { topic, protocol, endpoint });
    if (attributes.has('FilterPolicy')) checkFilterCount(call.cloud, topic, undefined);

    const same = subscriptionsTo(call.cloud, topic).find(
      (one) => one.protocol === protocol && one.endpoint === endpoint && one.owner === call.account,
    );
    const differs = same && [...attributes].some(([name, value]) => same.attributes.get(name) !== value);
    if (differs) {
      throw invalidParameter(`${inAttributes}Subscription already exists with different attributes`);
    }
    const subscription = same ?? newSubscription(topic, protocol, endpoint, attributes, call);
    if (subscription.pending) sendConfirmation(call.cloud, topic, subscription);
    const isHidden = subscription.pending !== undefined && ReturnSubscriptionArn !== true;
    return { SubscriptionArn: isHidden ? 'pending confirmation' : subscription.arn };
  },
});

/** Throws InvalidParameter, or NotImplementedException for protocols nobody here could deliver to. */
function checkEndpoint(given: string, endpoint: string, topic: Topic): Protocol {
  const protocol = protocols.find((one) => one === given);
  if (!protocol) throw invalidParameter(`Amazon SNS does not support this protocol string: ${given}`);
  if (protocol === 'firehose' || protocol === 'application' || protocol === 'sms') {
    throw unsupported(`delivery to ${protocol}`, 'there are lambda, sqs, http and https, and email that stays pending');
  }
  if (topic.isFifo && protocol !== 'sqs') throw invalidParameter(`Invalid protocol type: ${protocol}`);
  if (protocol === 'http' || protocol === 'https') {
    if (!endpoint.startsWith(`${protocol}://`) || !URL.canParse(endpoint)) {
      throw invalidParameter('Endpoint must match the specified protocol');
    }
  } else if (protocol === 'sqs') {
    if (!/^arn:aws:sqs:[\w-]+:\d{12}:[\w-]{1,80}(\.fifo)?$/.test(endpoint)) throw invalidParameter('SQS endpoint ARN');
    if (endpoint.endsWith('.fifo') && !topic.isFifo) {
      throw invalidParameter(
        'Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
      );
    }
  } else if (protocol === 'lambda') {
    if (!/^arn:aws:lambda:[\w-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/.test(endpoint)) {
      throw invalidParameter('Lambda endpoint ARN');
    }
  } else if (!/^[^@\s]+@[^@\s]+$/.test(endpoint)) throw invalidParameter('Email address');
  return protocol;
}

function readAttributes(
  given: Readonly<Record<string, string>>,
  { topic, protocol, endpoint }: { topic: Topic; protocol: Protocol; endpoint: string },
): Map<string, string> {
  const attributes = new Map<string, string>();
  const subscribed = { topic, protocol, endpoint, attributes: new Map(Object.entries(given)) };
  for (const [name, value] of Object.entries(given)) {
    checkSubscriptionAttribute(name, value, subscribed, inAttributes);
    keepAttribute(attributes, name, value);
  }
  return attributes;
}

function newSubscription(
  topic: Topic,
  protocol: Protocol,
  endpoint: string,
  attributes: Map<string, string>,
  call: Call,
): Subscription {
  // "The owner of the endpoint": queues and functions of the subscriber's own account need no confirmation.
  const isOwn = (protocol === 'sqs' || protocol === 'lambda') && endpoint.split(':')[4] === call.account;
  const subscription: Subscription = {
    arn: `${topic.arn}:${randomUUID()}`,
    topicArn: topic.arn,
    owner: call.account,
    principal: call.caller.roleArn ?? call.caller.arn,
    protocol,
    endpoint,
    attributes,
    pending: isOwn ? undefined : newToken(call.cloud),
    wasAuthenticated: isOwn,
    authenticateOnUnsubscribe: false,
  };
  stateOf(call.cloud, topic).subscriptions.set(subscription.arn, subscription);
  if (!isOwn && !reachable(subscription)) {
    call.cloud.log(
      `sns: ${subscription.arn} stays pending: the embedded cloud sends no mail and calls only loopback addresses, not ${endpoint}`,
    );
  }
  return subscription;
}
