import { fileURLToPath } from 'node:url';
import { acknowledge, EnforcedStack, type EnforcedStackProps } from '@stackyard/cdk-core';
import { observabilityCore, observabilityOverflow } from '@stackyard/contracts';
import { publish } from '@stackyard/contracts/cdk';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Stream, StreamEncryption } from 'aws-cdk-lib/aws-kinesis';
import { Architecture, Code, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { ImageRepositoryStack } from './image-repository-stack.ts';
import { ImageSynthesizer } from './image-synthesizer.ts';
import { type Settings, settings } from './settings.ts';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

/** Where the extension puts objects unless it is told otherwise; the write policy allows nothing else. */
const overflowPrefix = 'telemetry-overflow/';

export interface ObservabilityCoreStackProps extends EnforcedStackProps {
  readonly imageRepository: ImageRepositoryStack;
  /** Default: those of the stage and usage. */
  readonly settings?: Settings;
}

/** The log stream, the ways into it (layer, base image, write policy), and the contract by which others find them. */
export class ObservabilityCoreStack extends EnforcedStack {
  constructor(scope: Construct, id: string, props: ObservabilityCoreStackProps) {
    super(scope, id, { ...props, synthesizer: new ImageSynthesizer(props.imageRepository) });
    this.addStackDependency(props.imageRepository, 'the base image is published into this repository');
    const chosen = props.settings ?? settings(this.contextVariables);
    const stream = this.#stream(chosen);
    const overflow = chosen.overflow && this.#overflow(chosen.overflow.retention);
    if (overflow)
      publish(overflow, this.contextVariables.stage, observabilityOverflow, { bucketName: overflow.bucketName });
    publish(this, this.contextVariables.stage, observabilityCore, {
      streamName: stream.streamName,
      streamArn: stream.streamArn,
      writePolicyArn: this.#writePolicy(stream, overflow).managedPolicyArn,
      layerArn: this.#layer(chosen).layerVersionArn,
      imageUri: this.#image().imageUri,
    });
  }

  #stream({ streamName, capacity, retention }: Settings): Stream {
    return new Stream(this, 'Telemetry', {
      streamName,
      ...capacity,
      retentionPeriod: retention,
      // The AWS managed key: producers of this account need no permission on it, and it costs nothing to keep.
      encryption: StreamEncryption.MANAGED,
    });
  }

  /** What functions could not ship, in objects that go by themselves. */
  #overflow(retention: Duration): Bucket {
    const bucket = new Bucket(this, 'Overflow', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      // CDK empties a bucket only where it is told to delete it.
      ...(this.contextVariables.usage === 'PRODUCTION'
        ? {}
        : { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true }),
      lifecycleRules: [{ expiration: retention, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    });
    acknowledge(bucket, 'AwsSolutions-S1', 'Holds logs that go after some days; a log of who wrote logs has no reader');
    return bucket;
  }

  /** For the roles of functions and tasks that ship their logs: they write to the stream and can do nothing else with it. */
  #writePolicy(stream: Stream, overflow: Bucket | undefined): ManagedPolicy {
    const policy = new ManagedPolicy(this, 'TelemetryWriter', {
      description: `Write to the log stream of ${this.stackName}`,
      statements: [
        new PolicyStatement({ actions: ['kinesis:PutRecord', 'kinesis:PutRecords'], resources: [stream.streamArn] }),
      ],
    });
    if (overflow) {
      const resources = [overflow.arnForObjects(`${overflowPrefix}*`)];
      policy.addStatements(new PolicyStatement({ actions: ['s3:PutObject'], resources }));
      const bucketId = this.getLogicalId(overflow.node.defaultChild as CfnBucket);
      const finding = `AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/${overflowPrefix}*]`;
      acknowledge(policy, finding, 'The names of the objects are made when they are written');
    }
    return policy;
  }

  #layer({ layerName }: Settings): LayerVersion {
    return new LayerVersion(this, 'TelemetryExtension', {
      layerVersionName: layerName,
      description: 'Ships logs and platform telemetry to the log stream',
      code: Code.fromAsset(`${dist}/layer`),
      compatibleRuntimes: [Runtime.NODEJS_24_X],
      compatibleArchitectures: [Architecture.ARM_64, Architecture.X86_64],
      // A function that rolls back must still find the version it ran with (non-production stacks take all with them).
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  #image(): DockerImageAsset {
    return new DockerImageAsset(this, 'BaseImage', { directory: `${dist}/image`, platform: Platform.LINUX_ARM64 });
  }
}
