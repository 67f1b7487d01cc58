import type { Cloud } from '../service.ts';
import { emitMetric } from './metric-store.ts';

/** "Available CloudWatch metrics for Amazon SQS", by queue name. */
export type QueueMetric =
  | 'ApproximateAgeOfOldestMessage'
  | 'ApproximateNumberOfGroupsWithInflightMessages'
  | 'ApproximateNumberOfMessagesDelayed'
  | 'ApproximateNumberOfMessagesNotVisible'
  | 'ApproximateNumberOfMessagesVisible'
  | 'NumberOfDeduplicatedSentMessages'
  | 'NumberOfEmptyReceives'
  | 'NumberOfMessagesDeleted'
  | 'NumberOfMessagesReceived'
  | 'NumberOfMessagesSent'
  | 'SentMessageSize';

export function emitQueueMetric(
  cloud: Cloud,
  queue: { readonly name: string; readonly account: string; readonly region: string },
  name: QueueMetric,
  value: number,
): void {
  const metric = { namespace: 'AWS/SQS', name, dimensions: { QueueName: queue.name } };
  emitMetric(cloud, queue, metric, value, units[name] ?? 'Count');
}

const units: Partial<Record<QueueMetric, string>> = {
  ApproximateAgeOfOldestMessage: 'Seconds',
  SentMessageSize: 'Bytes',
};
