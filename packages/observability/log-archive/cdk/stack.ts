import { fileURLToPath } from 'node:url';
import { acknowledge, EnforcedFunction, EnforcedStack, type EnforcedStackProps } from '@stackyard/cdk-core';
import { observabilityCore } from '@stackyard/contracts';
import { resolve } from '@stackyard/contracts/cdk';
import { CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { addAlarms } from './alarms.ts';
import { addTable } from './catalog.ts';
import { settings } from './settings.ts';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

/** Reads the log stream and keeps its records in S3, as objects of a table that Athena can query. */
export class LogArchiveStack extends EnforcedStack {
  constructor(scope: Construct, id: string, props: EnforcedStackProps) {
    super(scope, id, props);
    const { stage } = this.contextVariables;
    const { streamArn } = resolve(this, stage, observabilityCore, 'streamArn');
    const { window, kept, fallsBehindAfter } = settings(this.contextVariables);
    const bucket = this.#bucket(kept);
    const archive = new EnforcedFunction(this, 'Archive', {
      description: 'Writes the records of the log stream into the archive bucket',
      code: dist,
      handler: 'handler.handler',
      memorySize: 512,
      timeout: Duration.seconds(60),
      environment: { ARCHIVE_BUCKET: bucket.bucketName },
    });
    archive.addToRolePolicy(
      new PolicyStatement({ actions: ['s3:PutObject'], resources: [bucket.arnForObjects('records/*')] }),
    );
    // "Process Amazon Kinesis Data Streams records with Lambda", AWS Lambda Developer Guide, without fan-out and listing.
    const read = new PolicyStatement({
      actions: [
        'kinesis:DescribeStream',
        'kinesis:DescribeStreamSummary',
        'kinesis:GetRecords',
        'kinesis:GetShardIterator',
        'kinesis:ListShards',
      ],
      resources: [streamArn],
    });
    archive.addToRolePolicy(read);
    const role = archive.role ?? archive;
    acknowledge(
      role,
      'AwsSolutions-IAM5[Resource::<Records091F6ECA.Arn>/records/*]',
      'The archive names its objects itself, below records/ and nowhere else',
    );
    const mapping = new EventSourceMapping(this, 'LogStream', {
      target: archive,
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      // As many as fit: a batch ends at 6 MB or with its window.
      batchSize: 10_000,
      maxBatchingWindow: window,
    });
    mapping.node.addDependency(role);
    addAlarms(this, archive, fallsBehindAfter);
    const table = addTable(this, `${stage}_log_archive`, bucket);
    new CfnOutput(this, 'TableName', { value: `${table.databaseName}.${table.ref}` });
    new CfnOutput(this, 'BucketName', { value: bucket.bucketName });
    new CfnOutput(this, 'FunctionName', { value: archive.functionName });
  }

  #bucket(kept: Duration): Bucket {
    const isKept = this.contextVariables.usage === 'PRODUCTION';
    const bucket = new Bucket(this, 'Records', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      // CloudFormation deletes no bucket that holds something.
      autoDeleteObjects: !isKept,
      removalPolicy: isKept ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      lifecycleRules: [{ expiration: kept, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    });
    acknowledge(
      bucket,
      'AwsSolutions-S1',
      'Access logs would need a bucket of their own; CloudTrail data events tell more',
    );
    return bucket;
  }
}
