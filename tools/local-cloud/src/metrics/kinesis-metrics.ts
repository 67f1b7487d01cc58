import type { Cloud } from '../service.ts';
import { emitMetric } from './metric-store.ts';

/** "Basic stream-level metrics", Kinesis Data Streams Developer Guide, by stream name. */
export type KinesisMetric =
  | 'GetRecords.IteratorAgeMilliseconds'
  | 'IncomingBytes'
  | 'IncomingRecords'
  | 'ReadProvisionedThroughputExceeded'
  | 'WriteProvisionedThroughputExceeded';

const units: Readonly<Record<KinesisMetric, string>> = {
  'GetRecords.IteratorAgeMilliseconds': 'Milliseconds',
  IncomingBytes: 'Bytes',
  IncomingRecords: 'Count',
  ReadProvisionedThroughputExceeded: 'Count',
  WriteProvisionedThroughputExceeded: 'Count',
};

export function emitKinesisMetric(
  cloud: Cloud,
  stream: { readonly name: string; readonly account: string; readonly region: string },
  name: KinesisMetric,
  value: number,
): void {
  const metric = { namespace: 'AWS/Kinesis', name, dimensions: { StreamName: stream.name } };
  emitMetric(cloud, stream, metric, value, units[name]);
}
