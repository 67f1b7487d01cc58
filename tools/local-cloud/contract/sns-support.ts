import {
  CreateTopicCommand,
  type CreateTopicCommandInput,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  type SubscribeCommandInput,
} from '@aws-sdk/client-sns';
import type { Target } from './contract.ts';

export const reference = (operation: string) => `SNS API Reference, ${operation}`;
export const guide = (page: string) => `SNS Developer Guide, ${page}`;

/** A topic of its own, which is FIFO when its attributes say so. */
export async function topic(target: Target, input: Partial<CreateTopicCommandInput> = {}) {
  const sns = target.client(SNSClient);
  const isFifo = input.Attributes?.['FifoTopic'] === 'true';
  const Name = `${target.name()}${isFifo ? '.fifo' : ''}`;
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name, ...input }));
  target.afterwards(() => sns.send(new DeleteTopicCommand({ TopicArn })));
  const attributes = async () => (await sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes ?? {};
  return { sns, Name, TopicArn, attributes };
}

/** A topic with a subscription of a queue that need not exist. */
export async function subscribed(target: Target, input: Partial<SubscribeCommandInput> = {}) {
  const created = await topic(target);
  const { sns, TopicArn, Name } = created;
  const Endpoint = `arn:aws:sqs:${target.region}:${target.account}:${Name}`;
  const subscription = { TopicArn, Protocol: 'sqs', Endpoint, ...input };
  const { SubscriptionArn } = await sns.send(new SubscribeCommand(subscription));
  const describe = async () =>
    (await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes ?? {};
  return { ...created, subscription, SubscriptionArn, describe };
}
