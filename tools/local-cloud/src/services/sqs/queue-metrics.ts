import { emitQueueMetric } from '../../metrics/sqs-metrics.ts';
import type { Cloud } from '../../service.ts';
import { expire } from './queue-messages.ts';
import { type Queue, sqsState } from './state.ts';

/** "CloudWatch metrics for your queues are collected and pushed to CloudWatch at one-minute intervals". */
const everyMs = 60_000;
/** "A queue is considered active for up to six hours if it contains any messages or if any API action accesses it". */
const activeMs = 6 * 3_600_000;

const measurements = new WeakMap<Cloud, () => void>();

/** Begins to measure the queues of a cloud every minute; a second call does nothing. */
export function startMeasuring(cloud: Cloud): void {
  if (measurements.has(cloud)) return;
  const again = () => {
    measurements.set(cloud, cloud.clock.after(everyMs, again));
    const now = cloud.clock.now();
    for (const scope of cloud.scopes('sqs')) {
      for (const queue of sqsState(cloud, scope).queues.values()) {
        if (queue.messages.size > 0) queue.usedAt = now;
        if (queue.usedAt + activeMs > now) measure(cloud, queue, now);
      }
    }
  };
  measurements.set(cloud, cloud.clock.after(everyMs, again));
}

export function stopMeasuring(cloud: Cloud): void {
  measurements.get(cloud)?.();
  measurements.delete(cloud);
}

function measure(cloud: Cloud, queue: Queue, now: number): void {
  const { visible, inFlight, delayed, oldest } = messageCounts(queue, now);
  emitQueueMetric(cloud, queue, 'ApproximateNumberOfMessagesVisible', visible);
  emitQueueMetric(cloud, queue, 'ApproximateNumberOfMessagesNotVisible', inFlight);
  emitQueueMetric(cloud, queue, 'ApproximateNumberOfMessagesDelayed', delayed);
  emitQueueMetric(cloud, queue, 'ApproximateAgeOfOldestMessage', Math.floor((now - oldest) / 1000));
  if (!queue.fifo) return;
  const groups = [...queue.groups.values()].filter((group) => group.inFlight > 0).length;
  emitQueueMetric(cloud, queue, 'ApproximateNumberOfGroupsWithInflightMessages', groups);
}

/** How many messages there are now; `oldest` is when the first of them was sent, `now` when there is none. */
export function messageCounts(queue: Queue, now: number) {
  expire(queue, now);
  let delayed = 0;
  let oldest = now;
  for (const { state, sentAt } of queue.messages.values()) {
    if (state === 'delayed') delayed += 1;
    oldest = Math.min(oldest, sentAt);
  }
  return { visible: queue.messages.size - delayed - queue.inFlight, inFlight: queue.inFlight, delayed, oldest };
}
