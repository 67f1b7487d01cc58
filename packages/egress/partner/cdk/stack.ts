import { fileURLToPath } from 'node:url';
import { acknowledge, EnforcedFunction, EnforcedStack, type EnforcedStackProps } from '@stackyard/cdk-core';
import { egressPartner } from '@stackyard/contracts';
import { publish } from '@stackyard/contracts/cdk';
import { CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

/** How many calls the partner takes at once; it answers more with 429. */
const concurrency = 5;

/** How many calls of `/limited` it takes in any sliding window of a second; it answers more with 429, too. */
const callsPerSecond = 10;

/** Where calls are recorded: those it took, those that came again, those beyond the limit. */
const folders = ['calls', 'repeats', 'refused'];

/** Stands in for the third party that the egress patterns call, and remembers every call. */
export class PartnerStack extends EnforcedStack {
  constructor(scope: Construct, id: string, props: EnforcedStackProps) {
    super(scope, id, props);
    const bucket = new Bucket(this, 'Calls', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      // Nothing but a record of tests: it goes with the stack.
      autoDeleteObjects: true,
      removalPolicy: RemovalPolicy.DESTROY,
      lifecycleRules: [{ expiration: Duration.days(1), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    });
    acknowledge(bucket, 'AwsSolutions-S1', 'The bucket is itself a record of who called; it lives for tests');
    const limit = new Table(this, 'Limit', {
      partitionKey: { name: 'name', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
    });
    acknowledge(limit, 'AwsSolutions-DDB3', 'It holds the calls of the last second');
    const partner = new EnforcedFunction(this, 'Partner', {
      description: 'Takes events, each idempotency key once, and records every call',
      code: dist,
      handler: 'handler.handler',
      memorySize: 256,
      timeout: Duration.seconds(10),
      environment: {
        CALLS_BUCKET: bucket.bucketName,
        LIMIT_TABLE: limit.tableName,
        CALLS_PER_SECOND: String(callsPerSecond),
      },
      reservedConcurrentExecutions: concurrency,
    });
    partner.addToRolePolicy(
      new PolicyStatement({
        actions: ['s3:PutObject'],
        resources: folders.map((folder) => bucket.arnForObjects(`${folder}/*`)),
      }),
    );
    partner.addToRolePolicy(new PolicyStatement({ actions: ['dynamodb:UpdateItem'], resources: [limit.tableArn] }));
    for (const folder of folders) {
      acknowledge(
        partner.role ?? partner,
        `AwsSolutions-IAM5[Resource::<Calls3682725C.Arn>/${folder}/*]`,
        'The partner names its records itself, below these folders and nowhere else',
      );
    }
    const { url } = partner.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
    publish(this, this.contextVariables.stage, egressPartner, { url, functionArn: partner.functionArn });
    new CfnOutput(this, 'FunctionUrl', { value: url, description: 'Wants requests signed for the service lambda' });
    new CfnOutput(this, 'FunctionName', { value: partner.functionName });
    new CfnOutput(this, 'BucketName', { value: bucket.bucketName });
  }
}
