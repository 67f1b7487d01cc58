import { AwsError } from '../../errors.ts';
import { serviceCaller } from '../../iam/service-caller.ts';
import type { Cloud } from '../../service.ts';
import { PermanentFailure } from './deliver-http.ts';
import { bodyFor, envelopeText, lambdaEvent } from './envelope.ts';
import type { Message, Subscription } from './state.ts';
import { locateTopic } from './topic-reference.ts';

/** Invokes a function asynchronously; its policy must let `sns.amazonaws.com` do so for the topic. */
export async function deliverLambda(cloud: Cloud, subscription: Subscription, message: Message): Promise<void> {
  const event = await lambdaEvent(cloud, subscription, message);
  const Payload = new Uint8Array(Buffer.from(JSON.stringify(event)));
  const input = { FunctionName: subscription.endpoint, InvocationType: 'Event', Payload };
  await callAsSns(cloud, subscription, { service: 'lambda', operation: 'Invoke', input, arn: subscription.endpoint });
}

export async function deliverSqs(cloud: Cloud, subscription: Subscription, message: Message): Promise<void> {
  await sendToQueue(cloud, subscription, message, subscription.endpoint);
}

/** Puts a message that was given up into the subscription's dead-letter queue, as the endpoint would have got it. */
export async function deadLetter(
  cloud: Cloud,
  subscription: Subscription,
  message: Message,
  queueArn: string,
): Promise<void> {
  await sendToQueue(cloud, subscription, message, queueArn);
}

async function sendToQueue(cloud: Cloud, subscription: Subscription, message: Message, arn: string): Promise<void> {
  const isRaw = message.type === 'Notification' && subscription.attributes.get('RawMessageDelivery') === 'true';
  const [, , , , account, name = ''] = arn.split(':');
  const isFifoTopic = message.sequenceNumber !== undefined;
  const isFifoQueue = name.endsWith('.fifo');
  const input = {
    QueueUrl: `${cloud.endpoint}/${account}/${name}`,
    MessageBody: isRaw ? bodyFor(subscription.protocol, message) : await envelopeText(cloud, subscription, message),
    ...(isRaw && { MessageAttributes: message.attributes }),
    // Standard topics pass groups on for fair queues; a FIFO topic's group means nothing to a standard queue.
    ...(message.groupId !== undefined && isFifoTopic === isFifoQueue && { MessageGroupId: message.groupId }),
    ...(isFifoQueue && { MessageDeduplicationId: message.deduplicationId }),
  };
  await callAsSns(cloud, subscription, { service: 'sqs', operation: 'SendMessage', input, arn });
}

interface ServiceCall {
  readonly service: string;
  readonly operation: string;
  readonly input: Record<string, unknown>;
  /** Of what is called. */
  readonly arn: string;
}

/** Throws {@link PermanentFailure} for client errors: "Amazon SNS does not retry the message delivery" after them. */
async function callAsSns(cloud: Cloud, { topicArn }: Subscription, { service, operation, input, arn }: ServiceCall) {
  const caller = serviceCaller('sns.amazonaws.com', locateTopic(topicArn).account, topicArn);
  const region = arn.split(':')[3] ?? '';
  try {
    await cloud.call(service, operation, input, { caller, region });
  } catch (error) {
    if (isTemporary(error)) throw error;
    throw new PermanentFailure((error as Error).message);
  }
}

function isTemporary(error: unknown): boolean {
  if (!(error instanceof AwsError)) return true;
  if ((error.status ?? 400) >= 500) return error.status !== 501;
  return /Throttl|TooManyRequests|RequestLimit|ServiceUnavailable|InternalError|InternalFailure/.test(error.code);
}
