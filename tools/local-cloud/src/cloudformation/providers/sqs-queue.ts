import type {
  CreateQueueCommandOutput,
  GetQueueAttributesCommandOutput,
  GetQueueUrlCommandOutput,
  ListQueueTagsCommandOutput,
} from '@aws-sdk/client-sqs';
import { physicalName } from '../physical-name.ts';
import type { Properties, ResourceProvider, ResourceRequest, ResourceResult } from '../provider.ts';
import { ifThere, tagChanges, tagList, tagMap, unlessGone } from './calls.ts';

const gone = ['QueueDoesNotExist'];
/** Properties that are attributes of the same name, with what a queue has when the template says nothing. */
const attributes: Readonly<Record<string, string>> = {
  ContentBasedDeduplication: 'false',
  DeduplicationScope: 'queue',
  DelaySeconds: '0',
  FifoThroughputLimit: 'perQueue',
  KmsDataKeyReusePeriodSeconds: '300',
  KmsMasterKeyId: '',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  RedriveAllowPolicy: '',
  RedrivePolicy: '',
  SqsManagedSseEnabled: 'true',
  VisibilityTimeout: '30',
};

/** "AWS::SQS::Queue", CloudFormation Template Reference: `Ref` is the queue's URL. */
export const sqsQueue: ResourceProvider = {
  type: 'AWS::SQS::Queue',
  properties: [...Object.keys(attributes), 'FifoQueue', 'QueueName', 'Tags'],
  async create(request) {
    const { properties } = request;
    const fifo = properties['FifoQueue'] === true;
    const suffix = fifo ? '.fifo' : '';
    const QueueName = properties['QueueName'] ?? physicalName(request, { longest: 80 - suffix.length }) + suffix;
    const Attributes = { ...attributesOf(properties), ...(fifo && { FifoQueue: 'true' }) };
    const input = { QueueName, Attributes, tags: tagMap(properties['Tags']) };
    const { QueueUrl = '' } = await request.call<CreateQueueCommandOutput>('sqs', 'CreateQueue', input);
    request.created(QueueUrl);
    return resultOf(request, QueueUrl);
  },
  async update(request) {
    const { physicalId: QueueUrl, properties, previous, call } = request;
    const [before, after] = [attributesOf(previous), attributesOf(properties)];
    const dropped = Object.keys(before).filter((name) => after[name] === undefined);
    const changed = Object.entries(after).filter(([name, value]) => before[name] !== value);
    const Attributes = Object.fromEntries([...dropped.map((name) => [name, attributes[name]]), ...changed]);
    // Without a key there is nothing whose reuse could be set.
    if (Attributes.KmsMasterKeyId === '') delete Attributes.KmsDataKeyReusePeriodSeconds;
    if (Object.keys(Attributes).length > 0) await call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes });
    const { set, removed } = tagChanges(previous['Tags'], properties['Tags']);
    if (removed.length > 0) await call('sqs', 'UntagQueue', { QueueUrl, TagKeys: removed });
    if (set.length > 0) await call('sqs', 'TagQueue', { QueueUrl, Tags: tagMap(set) });
    return resultOf(request, QueueUrl);
  },
  async delete({ physicalId: QueueUrl, call }) {
    await unlessGone(gone, () => call('sqs', 'DeleteQueue', { QueueUrl }));
  },
  async read(request) {
    const { call } = request;
    // An import may name the queue by its URL as another run of the cloud gave it: the name in it counts.
    const QueueName = nameOf(request.physicalId);
    const found = await ifThere(gone, () => call<GetQueueUrlCommandOutput>('sqs', 'GetQueueUrl', { QueueName }));
    if (!found?.QueueUrl) return undefined;
    const { QueueUrl } = found;
    const input = { QueueUrl, AttributeNames: ['All'] };
    const { Attributes = {} } = await call<GetQueueAttributesCommandOutput>('sqs', 'GetQueueAttributes', input);
    const { Tags } = await call<ListQueueTagsCommandOutput>('sqs', 'ListQueueTags', { QueueUrl });
    const named: Record<string, string | undefined> = Attributes;
    const properties = Object.fromEntries(Object.keys(attributes).map((name) => [name, propertyOf(named[name])]));
    const FifoQueue = Attributes.FifoQueue === 'true' ? true : undefined;
    return { ...resultOf(request, QueueUrl), properties: { ...properties, QueueName, FifoQueue, Tags: tagList(Tags) } };
  },
};

/** Attributes are text: numbers and booleans as such, policies as JSON. */
function attributesOf(properties: Properties): Record<string, string> {
  const given = Object.keys(attributes).filter((name) => properties[name] !== undefined);
  return Object.fromEntries(
    given.map((name) => {
      const value = properties[name];
      return [name, typeof value === 'object' ? JSON.stringify(value) : String(value)];
    }),
  );
}

function propertyOf(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  return /^(\d+|true|false|\{.*\})$/s.test(text) ? JSON.parse(text) : text;
}

function nameOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

function resultOf({ account, region }: ResourceRequest, QueueUrl: string): ResourceResult {
  const QueueName = nameOf(QueueUrl);
  const Arn = `arn:aws:sqs:${region}:${account}:${QueueName}`;
  return { physicalId: QueueUrl, attributes: { Arn, QueueName, QueueUrl } };
}
