import { isObject, type Json } from '../../event-patterns/json.ts';
import { invalidParameter, unsupported } from './errors.ts';
import { backoffFunctions, httpDefault, type RetryPolicy, totalDelay } from './retry-policy.ts';
import type { Subscription, Topic } from './state.ts';

/** How an HTTP/S endpoint is called. */
export interface HttpPolicy {
  readonly retries: RetryPolicy;
  readonly contentType: string;
}

const defaultContentType = 'text/plain; charset=UTF-8';

/** The policy of one subscription: its own, else the topic's ("Creating an HTTP/S delivery policy", Developer Guide). */
export function httpPolicyOf(topic: Topic | undefined, subscription: Subscription): HttpPolicy {
  const own = parsed(subscription.attributes.get('DeliveryPolicy'));
  const http = topicPolicy(topic?.attributes.get('DeliveryPolicy'));
  const override = http['disableSubscriptionOverrides'] === true ? {} : own;
  const retries = {
    ...httpDefault,
    ...object(http['defaultHealthyRetryPolicy']),
    ...object(override['healthyRetryPolicy']),
  };
  const request = { ...object(http['defaultRequestPolicy']), ...object(override['requestPolicy']) };
  const contentType = request['headerContentType'];
  return {
    retries: retries as RetryPolicy,
    contentType: typeof contentType === 'string' ? contentType : defaultContentType,
  };
}

/** The topic attribute EffectiveDeliveryPolicy. */
export function effectiveDeliveryPolicy(given: string | undefined): string {
  const http = topicPolicy(given);
  return JSON.stringify({
    http: {
      defaultHealthyRetryPolicy: { ...httpDefault, ...object(http['defaultHealthyRetryPolicy']) },
      disableSubscriptionOverrides: http['disableSubscriptionOverrides'] ?? false,
      defaultRequestPolicy: { headerContentType: defaultContentType, ...object(http['defaultRequestPolicy']) },
    },
  });
}

/** Checks a topic's or a subscription's policy. Throws InvalidParameter; NotImplementedException for a throttle policy. */
export function checkDeliveryPolicy(text: string, of: 'topic' | 'subscription', prefix = ''): void {
  if (text === '') return;
  const refuse = (what: string) => invalidParameter(`${prefix}DeliveryPolicy: ${what}`);
  let policy: Json;
  try {
    policy = JSON.parse(text);
  } catch (error) {
    throw refuse(`failed to parse JSON. ${(error as Error).message}`);
  }
  if (!isObject(policy)) throw refuse('must be a JSON object');
  const http = of === 'topic' ? object(policy['http']) : policy;
  const named = (name: string) =>
    of === 'topic' ? `default${name}` : `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  if (isObject(http[named('ThrottlePolicy')])) {
    throw unsupported(
      `${named('ThrottlePolicy')}`,
      'leave it out, deliveries to loopback addresses are not slowed down',
    );
  }
  checkRetries({ ...httpDefault, ...object(http[named('HealthyRetryPolicy')]) }, refuse);
}

/** "Creating an HTTP/S delivery policy": delays of 1 to 3,600 seconds, at most 100 retries, 3,600 seconds altogether. */
function checkRetries(policy: Record<string, unknown>, refuse: (what: string) => Error): void {
  const number = (name: string, min: number, max: number) => {
    const value = policy[name];
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
      throw refuse(`${name} must be a whole number from ${min} to ${max}`);
    }
    return value;
  };
  const min = number('minDelayTarget', 1, 3600);
  number('maxDelayTarget', min, 3600);
  const all = number('numRetries', 0, 100);
  const phases = ['numNoDelayRetries', 'numMinDelayRetries', 'numMaxDelayRetries'];
  const inPhases = phases.reduce((sum, name) => sum + number(name, 0, 100), 0);
  if (inPhases > all) throw refuse('numRetries must not be less than the retries of its phases');
  if (!backoffFunctions.some((name) => name === policy['backoffFunction'])) {
    throw refuse(`backoffFunction must be one of ${backoffFunctions.join(', ')}`);
  }
  if (totalDelay(policy as unknown as RetryPolicy) > 3600) throw refuse('the retries take longer than 3600 seconds');
}

const parsed = (text: string | undefined): Record<string, Json> => (text ? object(JSON.parse(text)) : {});
const topicPolicy = (text: string | undefined) => object(parsed(text)['http']);
const object = (value: Json | undefined): Record<string, Json> => (isObject(value) ? { ...value } : {});
