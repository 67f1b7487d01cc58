import type { ContextVariables } from '@stackyard/cdk-core';
import { Duration } from 'aws-cdk-lib';
import { StreamMode } from 'aws-cdk-lib/aws-kinesis';

type Capacity =
  | { readonly streamMode: StreamMode.ON_DEMAND }
  | { readonly streamMode: StreamMode.PROVISIONED; readonly shardCount: number };

export interface Settings {
  readonly streamName: string;
  /** How much the stream takes: on demand, or 1 MiB and 1,000 records per second for each shard. */
  readonly capacity: Capacity;
  /** How long records can be read: 24 hours to 365 days. */
  readonly retention: Duration;
  /** A bucket for what the stream does not take, and how long its objects stay. Without it, such logs are dropped. */
  readonly overflow?: { readonly retention: Duration };
  readonly layerName: string;
  readonly repositoryName: string;
}

/** What an operator may want to change, by stage and usage. Production follows its load; elsewhere two shards cost less. */
export function settings({ stage, context, usage }: ContextVariables): Settings {
  return {
    streamName: `${stage}-${context}-telemetry`,
    capacity:
      usage === 'PRODUCTION'
        ? { streamMode: StreamMode.ON_DEMAND }
        : { streamMode: StreamMode.PROVISIONED, shardCount: 2 },
    retention: Duration.hours(24),
    layerName: `${stage}-${context}-telemetry`,
    repositoryName: `${stage}-${context}/telemetry`,
  };
}
