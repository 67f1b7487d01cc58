import { Duration } from 'aws-cdk-lib';

export interface Settings {
  /** Most records in one invocation: 1 to 10,000. The more, the more changes of one item are folded. */
  readonly batchSize: number;
  /** How long records wait for others of their batch: at most 5 minutes. */
  readonly window: Duration;
  /** How often a batch is tried again after it failed; then it goes to the failure bucket. Halving counts as no retry. */
  readonly retries: number;
  /** Records older than this go to the failure bucket without being tried. */
  readonly mostAge: Duration;
  /** Invocations at once for each shard: 1 to 10. With more than one, order holds for each item still. */
  readonly parallelizationFactor: number;
  /** How late records may be before an alarm says so; well below `mostAge`. */
  readonly fallsBehindAfter: Duration;
  /** How long what was given up is kept. */
  readonly failuresKept: Duration;
}

/** Batches of ten in a minute, halved when they fail, three retries, a quarter of an hour: load comes late rather than at once. */
export const settings: Settings = {
  batchSize: 10,
  window: Duration.seconds(60),
  retries: 3,
  mostAge: Duration.minutes(15),
  parallelizationFactor: 1,
  fallsBehindAfter: Duration.minutes(5),
  failuresKept: Duration.days(14),
};
