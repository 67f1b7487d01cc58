import type { StreamSettings } from '@stackyard/egress/cdk';
import { Duration } from 'aws-cdk-lib';

/** Batches of ten in a minute, halved when they fail, three retries, a quarter of an hour: load comes late rather than at once. */
export const settings: StreamSettings = {
  batchSize: 10,
  window: Duration.seconds(60),
  retries: 3,
  mostAge: Duration.minutes(15),
  parallelizationFactor: 1,
  fallsBehindAfter: Duration.minutes(5),
  failuresKept: Duration.days(14),
};
