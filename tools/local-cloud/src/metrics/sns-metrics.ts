import type { Cloud } from '../service.ts';
import { emitMetric } from './metric-store.ts';

type FilteredOut =
  | 'NoMessageAttributes'
  | 'InvalidAttributes'
  | 'MessageAttributes'
  | 'InvalidMessageBody'
  | 'MessageBody';

/** "Amazon SNS metrics", Developer Guide, by topic name. */
export type SnsMetric =
  | 'NumberOfMessagesPublished'
  | 'NumberOfNotificationsDelivered'
  | 'NumberOfNotificationsFailed'
  | 'NumberOfNotificationsFilteredOut'
  | `NumberOfNotificationsFilteredOut-${FilteredOut}`
  | 'NumberOfNotificationsRedrivenToDlq'
  | 'NumberOfNotificationsFailedToRedriveToDlq'
  | 'PublishSize';

export function emitSnsMetric(
  cloud: Cloud,
  topic: { readonly name: string; readonly account: string; readonly region: string },
  name: SnsMetric,
  value: number,
): void {
  const metric = { namespace: 'AWS/SNS', name, dimensions: { TopicName: topic.name } };
  emitMetric(cloud, topic, metric, value, name === 'PublishSize' ? 'Bytes' : 'Count');
}
