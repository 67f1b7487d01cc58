import type { QueueReadingSettings } from '@stackyard/egress/cdk';
import { Duration } from 'aws-cdk-lib';

export interface Settings extends QueueReadingSettings {
  /** How often a message is received before it goes to the dead-letter queue. */
  readonly receives: number;
  /** A batch's calls one after the other, each with its retries, fit into it. */
  readonly functionTimeout: Duration;
  /** How old the oldest message may be before an alarm says so. */
  readonly fallsBehindAfter: Duration;
}

/** Batches of ten in a minute, two at a time, three receives: load comes late rather than at once. */
export const settings: Settings = {
  batchSize: 10,
  window: Duration.seconds(60),
  maxConcurrency: 2,
  receives: 3,
  functionTimeout: Duration.seconds(120),
  fallsBehindAfter: Duration.minutes(15),
};
