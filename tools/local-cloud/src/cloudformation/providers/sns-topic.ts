import type {
  CreateTopicCommandOutput,
  GetTopicAttributesCommandOutput,
  ListSubscriptionsByTopicCommandOutput,
  ListTagsForResourceCommandOutput,
} from '@aws-sdk/client-sns';
import { physicalName } from '../physical-name.ts';
import type { Properties, ResourceProvider, ResourceRequest, ResourceResult } from '../provider.ts';
import { ifThere, tagChanges, unlessGone } from './calls.ts';

/** Properties that are attributes of the topic, under the same names. */
const attributeNames = [
  'ContentBasedDeduplication',
  'DisplayName',
  'FifoThroughputScope',
  'KmsMasterKeyId',
  'SignatureVersion',
  'TracingConfig',
];

interface Endpoint {
  readonly Endpoint: string;
  readonly Protocol: string;
}

export const snsTopic: ResourceProvider = {
  type: 'AWS::SNS::Topic',
  properties: [...attributeNames, 'FifoTopic', 'Subscription', 'Tags', 'TopicName'],
  async create(request) {
    const { properties, account, region, call } = request;
    const isFifo = properties['FifoTopic'] === true;
    const generated = () =>
      isFifo ? `${physicalName(request, { longest: 251 })}.fifo` : physicalName(request, { longest: 256 });
    const Name = properties['TopicName'] ?? generated();
    const arn = `arn:aws:sns:${region}:${account}:${Name}`;
    if (await attributesOf(request, arn)) {
      throw new Error(`Resource of type '${request.type}' with identifier '${arn}' already exists.`);
    }
    const Attributes = { ...attributes(properties), ...(isFifo && { FifoTopic: 'true' }) };
    const input = { Name, Attributes, ...(properties['Tags'] && { Tags: properties['Tags'] }) };
    const { TopicArn = '' } = await call<CreateTopicCommandOutput>('sns', 'CreateTopic', input);
    request.created(TopicArn);
    for (const endpoint of properties['Subscription'] ?? []) await call('sns', 'Subscribe', { TopicArn, ...endpoint });
    return resultOf(TopicArn);
  },
  async update(request) {
    const { physicalId: TopicArn, properties, previous, call } = request;
    const [now, before] = [attributes(properties), attributes(previous)];
    for (const AttributeName of Object.keys({ ...before, ...now })) {
      if (now[AttributeName] === before[AttributeName]) continue;
      const AttributeValue = now[AttributeName] ?? (AttributeName === 'ContentBasedDeduplication' ? 'false' : '');
      await call('sns', 'SetTopicAttributes', { TopicArn, AttributeName, AttributeValue });
    }
    const { set, removed } = tagChanges(previous['Tags'], properties['Tags']);
    const ResourceArn = TopicArn;
    if (removed.length > 0) await call('sns', 'UntagResource', { ResourceArn, TagKeys: removed });
    if (set.length > 0) await call('sns', 'TagResource', { ResourceArn, Tags: set });
    await changeSubscriptions(request, TopicArn, previous['Subscription'] ?? [], properties['Subscription'] ?? []);
    return resultOf(TopicArn);
  },
  async delete({ physicalId: TopicArn, call }) {
    await unlessGone(['NotFound'], () => call('sns', 'DeleteTopic', { TopicArn }));
  },
  async read(request) {
    const { physicalId: TopicArn, call } = request;
    const found = await attributesOf(request, TopicArn);
    if (!found) return undefined;
    const input = { ResourceArn: TopicArn };
    const { Tags = [] } = await call<ListTagsForResourceCommandOutput>('sns', 'ListTagsForResource', input);
    const properties = {
      TopicName: nameOf(TopicArn),
      FifoTopic: found['FifoTopic'] === 'true' ? true : undefined,
      ContentBasedDeduplication: found['ContentBasedDeduplication'] === 'true' ? true : undefined,
      DisplayName: found['DisplayName'] || undefined,
      KmsMasterKeyId: found['KmsMasterKeyId'],
      SignatureVersion: found['SignatureVersion'],
      TracingConfig: found['TracingConfig'],
      Tags: Tags.length > 0 ? Tags : undefined,
    };
    return { ...resultOf(TopicArn), properties };
  },
};

function attributes(properties: Properties): Record<string, string> {
  const given = attributeNames.filter((name) => properties[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, String(properties[name])]));
}

async function attributesOf({ call }: ResourceRequest, TopicArn: string): Promise<Record<string, string> | undefined> {
  const found = await ifThere(['NotFound'], () =>
    call<GetTopicAttributesCommandOutput>('sns', 'GetTopicAttributes', { TopicArn }),
  );
  return found?.Attributes;
}

async function changeSubscriptions(
  { call }: ResourceRequest,
  TopicArn: string,
  before: readonly Endpoint[],
  now: readonly Endpoint[],
): Promise<void> {
  const isIn = (list: readonly Endpoint[], one: { Endpoint?: string; Protocol?: string }) =>
    list.some(({ Endpoint, Protocol }) => Endpoint === one.Endpoint && Protocol === one.Protocol);
  const removed = before.filter((one) => !isIn(now, one));
  if (removed.length > 0) {
    const output = await call<ListSubscriptionsByTopicCommandOutput>('sns', 'ListSubscriptionsByTopic', { TopicArn });
    for (const { SubscriptionArn, Endpoint, Protocol } of output.Subscriptions ?? []) {
      const isGone = isIn(removed, { ...(Endpoint && { Endpoint }), ...(Protocol && { Protocol }) });
      if (isGone && SubscriptionArn?.startsWith('arn:')) await call('sns', 'Unsubscribe', { SubscriptionArn });
    }
  }
  for (const endpoint of now.filter((one) => !isIn(before, one))) {
    await call('sns', 'Subscribe', { TopicArn, ...endpoint });
  }
}

const nameOf = (arn: string) => arn.split(':').at(-1) ?? '';

function resultOf(TopicArn: string): ResourceResult {
  return { physicalId: TopicArn, attributes: { TopicArn, TopicName: nameOf(TopicArn) } };
}
