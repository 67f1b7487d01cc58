import type { Target } from '@aws-sdk/client-eventbridge';
import { serviceCaller } from '../../iam/service-caller.ts';
import { emitEventsMetric } from '../../metrics/events-metrics.ts';
import type { Caller, Cloud } from '../../service.ts';
import { type DeliveryFailure, failureOf, RoleNotAssumed } from './delivery-failure.ts';
import type { BusEvent } from './event.ts';
import type { Rule } from './state.ts';
import { targetInput } from './target-input.ts';
import { queueUrl, targetKindOf } from './target-kinds.ts';

/** RetryPolicy (API Reference): what holds when a target says nothing. */
const defaultAttempts = 185;
const defaultAgeSeconds = 86_400;
/** "Exponential back off and jitter" is all AWS says; with these the 185 attempts take about the 24 hours they are for. */
const firstDelayMs = 1_000;
const longestDelayMs = 600_000;

const closings = new WeakMap<Cloud, AbortController>();

/** Aborted when the cloud closes: deliveries that wait are lost then. */
function closingOf(cloud: Cloud): AbortController {
  const controller = closings.get(cloud) ?? new AbortController();
  closings.set(cloud, controller);
  return controller;
}

/** Nothing is delivered any more. */
export function stopDeliveries(cloud: Cloud): void {
  closingOf(cloud).abort();
}

/**
 * Sends an event to a target, again while it throttles or fails, until the retry policy is spent; then to the target's
 * dead-letter queue. Never rejects.
 */
export async function deliver(cloud: Cloud, rule: Rule, target: Target, event: BusEvent): Promise<void> {
  const { signal } = closingOf(cloud);
  const { MaximumRetryAttempts = defaultAttempts, MaximumEventAgeInSeconds = defaultAgeSeconds } =
    target.RetryPolicy ?? {};
  const deadline = event.ingested + MaximumEventAgeInSeconds * 1000;
  emitEventsMetric(cloud, rule, 'Invocations');
  let longest = firstDelayMs;
  for (let retries = 0; !signal.aborted; retries += 1) {
    if (retries > 0) emitEventsMetric(cloud, rule, 'RetryInvocationAttempts');
    const failure = await attempt(cloud, rule, target, event);
    if (!failure) return emitEventsMetric(cloud, rule, 'SuccessfulInvocationAttempts');
    const giveUp = (condition?: string) => fail({ cloud, rule, target, event, failure, retries, condition });
    if (!failure.isRetryable) return giveUp();
    if (retries >= MaximumRetryAttempts) return giveUp('MaximumRetryAttempts');
    const delay = Math.max(longest * (0.5 + Math.random() / 2), failure.retryAfterMs ?? 0);
    const left = deadline - cloud.clock.now();
    await cloud.clock.sleep(Math.max(0, Math.min(delay, left)), signal).catch(() => undefined);
    if (delay >= left) return giveUp('MaximumEventAgeInSeconds');
    longest = Math.min(longest * 2, longestDelayMs);
  }
}

async function attempt(
  cloud: Cloud,
  rule: Rule,
  target: Target,
  event: BusEvent,
): Promise<DeliveryFailure | undefined> {
  try {
    const input = targetInput(target, rule, event);
    await targetKindOf(target.Arn ?? '').send(
      { cloud, rule, target, event, input },
      await callerFor(cloud, rule, target),
    );
    return undefined;
  } catch (error) {
    return failureOf(error);
  }
}

/** The target's role, taken for the rule; without one EventBridge itself, as resource policies know it. */
async function callerFor(cloud: Cloud, rule: Rule, { RoleArn }: Target): Promise<Caller> {
  if (!RoleArn) return serviceCaller('events.amazonaws.com', rule.account, rule.arn);
  const context = { 'aws:SourceArn': rule.arn, 'aws:SourceAccount': rule.account };
  try {
    return (await cloud.assumeRole(RoleArn, 'events', 'events.amazonaws.com', context)).caller;
  } catch (error) {
    throw new RoleNotAssumed((error as Error).message);
  }
}

interface Failed {
  readonly cloud: Cloud;
  readonly rule: Rule;
  readonly target: Target;
  readonly event: BusEvent;
  readonly failure: DeliveryFailure;
  readonly retries: number;
  readonly condition: string | undefined;
}

async function fail(failed: Failed): Promise<void> {
  const { cloud, rule, target, event, failure } = failed;
  // The cloud closed: nobody gave up.
  if (closingOf(cloud).signal.aborted) return;
  emitEventsMetric(cloud, rule, 'FailedInvocations');
  const queue = target.DeadLetterConfig?.Arn;
  if (queue === undefined) {
    cloud.log(
      `events: ${rule.name} could not deliver event ${event.id} to ${target.Arn}: ${failure.code} ${failure.message}`,
    );
    return;
  }
  try {
    const caller = serviceCaller('events.amazonaws.com', rule.account, rule.arn);
    const message = {
      QueueUrl: queueUrl(queue, cloud),
      MessageBody: event.text,
      MessageAttributes: attributesOf(failed),
    };
    await cloud.call('sqs', 'SendMessage', message, { caller, region: queue.split(':')[3] ?? rule.region });
    emitEventsMetric(cloud, rule, 'InvocationsSentToDlq');
  } catch (error) {
    emitEventsMetric(cloud, rule, 'InvocationsFailedToBeSentToDlq');
    cloud.log(`events: ${rule.name} could not send event ${event.id} to ${queue}: ${(error as Error).message}`);
  }
}

/** "Each message in your DLQ will include the following custom attributes" (the same page). */
function attributesOf({ rule, target, failure, retries, condition }: Failed) {
  const attributes = {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.Arn ?? '',
    ERROR_CODE: failure.code,
    ERROR_MESSAGE: failure.message || failure.code,
    ...(condition && { EXHAUSTED_RETRY_CONDITION: condition }),
    RETRY_ATTEMPTS: String(retries),
  };
  return Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
}
