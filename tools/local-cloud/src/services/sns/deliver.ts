import { randomUUID } from 'node:crypto';
import { emitSnsMetric } from '../../metrics/sns-metrics.ts';
import type { Cloud } from '../../service.ts';
import { deadLetter, deliverLambda, deliverSqs } from './deliver-aws.ts';
import { deliverHttp, PermanentFailure } from './deliver-http.ts';
import { httpPolicyOf } from './delivery-policy.ts';
import { bodyFor } from './envelope.ts';
import { filter } from './filter-policy.ts';
import { delayBefore, managedEndpoints, type RetryPolicy } from './retry-policy.ts';
import {
  type Delivery,
  type Message,
  placesOf,
  type Subscription,
  stateOf,
  subscriptionsTo,
  type Topic,
} from './state.ts';
import { scopeOf } from './subscription-settings.ts';
import { findSubscription, findTopic, locateTopic } from './topic-reference.ts';

/** The deliveries of a cloud that are under way. */
interface Running {
  readonly closing: AbortController;
  /** FIFO: the last delivery of each subscription and group; the next one waits for it. */
  readonly last: Map<string, Promise<void>>;
}

const running = new WeakMap<Cloud, Running>();

function runningOf(cloud: Cloud): Running {
  const found = running.get(cloud) ?? { closing: new AbortController(), last: new Map() };
  running.set(cloud, found);
  return found;
}

/** Begins to deliver a message to every subscription whose filter lets it through; the publisher does not wait. */
export function fanOut(cloud: Cloud, topic: Topic, message: Message): void {
  for (const subscription of subscriptionsTo(cloud, topic)) {
    if (subscription.pending) continue;
    const { protocol, attributes } = subscription;
    const scope = scopeOf(attributes);
    const result = filter(attributes.get('FilterPolicy'), scope, {
      body: bodyFor(protocol, message),
      attributes: message.attributes,
    });
    if (result === 'accepted') startDelivery(cloud, subscription, message);
    else {
      emitSnsMetric(cloud, topic, 'NumberOfNotificationsFilteredOut', 1);
      emitSnsMetric(cloud, topic, `NumberOfNotificationsFilteredOut-${result}`, 1);
    }
  }
}

export function startDelivery(cloud: Cloud, subscription: Subscription, message: Message): void {
  const delivery: Delivery = { id: randomUUID(), subscription, message, failures: 0, due: cloud.clock.now() };
  stateOf(cloud, locateTopic(message.topicArn)).deliveries.set(delivery.id, delivery);
  enqueue(cloud, delivery);
}

/** Takes up what `--data` has kept. */
export function resumeDeliveries(cloud: Cloud): void {
  for (const place of placesOf(cloud)) {
    for (const delivery of stateOf(cloud, place).deliveries.values()) enqueue(cloud, delivery);
  }
}

export function stopDeliveries(cloud: Cloud): void {
  runningOf(cloud).closing.abort(new Error('the cloud is closing'));
  const waiting = placesOf(cloud).reduce((sum, place) => sum + stateOf(cloud, place).deliveries.size, 0);
  if (waiting > 0) cloud.log(`sns: ${waiting} deliveries were not finished when the cloud closed`);
}

function enqueue(cloud: Cloud, delivery: Delivery): void {
  const { message, subscription } = delivery;
  const { last, closing } = runningOf(cloud);
  if (message.sequenceNumber === undefined) {
    void deliver(cloud, delivery, closing.signal);
    return;
  }
  const key = JSON.stringify([subscription.arn, message.groupId]);
  const done = (last.get(key) ?? Promise.resolve()).then(() => deliver(cloud, delivery, closing.signal));
  last.set(key, done);
  void done.then(() => {
    if (last.get(key) === done) last.delete(key);
  });
}

/** Tries until the message is delivered, given up, or nobody is subscribed any more. Never rejects. */
async function deliver(cloud: Cloud, delivery: Delivery, closing: AbortSignal): Promise<void> {
  const { subscription, message } = delivery;
  const { deliveries } = stateOf(cloud, locateTopic(message.topicArn));
  while (!closing.aborted) {
    const wait = delivery.due - cloud.clock.now();
    if (wait > 0) {
      await cloud.clock.sleep(wait, closing).catch(() => undefined);
      continue;
    }
    if (message.type === 'Notification' && !findSubscription(cloud, subscription.arn)) {
      deliveries.delete(delivery.id);
      return;
    }
    const topic = findTopic(cloud, message.topicArn);
    try {
      await attempt(cloud, subscription, message);
      deliveries.delete(delivery.id);
      if (topic) emitSnsMetric(cloud, topic, 'NumberOfNotificationsDelivered', 1);
      return;
    } catch (error) {
      delivery.failures += 1;
      const isPermanent = error instanceof PermanentFailure;
      const delay = isPermanent ? undefined : delayBefore(delivery.failures, retriesOf(topic, subscription));
      if (delay === undefined) {
        deliveries.delete(delivery.id);
        return giveUp(cloud, topic, delivery, error as Error);
      }
      delivery.due = cloud.clock.now() + delay;
    }
  }
}

async function attempt(cloud: Cloud, subscription: Subscription, message: Message): Promise<void> {
  switch (subscription.protocol) {
    case 'lambda':
      return deliverLambda(cloud, subscription, message);
    case 'sqs':
      return deliverSqs(cloud, subscription, message);
    default:
      return deliverHttp(cloud, subscription, message);
  }
}

function retriesOf(topic: Topic | undefined, subscription: Subscription): RetryPolicy {
  const isManaged = subscription.protocol === 'lambda' || subscription.protocol === 'sqs';
  return isManaged ? managedEndpoints : httpPolicyOf(topic, subscription).retries;
}

async function giveUp(cloud: Cloud, topic: Topic | undefined, delivery: Delivery, error: Error): Promise<void> {
  const { subscription, message } = delivery;
  const measure = (name: Parameters<typeof emitSnsMetric>[2]) => topic && emitSnsMetric(cloud, topic, name, 1);
  measure('NumberOfNotificationsFailed');
  const redrive = subscription.attributes.get('RedrivePolicy');
  if (!redrive) {
    cloud.log(`sns: ${subscription.arn} did not get message ${message.id}: ${error.message}`);
    return;
  }
  const queueArn: string = JSON.parse(redrive).deadLetterTargetArn;
  try {
    await deadLetter(cloud, subscription, message, queueArn);
    measure('NumberOfNotificationsRedrivenToDlq');
  } catch (failure) {
    measure('NumberOfNotificationsFailedToRedriveToDlq');
    cloud.log(
      `sns: message ${message.id} for ${subscription.arn} could not be put into ${queueArn}: ${(failure as Error).message}`,
    );
  }
}
