import { fileURLToPath } from 'node:url';
import { acknowledge, EnforcedStack, type EnforcedStackProps } from '@stackyard/cdk-core';
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
import { AttributeType, BillingMode, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { settings } from './settings.ts';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

/** Reads the changes of a table's items, folds each batch by item, and tells the partner what is left. */
export class DynamodbStreamStack extends EnforcedStack {
  constructor(scope: Construct, id: string, props: EnforcedStackProps) {
    super(scope, id, props);
    const table = new Table(this, 'Items', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
    });
    acknowledge(
      table,
      'AwsSolutions-DDB3',
      'Whether items are backed up is for those to say who keep something in the table',
    );
    const failures = new FailureBucket(this, 'Failures', settings.failuresKept);
    const consumer = new EgressFunction(this, 'Consumer', {
      description: 'Folds changes of the table by item and tells the partner',
      code: dist,
      // Each of ten items may take the downstream client's ten seconds.
      timeout: Duration.seconds(120),
    });
    // "Using AWS Lambda with Amazon DynamoDB", AWS Lambda Developer Guide, without listing the streams of all tables.
    const actions = ['DescribeStream', 'GetRecords', 'GetShardIterator'].map((action) => `dynamodb:${action}`);
    readStream(this, { streamArn: table.tableStreamArn ?? '', actions, consumer, settings, failures });
    fallsBehind(this, consumer, settings.fallsBehindAfter);
    keepsFailing(this, consumer);
    new EgressDashboard(this, 'Dashboard', {
      consumer,
      eventsIn: table.metricConsumedWriteCapacityUnits(),
      age: ageOf(consumer, 'IteratorAge'),
      givenUp: failures.givenUp,
    });
    new CfnOutput(this, 'TableName', { value: table.tableName });
    new CfnOutput(this, 'FunctionName', { value: consumer.functionName });
    new CfnOutput(this, 'FailureBucketName', { value: failures.bucketName });
  }
}
