import { fileURLToPath } from 'node:url';
import { EnforcedStack, type EnforcedStackProps } from '@stackyard/cdk-core';
import { EgressFunction, FailureBucket, fallsBehind, keepsFailing } from '@stackyard/egress/cdk';
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { EventSourceMapping, type IFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { settings } from './settings.ts';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

/** Reads events from a stream, folds each batch by subject, and tells the partner what is left. */
export class KinesisStreamStack extends EnforcedStack {
  constructor(scope: Construct, id: string, props: EnforcedStackProps) {
    super(scope, id, props);
    const stream = new Stream(this, 'Events', {
      streamMode: StreamMode.ON_DEMAND,
      retentionPeriod: Duration.hours(24),
      encryption: StreamEncryption.MANAGED,
    });
    const failures = new FailureBucket(this, 'Failures', settings.failuresKept);
    const consumer = new EgressFunction(this, 'Consumer', {
      description: 'Folds events of the stream by subject and tells the partner',
      code: dist,
      // Each of ten subjects may take the downstream client's ten seconds.
      timeout: Duration.seconds(120),
    });
    this.#read(stream, consumer, failures);
    fallsBehind(this, consumer, settings.fallsBehindAfter);
    keepsFailing(this, consumer);
    new CfnOutput(this, 'StreamName', { value: stream.streamName });
    new CfnOutput(this, 'FunctionName', { value: consumer.functionName });
    new CfnOutput(this, 'FailureBucketName', { value: failures.bucketName });
  }

  #read(stream: Stream, consumer: IFunction, failures: FailureBucket): void {
    // "Process Amazon Kinesis Data Streams records with Lambda", AWS Lambda Developer Guide, without fan-out and listing.
    const actions = ['DescribeStream', 'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards'];
    consumer.addToRolePolicy(
      new PolicyStatement({ actions: actions.map((action) => `kinesis:${action}`), resources: [stream.streamArn] }),
    );
    const mapping = new EventSourceMapping(this, 'Mapping', {
      target: consumer,
      eventSourceArn: stream.streamArn,
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
    mapping.node.addDependency(consumer.role ?? consumer);
  }
}
