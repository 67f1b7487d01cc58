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
  /** The part of the calls, 0 to 1, that may be refused before an alarm says so. */
  readonly refusedAbove: number;
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
  refusedAbove: 0.1,
  waitsAbove: Duration.seconds(2),
};
