import type {
  GetTopicAttributesCommandInput,
  GetTopicAttributesCommandOutput,
  SetTopicAttributesCommandInput,
  SetTopicAttributesCommandOutput,
} from '@aws-sdk/client-sns';
import { operation } from '../../service.ts';
import { checkDeliveryPolicy, effectiveDeliveryPolicy } from './delivery-policy.ts';
import { invalidParameter, unsupported } from './errors.ts';
import { subscriptionsTo, type Topic } from './state.ts';
import { checkPolicy } from './topic-policy.ts';
import { onTopic, topicOf } from './topic-reference.ts';

const truths = ['true', 'false'];

/** Attributes that SetTopicAttributes takes, with the values allowed where there are few ("SetTopicAttributes", API Reference). */
const settable: Readonly<Record<string, readonly string[] | undefined>> = {
  ContentBasedDeduplication: truths,
  DeliveryPolicy: undefined,
  DisplayName: undefined,
  FifoThroughputScope: ['Topic', 'MessageGroup'],
  KmsMasterKeyId: undefined,
  Policy: undefined,
  SignatureVersion: ['1', '2'],
  TracingConfig: ['PassThrough', 'Active'],
};
const onlyFifo = ['ContentBasedDeduplication', 'FifoThroughputScope'];

/** Throws InvalidParameter, or NotImplementedException for what would be promised in vain. */
export function checkTopicAttribute(name: string, value: string, isFifo: boolean, prefix: string): void {
  if (name === 'ArchivePolicy' && value !== '') {
    throw unsupported('message archive', 'leave ArchivePolicy out, and keep what is to be replayed in a queue');
  }
  if (/^(HTTP|Firehose|Lambda|Application|SQS)(Success|Failure)Feedback/.test(name)) {
    throw unsupported('delivery status logging', `leave ${name} out, and look at the topic's metrics`);
  }
  if (!(name in settable) || (onlyFifo.includes(name) && !isFifo)) {
    throw invalidParameter(prefix === '' ? 'AttributeName' : `${prefix}Unknown attribute ${name}`);
  }
  const allowed = settable[name];
  if (allowed && !allowed.includes(value)) throw invalidParameter(`${prefix}${name}: Invalid value [${value}]`);
  if (name === 'Policy') checkPolicy(value);
  if (name === 'DeliveryPolicy') checkDeliveryPolicy(value, 'topic', prefix);
  if (name === 'DisplayName' && value.length > 100) throw invalidParameter(`${prefix}DisplayName`);
}

/** A topic's attributes as GetTopicAttributes answers them. */
export function topicAttributes(topic: Topic, counts: { confirmed: number; pending: number }): Record<string, string> {
  return {
    DisplayName: '',
    ...(topic.isFifo && { FifoTopic: 'true', ContentBasedDeduplication: 'false', FifoThroughputScope: 'Topic' }),
    ...Object.fromEntries(topic.attributes),
    EffectiveDeliveryPolicy: effectiveDeliveryPolicy(topic.attributes.get('DeliveryPolicy')),
    Owner: topic.account,
    Policy: topic.policy,
    SubscriptionsConfirmed: String(counts.confirmed),
    SubscriptionsDeleted: String(topic.subscriptionsDeleted),
    SubscriptionsPending: String(counts.pending),
    TopicArn: topic.arn,
  };
}

export const getTopicAttributes = operation<GetTopicAttributesCommandInput, GetTopicAttributesCommandOutput>({
  demands: onTopic('GetTopicAttributes'),
  run({ TopicArn }, call) {
    const topic = topicOf(TopicArn, call);
    const subscriptions = subscriptionsTo(call.cloud, topic);
    const pending = subscriptions.filter((one) => one.pending).length;
    return { Attributes: topicAttributes(topic, { confirmed: subscriptions.length - pending, pending }) };
  },
});

export const setTopicAttributes = operation<SetTopicAttributesCommandInput, SetTopicAttributesCommandOutput>({
  demands: onTopic('SetTopicAttributes'),
  run({ TopicArn, AttributeName = '', AttributeValue = '' }, call) {
    const topic = topicOf(TopicArn, call);
    checkTopicAttribute(AttributeName, AttributeValue, topic.isFifo, '');
    if (AttributeName === 'Policy') topic.policy = AttributeValue;
    else if (AttributeValue === '') topic.attributes.delete(AttributeName);
    else topic.attributes.set(AttributeName, AttributeValue);
    return {};
  },
});
