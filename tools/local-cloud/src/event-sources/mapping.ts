import type { EventSourcePosition } from '@aws-sdk/client-lambda';
import type { Cloud } from '../service.ts';
import type { FunctionReference } from '../services/lambda/function-reference.ts';

export type MappingState = 'Creating' | 'Enabling' | 'Enabled' | 'Disabling' | 'Disabled' | 'Updating' | 'Deleting';

/** Settings of a mapping, defaults filled in; -1 is without end. */
export interface MappingSettings {
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly parallelizationFactor: number;
  readonly bisect: boolean;
  readonly maximumRetryAttempts: number;
  readonly maximumRecordAgeSeconds: number;
  readonly tumblingWindowSeconds: number;
  readonly reportBatchItemFailures: boolean;
  /** Event patterns; a record passes when one of them matches. */
  readonly filters: readonly string[];
  /** ARN of the on-failure destination. */
  readonly onFailure: string | undefined;
  /** Of queues: how many invocations at once; none is as many as Lambda scales to. */
  readonly maximumConcurrency: number | undefined;
}

/** How far one shard is read. */
export interface Checkpoint {
  /** Where reading began: a shard that came later than the mapping is read from its start. */
  readonly start: EventSourcePosition;
  /** The last record up to which all are done. */
  readonly after?: string;
  /** When reading began, in milliseconds since the epoch. */
  readonly began?: number;
  /** Everything in the shard is done and nothing more will come. */
  readonly ended?: boolean;
}

export interface EventSourceMapping {
  readonly uuid: string;
  readonly account: string;
  readonly region: string;
  readonly eventSourceArn: string;
  /** Of streams. */
  readonly startingPosition: EventSourcePosition | undefined;
  /** Of AT_TIMESTAMP. Milliseconds since the epoch. */
  readonly startingTimestamp: number | undefined;
  target: FunctionReference;
  settings: MappingSettings;
  enabled: boolean;
  state: MappingState;
  lastModified: number;
  lastProcessingResult: string;
  readonly checkpoints: Map<string, Checkpoint>;
  readonly tags: Map<string, string>;
}

/** The source is an SQS queue, not a stream. */
export function isQueueArn(arn: string): boolean {
  return arn.split(':')[2] === 'sqs';
}

const store = 'lambda-event-source-mappings';

export function mappingsOf(cloud: Cloud, account: string, region: string): Map<string, EventSourceMapping> {
  return cloud.store(store, account, region, () => ({ mappings: new Map<string, EventSourceMapping>() })).mappings;
}

export function allMappings(cloud: Cloud): EventSourceMapping[] {
  return cloud.scopes(store).flatMap(({ account, region }) => [...mappingsOf(cloud, account, region).values()]);
}
