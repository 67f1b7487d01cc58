import type { QueueReadingSettings } from '@stackyard/egress/cdk';
import type { PolicyInput } from '@stackyard/rate-control';
import { Duration } from 'aws-cdk-lib';

export interface Settings {
  /** What the partner allows; see `PolicyInput` for each member. Changed limits need a new name. */
  readonly policy: PolicyInput;
  /** How long a caller waits who doesn't say. */
  readonly wait: Duration;
  /** How long a caller may ask to wait, at most. With `policy.callTimeoutMs` it fits into what an HTTP API waits for: 26 s together. */
  readonly mostWait: Duration;
  /** Requests a second that the API lets in, and at once: each has an execution environment for as long as it waits. */
  readonly requestsPerSecond: number;
  /** When the permits can't be had because DynamoDB fails: `closed` refuses calls, `open` makes them all, and no limit holds. */
  readonly whenStoreFails: 'closed' | 'open';
  readonly breaker: {
    /** Failed calls of an execution environment, one after the other, after which it leaves the partner alone. */
    readonly failures: number;
    /** For how long. */
    readonly rest: Duration;
  };
  readonly quotes: {
    /** How long a price is answered without asking again. */
    readonly fresh: Duration;
    /** How long the last price is better than the category's default. */
    readonly stale: Duration;
    /** How long a request waits for its turn before it is answered otherwise. */
    readonly wait: Duration;
    /** Prices per year by category, for when there is no better. */
    readonly defaults: Readonly<Record<string, number>>;
  };
  /** The fewer invocations at once, the less often permits change hands. */
  readonly queue: QueueReadingSettings & {
    /** How long a message waits for its turn in the function; one whose turn comes later goes back to the queue until then. */
    readonly wait: Duration;
    /** Calls of a message that fail before it goes to the dead-letter queue, and how long it rests between them. */
    readonly attempts: number;
    readonly rest: Duration;
    /** How old the oldest message may be before an alarm says so. */
    readonly fallsBehindAfter: Duration;
  };
  /** The part of the calls, 0 to 1, that may be refused before an alarm says so. */
  readonly refusedAbove: number;
  /** The part of the calls, 0 to 1, that the partner may fail before an alarm says so. */
  readonly failsAbove: number;
  /** How long callers may wait on average before an alarm says so. */
  readonly waitsAbove: Duration;
}

/** For a partner that takes ten calls in any second and five at once. */
export const settings: Settings = {
  policy: {
    name: 'partner-1',
    // Ten a second, said so that a permit rests until its call is over, up to transitMs: that makes five at once, too.
    windows: [{ count: 5, seconds: 0.5 }],
    callTimeoutMs: 10_000,
    // A cold start of the partner may delay a call by so much.
    transitMs: 2000,
  },
  wait: Duration.seconds(3),
  mostWait: Duration.seconds(15),
  requestsPerSecond: 100,
  whenStoreFails: 'closed',
  breaker: { failures: 3, rest: Duration.seconds(10) },
  quotes: {
    fresh: Duration.minutes(5),
    stale: Duration.days(1),
    wait: Duration.millis(500),
    defaults: { 'fridge-a': 30, 'fridge-e': 45 },
  },
  queue: {
    batchSize: 20,
    window: Duration.seconds(1),
    maxConcurrency: 2,
    wait: Duration.seconds(1),
    attempts: 3,
    rest: Duration.minutes(1),
    fallsBehindAfter: Duration.minutes(15),
  },
  refusedAbove: 0.1,
  failsAbove: 0.05,
  waitsAbove: Duration.seconds(2),
};
