import type { Cloud } from '../service.ts';
import { emitMetric } from './metric-store.ts';

/** "DynamoDB metrics and dimensions", DynamoDB Developer Guide, by table name and what else is said there. */
export type DynamodbMetric =
  | 'ConditionalCheckFailedRequests'
  | 'ConsumedReadCapacityUnits'
  | 'ConsumedWriteCapacityUnits'
  | 'ReadThrottleEvents'
  | 'ReturnedItemCount'
  | 'ThrottledRequests'
  | 'TimeToLiveDeletedItemCount'
  | 'WriteThrottleEvents';

export function emitDynamodbMetric(
  cloud: Cloud,
  table: { readonly name: string; readonly account: string; readonly region: string },
  name: DynamodbMetric,
  value: number,
  more: { readonly GlobalSecondaryIndexName?: string; readonly Operation?: string } = {},
): void {
  const metric = { namespace: 'AWS/DynamoDB', name, dimensions: { TableName: table.name, ...more } };
  emitMetric(cloud, table, metric, value, 'Count');
}
