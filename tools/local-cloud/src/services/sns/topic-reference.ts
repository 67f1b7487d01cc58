import type { PolicyDocument } from '../../iam/policy-document.ts';
import type { Call, Cloud, Demand } from '../../service.ts';
import { invalidParameter, subscriptionNotFound, topicNotFound } from './errors.ts';
import { type Place, type Subscription, stateOf, type Topic } from './state.ts';

interface Location extends Place {
  readonly name: string;
}

/** Throws InvalidParameter for what is no ARN of a topic. */
export function locateTopic(arn: string | undefined, member = 'TopicArn'): Location {
  const parts = (arn ?? '').split(':');
  if (parts.length < 6) {
    throw invalidParameter(`${member} Reason: An ARN must have at least 6 elements, not ${parts.length}`);
  }
  const [prefix, partition, service, region = '', account = '', name = ''] = parts;
  if (parts.length > 6 || prefix !== 'arn' || partition !== 'aws' || service !== 'sns' || !/^\d{12}$/.test(account)) {
    throw invalidParameter(member);
  }
  return { account, region, name };
}

export function findTopic(cloud: Cloud, arn: string): Topic | undefined {
  const location = locateTopic(arn);
  return stateOf(cloud, location).topics.get(location.name);
}

/** The topic an input names. Throws InvalidParameter for another region's, NotFound. */
export function topicOf(arn: string | undefined, call: Call, member?: string): Topic {
  const location = locateTopic(arn, member);
  if (location.region !== call.region) throw invalidParameter(member ?? 'TopicArn');
  const topic = stateOf(call.cloud, location).topics.get(location.name);
  if (!topic) throw topicNotFound();
  return topic;
}

/** Throws InvalidParameter for what is no ARN of a subscription. */
export function locateSubscription(arn: string | undefined): Place {
  const parts = (arn ?? '').split(':');
  if (parts.length < 6) {
    throw invalidParameter(`SubscriptionArn Reason: An ARN must have at least 6 elements, not ${parts.length}`);
  }
  if (parts.length !== 7 || parts[2] !== 'sns') throw invalidParameter('SubscriptionArn');
  return { region: parts[3] ?? '', account: parts[4] ?? '' };
}

export function findSubscription(cloud: Cloud, arn: string | undefined): Subscription | undefined {
  return stateOf(cloud, locateSubscription(arn)).subscriptions.get(arn ?? '');
}

/** Throws NotFound. */
export function subscriptionOf(arn: string | undefined, call: Call): Subscription {
  const found = findSubscription(call.cloud, arn);
  if (!found) throw subscriptionNotFound();
  return found;
}

/** Demands one action on a topic; the topic's policy has a say. */
export function demandOnTopic(
  action: string,
  arn: string | undefined,
  call: Call,
  context: Record<string, string> = {},
): readonly Demand[] {
  const policy = findTopic(call.cloud, arn ?? '')?.policy;
  return [
    {
      action: `SNS:${action}`,
      resource: arn ?? '*',
      context,
      resourcePolicy: policy === undefined ? undefined : (JSON.parse(policy) as PolicyDocument),
    },
  ];
}

/** The same for operations whose input has the topic's ARN. */
export function onTopic(action: string) {
  return (input: { TopicArn?: string | undefined }, call: Call) => demandOnTopic(action, input.TopicArn, call);
}

/** "Actions, resources, and condition keys for Amazon SNS": some actions know no resources. */
export function onAnything(action: string) {
  return (): readonly Demand[] => [{ action: `SNS:${action}`, resource: '*' }];
}
