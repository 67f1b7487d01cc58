import { isLoopback } from '../../loopback.ts';
import type { Cloud } from '../../service.ts';
import { httpPolicyOf } from './delivery-policy.ts';
import { bodyFor, envelopeText } from './envelope.ts';
import type { Message, Subscription } from './state.ts';
import { findTopic } from './topic-reference.ts';

/** A failure that another attempt would not mend. */
export class PermanentFailure extends Error {
  override readonly name = 'PermanentFailure';
}

/** The embedded cloud never leaves the machine: of HTTP endpoints only those on loopback are called, no mail is sent. */
export function reachable({ protocol, endpoint }: Pick<Subscription, 'protocol' | 'endpoint'>): boolean {
  if (protocol === 'email' || protocol === 'email-json') return false;
  if (protocol !== 'http' && protocol !== 'https') return true;
  return isLoopback(new URL(endpoint).hostname);
}

/** "Sending Amazon SNS messages to HTTP/HTTPS endpoints": the endpoint has 15 seconds to answer. */
const timeoutMs = 15_000;

/** Posts a message. Throws {@link PermanentFailure} for answers such as 404 that are not tried again, Error for the rest. */
export async function deliverHttp(cloud: Cloud, subscription: Subscription, message: Message): Promise<void> {
  if (!reachable(subscription)) {
    throw new PermanentFailure(`${subscription.endpoint} is no loopback address: the embedded cloud calls no other`);
  }
  const isRaw = message.type === 'Notification' && subscription.attributes.get('RawMessageDelivery') === 'true';
  const { contentType } = httpPolicyOf(findTopic(cloud, subscription.topicArn), subscription);
  const { username, password, ...url } = credentialsOf(subscription.endpoint);
  const response = await fetch(url.href, {
    method: 'POST',
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
    headers: {
      'content-type': contentType,
      'user-agent': 'Amazon Simple Notification Service Agent',
      'x-amz-sns-message-type': message.type,
      'x-amz-sns-message-id': message.id,
      'x-amz-sns-topic-arn': message.topicArn,
      ...(message.type !== 'SubscriptionConfirmation' && { 'x-amz-sns-subscription-arn': subscription.arn }),
      ...(isRaw && { 'x-amz-sns-rawdelivery': 'true' }),
      ...(username !== '' && { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }),
    },
    body: isRaw ? bodyFor(subscription.protocol, message) : await envelopeText(cloud, subscription, message),
  });
  await response.arrayBuffer();
  if (response.ok) return;
  const text = `${subscription.endpoint} answered ${response.status}`;
  // Client errors are permanent except for 429, "Amazon SNS message delivery retries".
  throw response.status >= 500 || response.status === 429 ? new Error(text) : new PermanentFailure(text);
}

/** User and password of `https://user:password@host` go into a header. */
function credentialsOf(endpoint: string): { href: string; username: string; password: string } {
  const url = new URL(endpoint);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  return { href: url.href, username: decodeURIComponent(username), password: decodeURIComponent(password) };
}
