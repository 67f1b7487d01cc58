import type { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, type IFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { FailureBucket } from './failure-bucket.ts';

/** How a function reads a stream, Kinesis's or a table's. */
export interface StreamSettings {
  /** Most records in one invocation: 1 to 10,000. The more, the more of one subject are folded. */
  readonly batchSize: number;
  /** How long records wait for others of their batch: at most 5 minutes. */
  readonly window: Duration;
  /** How often a batch is tried again after it failed; then it goes to the failure bucket. Halving counts as no retry. */
  readonly retries: number;
  /** Records older than this go to the failure bucket without being tried. */
  readonly mostAge: Duration;
  /** Invocations at once for each shard: 1 to 10. With more than one, order holds for each subject still. */
  readonly parallelizationFactor: number;
  /** How late records may be before an alarm says so; well below `mostAge`. */
  readonly fallsBehindAfter: Duration;
  /** How long what was given up is kept. */
  readonly failuresKept: Duration;
}

export interface StreamReading {
  readonly streamArn: string;
  /** What its consumer is allowed: `kinesis:GetRecords`. */
  readonly actions: readonly string[];
  readonly consumer: IFunction;
  readonly settings: StreamSettings;
  readonly failures: FailureBucket;
}

/** Lets a function read a stream from now on, halve a batch that fails, and leave what is given up in the bucket. */
export function readStream(
  scope: Construct,
  { streamArn, actions, consumer, settings, failures }: StreamReading,
): void {
  consumer.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [streamArn] }));
  const mapping = new EventSourceMapping(scope, 'Mapping', {
    target: consumer,
    eventSourceArn: streamArn,
    startingPosition: StartingPosition.LATEST,
    batchSize: settings.batchSize,
    maxBatchingWindow: settings.window,
    bisectBatchOnError: true,
    retryAttempts: settings.retries,
    maxRecordAge: settings.mostAge,
    parallelizationFactor: settings.parallelizationFactor,
    reportBatchItemFailures: true,
    onFailure: failures,
    supportS3OnFailureDestination: true,
  });
  // Lambda looks at the role's rights when the mapping is made.
  mapping.node.addDependency(consumer.role ?? consumer);
}
