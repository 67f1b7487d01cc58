import { defaultPolicy } from '../../services/sns/topic-policy.ts';
import { randomText } from '../physical-name.ts';
import type { ResourceProvider, ResourceRequest } from '../provider.ts';
import { policyText, unlessGone } from './calls.ts';

/** One policy for several topics. Without it they have the policy they began with. */
export const snsTopicPolicy: ResourceProvider = {
  type: 'AWS::SNS::TopicPolicy',
  properties: ['PolicyDocument', 'Topics'],
  async create(request) {
    const id = `${request.stack.name}-${request.logicalId}-${randomText(12)}`;
    request.created(id);
    await putAll(request, request.properties['Topics']);
    return { physicalId: id, attributes: { Id: id } };
  },
  async update(request) {
    const { physicalId, properties, previous } = request;
    const topics: string[] = properties['Topics'];
    await putAll(request, topics);
    await resetAll(
      request,
      (previous['Topics'] as string[]).filter((arn) => !topics.includes(arn)),
    );
    return { physicalId, attributes: { Id: physicalId } };
  },
  delete: (request) => resetAll(request, request.properties['Topics']),
};

/** `Ref` is the topic's ARN ("AWS::SNS::TopicInlinePolicy", CloudFormation Template Reference). */
export const snsTopicInlinePolicy: ResourceProvider = {
  type: 'AWS::SNS::TopicInlinePolicy',
  properties: ['PolicyDocument', 'TopicArn'],
  create: putOne,
  update: putOne,
  delete: (request) => resetAll(request, [request.properties['TopicArn']]),
};

async function putOne(request: ResourceRequest) {
  const { TopicArn } = request.properties;
  await putAll(request, [TopicArn]);
  return { physicalId: TopicArn };
}

async function putAll({ call, properties }: ResourceRequest, topics: readonly string[]): Promise<void> {
  const AttributeValue = policyText(properties['PolicyDocument']);
  for (const TopicArn of topics) {
    await call('sns', 'SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue });
  }
}

async function resetAll({ call }: ResourceRequest, topics: readonly string[]): Promise<void> {
  for (const TopicArn of topics) {
    const AttributeValue = defaultPolicy(TopicArn, TopicArn.split(':')[4] ?? '');
    await unlessGone(['NotFound'], () =>
      call('sns', 'SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue }),
    );
  }
}
