import { acknowledge, contextVariablesOf } from '@stackyard/cdk-core';
import { type CfnElement, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IEventSourceDlq, IFunction } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** What Lambda names the objects of given up batches: `aws/lambda/{mapping}/{shard}/…`. */
const prefix = 'aws/lambda/*';

/**
 * Where records of a stream go that Lambda gives up. A bucket and no queue: an object holds the records themselves, a message of a
 * queue only where in the stream they were, for as long as they are still there.
 */
export class FailureBucket extends Bucket implements IEventSourceDlq {
  /** How many batches there are, once a day. */
  readonly givenUp: Metric;

  constructor(scope: Construct, id: string, kept: Duration) {
    const isKept = contextVariablesOf(scope).usage === 'PRODUCTION';
    super(scope, id, {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      // CloudFormation deletes no bucket that holds something.
      autoDeleteObjects: !isKept,
      removalPolicy: isKept ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      lifecycleRules: [{ expiration: kept, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    });
    acknowledge(this, 'AwsSolutions-S1', 'Lambda alone writes here; CloudTrail data events tell more than access logs');
    // Storage metrics come once a day and cost nothing.
    this.givenUp = new Metric({
      namespace: 'AWS/S3',
      metricName: 'NumberOfObjects',
      dimensionsMap: { BucketName: this.bucketName, StorageType: 'AllStorageTypes' },
      statistic: 'Maximum',
      period: Duration.days(1),
    });
    new Alarm(scope, 'GivenUp', {
      alarmDescription: 'Lambda gave up records; they wait in the failure bucket to be redriven',
      metric: this.givenUp,
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  /** Lets the function's role write here ("Retain discarded batch records", AWS Lambda Developer Guide). */
  bind(_mapping: unknown, consumer: IFunction): { destination: string } {
    consumer.addToRolePolicy(
      new PolicyStatement({ actions: ['s3:PutObject'], resources: [this.arnForObjects(prefix)] }),
    );
    consumer.addToRolePolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucketArn] }));
    const logicalId = Stack.of(this).getLogicalId(this.node.defaultChild as CfnElement);
    acknowledge(
      consumer.role ?? consumer,
      `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/${prefix}]`,
      'Lambda names the objects of what it gives up itself, below aws/lambda/ and nowhere else',
    );
    return { destination: this.bucketArn };
  }
}
