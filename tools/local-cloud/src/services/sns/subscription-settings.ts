import { AwsError } from '../../errors.ts';
import { InvalidPattern } from '../../event-patterns/json.ts';
import type { Cloud } from '../../service.ts';
import { checkDeliveryPolicy } from './delivery-policy.ts';
import { invalidParameter, unsupported } from './errors.ts';
import { checkFilterPolicy, NestedPolicy, type Scope } from './filter-policy.ts';
import { type Protocol, stateOf, type Topic } from './state.ts';

/** What a subscription's attributes are checked against. */
export interface Subscribed {
  readonly topic: Pick<Topic, 'arn' | 'isFifo' | 'account' | 'region'>;
  readonly protocol: Protocol;
  readonly endpoint: string;
  /** The other attributes as they are or will be. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** Throws what is wrong with a value. `prefix` is how Subscribe begins its refusals. */
type Check = (value: string, subscribed: Subscribed, prefix: string) => void;

const checks: Readonly<Record<string, Check>> = {
  DeliveryPolicy: (value, _, prefix) => checkDeliveryPolicy(value, 'subscription', prefix),
  FilterPolicy: checkFilter,
  FilterPolicyScope: checkScope,
  RawMessageDelivery: checkRaw,
  RedrivePolicy: checkRedrive,
  ReplayPolicy() {
    throw unsupported('message replay', 'leave ReplayPolicy out');
  },
  SubscriptionRoleArn() {
    throw unsupported('delivery to Firehose', 'leave SubscriptionRoleArn out');
  },
};

/** `prefix` is how Subscribe begins its refusals. Throws InvalidParameter, NotImplementedException. */
export function checkSubscriptionAttribute(name: string, value: string, subscribed: Subscribed, prefix = ''): void {
  const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
  if (!check) throw invalidParameter(prefix === '' ? 'AttributeName' : `${prefix}Unknown attribute ${name}`);
  check(value, subscribed, prefix);
}

function checkRaw(value: string, { protocol }: Subscribed, prefix: string): void {
  if (!/^(true|false)$/i.test(value)) {
    throw invalidParameter(`${prefix}RawMessageDelivery: Invalid value [${value}]. Must be true or false.`);
  }
  if (/^true$/i.test(value) && !['sqs', 'http', 'https'].includes(protocol)) {
    throw invalidParameter(`${prefix}Delivery protocol [${protocol}] does not support raw message delivery.`);
  }
}

function checkScope(value: string, _: Subscribed, prefix: string): void {
  if (value === 'MessageBody' || value === 'MessageAttributes') return;
  const wayOut = 'Please use either MessageBody or MessageAttributes';
  throw invalidParameter(`${prefix}FilterPolicyScope: Invalid value [${value}]. ${wayOut}`);
}

function checkFilter(value: string, { attributes }: Subscribed, prefix: string): void {
  if (value === '') return;
  try {
    checkFilterPolicy(value, scopeOf(attributes));
  } catch (error) {
    if (!(error instanceof InvalidPattern)) throw error;
    throw invalidParameter(`${prefix}${error instanceof NestedPolicy ? '' : 'FilterPolicy: '}${error.message}`);
  }
}

export function scopeOf(attributes: ReadonlyMap<string, string>): Scope {
  return attributes.get('FilterPolicyScope') === 'MessageBody' ? 'MessageBody' : 'MessageAttributes';
}

/** "By default, you can have up to 200 filter policies per topic", Filter policy constraints. */
const mostPolicies = 200;

/** Throws FilterPolicyLimitExceeded when the topic would have more filter policies than it may. */
export function checkFilterCount(cloud: Cloud, topic: Topic, subscriptionArn: string | undefined): void {
  const others = [...stateOf(cloud, topic).subscriptions.values()].filter(
    ({ arn, topicArn, attributes }) =>
      topicArn === topic.arn && arn !== subscriptionArn && attributes.has('FilterPolicy'),
  );
  if (others.length < mostPolicies) return;
  throw new AwsError('FilterPolicyLimitExceeded', `The topic ${topic.arn} already has ${mostPolicies} filter policies`);
}

/** "Configuring an Amazon SNS dead-letter queue": a queue of the same account and region, FIFO where the endpoint is. */
function checkRedrive(value: string, { topic, endpoint }: Subscribed, prefix: string): void {
  if (value === '') return;
  const refuse = (what: string) => invalidParameter(`${prefix}RedrivePolicy: ${what}`);
  let arn: unknown;
  try {
    arn = JSON.parse(value)?.deadLetterTargetArn;
  } catch (error) {
    throw refuse(`failed to parse JSON. ${(error as Error).message}`);
  }
  const [, region, name] = /^arn:aws:sqs:([\w-]+):\d{12}:([\w-]{1,80}(?:\.fifo)?)$/.exec(String(arn)) ?? [];
  if (!name) throw refuse('deadLetterTargetArn is an invalid arn');
  if (region !== topic.region) throw refuse('deadLetterTargetArn must be a queue in the region of the topic');
  if (topic.isFifo && endpoint.endsWith('.fifo') && !name.endsWith('.fifo')) {
    throw refuse('must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.');
  }
}

/** Attributes as they are kept: an empty one is none. */
export function keepAttribute(attributes: Map<string, string>, name: string, value: string): void {
  if (value === '') attributes.delete(name);
  else attributes.set(name, name === 'RawMessageDelivery' ? value.toLowerCase() : value);
}
