import { Duration } from 'aws-cdk-lib';

export interface Settings {
  /** Whose events the partner is told, by the `Source` under which they are put. */
  readonly source: string;
  /** Calls to the partner at once: environments kept for the consumer, and no more of them. */
  readonly concurrency: number;
  /** How often EventBridge tries again to hand an event to Lambda: 0 to 185. */
  readonly deliveryRetries: number;
  /** How long EventBridge tries that: 1 minute to 24 hours. */
  readonly deliveryAge: Duration;
  /** How often Lambda tries an event again that the consumer failed on, after 1 and 2 minutes: 0 to 2. */
  readonly retries: number;
  /** How long an event may wait for its turn in Lambda's queue: 1 minute to 6 hours. */
  readonly mostAge: Duration;
  /** How late events may be before an alarm says so; well below `mostAge`. */
  readonly fallsBehindAfter: Duration;
  /** How long what was given up is kept: at most 14 days. */
  readonly failuresKept: Duration;
}

/** One call at a time. EventBridge tries three times within an hour, Lambda twice within six: a burst has that long to drain. */
export const settings: Settings = {
  source: 'com.company.myservice',
  concurrency: 1,
  deliveryRetries: 3,
  deliveryAge: Duration.hours(1),
  retries: 2,
  mostAge: Duration.hours(6),
  fallsBehindAfter: Duration.hours(1),
  failuresKept: Duration.days(14),
};
