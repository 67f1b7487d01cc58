import { fileURLToPath } from 'node:url';
import { EnforcedStack, type EnforcedStackProps } from '@stackyard/cdk-core';
import {
  ageOf,
  EgressDashboard,
  EgressFunction,
  FailureBucket,
  fallsBehind,
  keepsFailing,
  readStream,
} from '@stackyard/egress/cdk';
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
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
    // "Process Amazon Kinesis Data Streams records with Lambda", AWS Lambda Developer Guide, without fan-out and listing.
    const actions = ['DescribeStream', 'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards'];
    readStream(this, {
      streamArn: stream.streamArn,
      actions: actions.map((action) => `kinesis:${action}`),
      consumer,
      settings,
      failures,
    });
    fallsBehind(this, consumer, settings.fallsBehindAfter);
    keepsFailing(this, consumer);
    new EgressDashboard(this, 'Dashboard', {
      consumer,
      eventsIn: stream.metricIncomingRecords({ statistic: 'Sum' }),
      age: ageOf(consumer, 'IteratorAge'),
      givenUp: failures.givenUp,
    });
    new CfnOutput(this, 'StreamName', { value: stream.streamName });
    new CfnOutput(this, 'FunctionName', { value: consumer.functionName });
    new CfnOutput(this, 'FailureBucketName', { value: failures.bucketName });
  }
}
