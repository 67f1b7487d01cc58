import { Duration } from 'aws-cdk-lib';

export interface Settings {
  /** Most messages in one invocation: 1 to 10, and no window; FIFO queues have none. */
  readonly batchSize: number;
  /** How often a message is received before it goes to the dead-letter queue. */
  readonly receives: number;
  /** A batch's calls one after the other, each with its retries, fit into it. */
  readonly functionTimeout: Duration;
  /** How old the oldest message may be before an alarm says so. */
  readonly fallsBehindAfter: Duration;
}

/** Batches of ten as they come, one invocation at a time for each subject, three receives. */
export const settings: Settings = {
  batchSize: 10,
  receives: 3,
  functionTimeout: Duration.seconds(120),
  fallsBehindAfter: Duration.minutes(15),
};
