import type {
  CreateTopicCommandInput,
  CreateTopicCommandOutput,
  DeleteTopicCommandInput,
  DeleteTopicCommandOutput,
  ListTopicsCommandInput,
  ListTopicsCommandOutput,
} from '@aws-sdk/client-sns';
import { operation } from '../../service.ts';
import { invalidParameter, unsupported } from './errors.ts';
import { page } from './pages.ts';
import { stateOf, subscriptionsTo, type Topic } from './state.ts';
import { withTags } from './tags.ts';
import { checkTopicAttribute, topicAttributes } from './topic-attributes.ts';
import { defaultPolicy } from './topic-policy.ts';
import { demandOnTopic, locateTopic, onAnything, onTopic } from './topic-reference.ts';

const inAttributes = 'Attributes Reason: ';

export const createTopic = operation<CreateTopicCommandInput, CreateTopicCommandOutput>({
  demands: ({ Name }, call) => demandOnTopic('CreateTopic', topicArn(Name, call), call),
  run(input, call) {
    const { Name: name = '', Attributes = {}, Tags = [] } = input;
    if (input.DataProtectionPolicy) throw unsupported('data protection', 'leave DataProtectionPolicy out');
    const { FifoTopic, Policy, ...attributes } = Attributes as Record<string, string>;
    const isFifo = FifoTopic === 'true';
    // "CreateTopic": letters, digits, underscores and hyphens, 1 to 256 characters, FIFO topics end with .fifo.
    const pattern = isFifo ? /^(?=.{1,256}$)[\w-]+\.fifo$/ : /^[\w-]{1,256}$/;
    if (!pattern.test(name)) throw invalidParameter('Topic Name');
    for (const [key, value] of Object.entries(attributes)) checkTopicAttribute(key, value, isFifo, inAttributes);
    if (Policy) checkTopicAttribute('Policy', Policy, isFifo, inAttributes);
    const tags = withTags(new Map(), Tags);
    const { topics } = stateOf(call.cloud, call);
    const found = topics.get(name);
    if (found) return sameTopic(found, Attributes as Record<string, string>, tags);

    const { account, region } = call;
    const arn = topicArn(name, call);
    topics.set(name, {
      name,
      arn,
      account,
      region,
      isFifo,
      attributes: new Map(Object.entries(attributes)),
      policy: Policy || defaultPolicy(arn, account),
      tags,
      subscriptionsDeleted: 0,
      recent: new Map(),
      taken: 0,
    });
    return { TopicArn: arn };
  },
});

/** "If the requester already owns a topic with the specified name, that topic's ARN is returned without creating a new topic." */
function sameTopic(found: Topic, attributes: Record<string, string>, tags: ReadonlyMap<string, string>) {
  const now = topicAttributes(found, { confirmed: 0, pending: 0 });
  if (Object.entries(attributes).some(([key, value]) => (now[key] ?? 'false') !== value)) {
    throw invalidParameter(`${inAttributes}Topic already exists with different attributes`);
  }
  if ([...tags].some(([key, value]) => found.tags.get(key) !== value)) {
    throw invalidParameter('Tags Reason: Topic already exists with different tags');
  }
  return { TopicArn: found.arn };
}

/** Idempotent. A topic's subscriptions go with it; AWS leaves them for a while as subscriptions to nothing. */
export const deleteTopic = operation<DeleteTopicCommandInput, DeleteTopicCommandOutput>({
  demands: onTopic('DeleteTopic'),
  run({ TopicArn }, call) {
    const location = locateTopic(TopicArn);
    if (location.region !== call.region) throw invalidParameter('TopicArn');
    const { topics, subscriptions } = stateOf(call.cloud, location);
    const topic = topics.get(location.name);
    if (!topic) return {};
    for (const { arn } of subscriptionsTo(call.cloud, topic)) subscriptions.delete(arn);
    topics.delete(topic.name);
    return {};
  },
});

export const listTopics = operation<ListTopicsCommandInput, ListTopicsCommandOutput>({
  demands: onAnything('ListTopics'),
  run({ NextToken }, call) {
    const all = [...stateOf(call.cloud, call).topics.values()];
    const { items, next } = page(all, ({ arn }) => arn, NextToken);
    return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), NextToken: next };
  },
});

function topicArn(name: string | undefined, { account, region }: { account: string; region: string }): string {
  return `arn:aws:sns:${region}:${account}:${name}`;
}
