import type { QueueReadingSettings } from '@stackyard/egress/cdk';
import { Duration } from 'aws-cdk-lib';

/** Of the stack whose function is subscribed to the topic. */
export interface Settings {
  /** Invocations at once, kept for the function and its limit: what keeps the partner from being overloaded. At least 1. */
  readonly reservedConcurrency: number;
  /** How often an event that failed is tried again, after one minute and after two more: 0 to 2. */
  readonly retries: number;
  /** Events that have waited longer go to the dead-letter queue without being tried: one minute to 6 hours. */
  readonly mostAge: Duration;
  /** One call with its retries fits into it. */
  readonly functionTimeout: Duration;
  /** How old events may be when they are tried before an alarm says so; well below `mostAge`. */
  readonly fallsBehindAfter: Duration;
}

/** One event at a time, three attempts; a burst waits in Lambda's queue for as long as Lambda keeps it. */
export const settings: Settings = {
  reservedConcurrency: 1,
  retries: 2,
  mostAge: Duration.hours(6),
  functionTimeout: Duration.seconds(30),
  fallsBehindAfter: Duration.hours(1),
};

/** Of the stack with a queue between topic and function. */
export interface LevelledSettings extends QueueReadingSettings {
  /** How often a message is received before it goes to the dead-letter queue. */
  readonly receives: number;
  /** A batch's calls one after the other, each with its retries, fit into it. */
  readonly functionTimeout: Duration;
  /** How old the oldest message may be before an alarm says so. */
  readonly fallsBehindAfter: Duration;
}

/** Batches of ten in a minute, two at a time, three receives: load comes late rather than at once. */
export const levelledSettings: LevelledSettings = {
  batchSize: 10,
  window: Duration.seconds(60),
  maxConcurrency: 2,
  receives: 3,
  functionTimeout: Duration.seconds(120),
  fallsBehindAfter: Duration.minutes(15),
};
