import { AwsError } from '../../errors.ts';
import { emitLambdaMetric } from '../../metrics/lambda-metrics.ts';
import type { Cloud } from '../../service.ts';
import { type EventOutcome, sendOutcome } from './event-destinations.ts';
import { type FunctionReference, findFunction } from './function-reference.ts';
import { type Invocation, type InvocationOutcome, invokeFunction } from './invocation.ts';
import type { LambdaFunction } from './state.ts';

/** "Error handling for asynchronous invocations", Lambda guide: defaults, and the waits before the retries. */
const defaultRetries = 2;
const longestAgeSeconds = 21_600;
const retryWaitsMs = [60_000, 120_000];
/** The same page: throttled events are tried again after 1 second, then at growing intervals of up to 5 minutes. */
const firstBackoffMs = 1000;
const longestBackoffMs = 300_000;

interface Queue {
  /** Aborted when the cloud closes: events that wait are lost then. */
  readonly closing: AbortController;
  waiting: number;
  /** Events that were throttled, by function, the one that has waited longest first: each call ends one's wait. */
  readonly throttled: Map<string, (() => void)[]>;
}

const queues = new WeakMap<Cloud, Queue>();

function queueOf(cloud: Cloud): Queue {
  const queue = queues.get(cloud) ?? { closing: new AbortController(), waiting: 0, throttled: new Map() };
  queues.set(cloud, queue);
  return queue;
}

/** Takes an event of an asynchronous invocation and returns; what happens to it is seen in logs and destinations. */
export function enqueueEvent(cloud: Cloud, reference: FunctionReference, event: Invocation): void {
  const queue = queueOf(cloud);
  queue.waiting += 1;
  const found = findFunction(cloud, reference);
  if (found) emitLambdaMetric(cloud, found, 'AsyncEventsReceived', 1);
  process(cloud, reference, event, queue.closing.signal)
    .catch((error: Error) => {
      if (!queue.closing.signal.aborted) cloud.log(`lambda: event ${event.requestId} was lost: ${error.message}`);
    })
    .finally(() => {
      queue.waiting -= 1;
    });
}

/** Gives up what waits, and says how much it was. */
export function closeQueue(cloud: Cloud): void {
  const { closing, waiting } = queueOf(cloud);
  if (waiting > 0) cloud.log(`lambda: ${waiting} asynchronous events were not finished when the cloud closed`);
  closing.abort();
}

async function process(
  cloud: Cloud,
  reference: FunctionReference,
  event: Invocation,
  closing: AbortSignal,
): Promise<void> {
  const { clock } = cloud;
  const enqueuedAt = clock.now();
  let attempts = 0;
  let backoffMs = firstBackoffMs;
  let last: InvocationOutcome | undefined;

  for (;;) {
    const found = findFunction(cloud, reference);
    // Nobody is left to process it.
    if (!found) return;
    const settings = found.eventInvokeSettings.get(reference.qualifier ?? '$LATEST');
    const age = clock.now() - enqueuedAt;
    const finish = (condition: EventOutcome['condition']) => {
      if (condition !== 'Success') emitLambdaMetric(cloud, found, 'AsyncEventsDropped', 1);
      return sendOutcome(cloud, {
        found,
        reference,
        event,
        attempts,
        condition,
        last,
        destinations: settings?.destinations,
      });
    };
    if (age > (settings?.maximumEventAge ?? longestAgeSeconds) * 1000) return finish('EventAgeExceeded');
    if (found.reservedConcurrency === 0) return finish('ZeroReservedConcurrency');
    try {
      last = await invokeFunction(cloud, reference, event);
    } catch (error) {
      if (!isTemporary(error)) throw error;
      await turn(cloud, found, backoffMs, closing);
      backoffMs = Math.min(backoffMs * 2, longestBackoffMs);
      continue;
    }
    attempts += 1;
    queueOf(cloud).throttled.get(found.arn)?.shift()?.();
    emitLambdaMetric(cloud, found, 'AsyncEventAge', age);
    if (!last.result.functionError) return finish('Success');
    if (attempts > (settings?.maximumRetryAttempts ?? defaultRetries)) return finish('RetriesExhausted');
    await clock.sleep(retryWaitsMs[attempts - 1] ?? longestBackoffMs, closing);
  }
}

/**
 * Waits until the function has ended an event, or for `ms`: a queue that is not empty keeps a function of little concurrency busy,
 * one event after the other.
 */
async function turn(cloud: Cloud, { arn }: LambdaFunction, ms: number, closing: AbortSignal): Promise<void> {
  const { throttled } = queueOf(cloud);
  const waiting = throttled.get(arn) ?? [];
  throttled.set(arn, waiting);
  const over = new AbortController();
  const end = () => over.abort();
  waiting.push(end);
  await cloud.clock.sleep(ms, AbortSignal.any([closing, over.signal])).catch(() => closing.throwIfAborted());
  const at = waiting.indexOf(end);
  if (at >= 0) waiting.splice(at, 1);
}

function isTemporary(error: unknown): boolean {
  return error instanceof AwsError && error.code === 'TooManyRequestsException';
}
