import type { QueueReadingSettings } from '@stackyard/egress/cdk';
import { Duration } from 'aws-cdk-lib';

export interface Settings {
  /** How often EventBridge tries again to hand an event over: 0 to 185. */
  readonly deliveryRetries: number;
  /** How long EventBridge tries that: 1 minute to 24 hours. */
  readonly deliveryAge: Duration;
  readonly direct: DirectSettings;
  readonly levelled: LevelledSettings;
}

/** A function that EventBridge invokes with each event. */
export interface DirectSettings {
  /** Whose events, by the `Source` under which they are put. */
  readonly source: string;
  /** Calls to the partner at once: environments kept for the consumer, and no more of them. */
  readonly concurrency: number;
  /** How often Lambda tries an event again that the consumer failed on, after 1 and 2 minutes: 0 to 2. */
  readonly retries: number;
  /** How long an event may wait for its turn in Lambda's queue: 1 minute to 6 hours. */
  readonly mostAge: Duration;
  /** How late events may be before an alarm says so; well below `mostAge`. */
  readonly fallsBehindAfter: Duration;
}

/** A queue between rule and function, in which events gather. */
export interface LevelledSettings extends QueueReadingSettings {
  readonly source: string;
  /** How often an event is received before it goes to the dead-letter queue. */
  readonly receives: number;
  /** A batch's calls fit into it one after the other, as long as they take 6 seconds on average. */
  readonly functionTimeout: Duration;
  /** How old the oldest event may be before an alarm says so. */
  readonly fallsBehindAfter: Duration;
}

/** EventBridge tries three times within an hour. A burst of single events has six hours to drain, one of many gathers by the minute. */
export const settings: Settings = {
  deliveryRetries: 3,
  deliveryAge: Duration.hours(1),
  direct: {
    source: 'com.company.myservice',
    concurrency: 1,
    retries: 2,
    mostAge: Duration.hours(6),
    fallsBehindAfter: Duration.hours(1),
  },
  levelled: {
    source: 'com.company.myservice.bulk',
    batchSize: 50,
    window: Duration.seconds(60),
    maxConcurrency: 2,
    receives: 3,
    functionTimeout: Duration.seconds(300),
    fallsBehindAfter: Duration.minutes(30),
  },
};
