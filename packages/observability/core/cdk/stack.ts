import { fileURLToPath } from 'node:url';
import { EnforcedStack, type EnforcedStackProps } from '@stackyard/cdk-core';
import { observabilityCore } from '@stackyard/contracts';
import { publish } from '@stackyard/contracts/cdk';
import { RemovalPolicy } from 'aws-cdk-lib';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Stream, StreamEncryption } from 'aws-cdk-lib/aws-kinesis';
import { Architecture, Code, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { ImageRepositoryStack } from './image-repository-stack.ts';
import { ImageSynthesizer } from './image-synthesizer.ts';
import { type Settings, settings } from './settings.ts';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

export interface ObservabilityCoreStackProps extends EnforcedStackProps {
  readonly imageRepository: ImageRepositoryStack;
}

/** The log stream, the ways into it (layer, base image, write policy), and the contract by which others find them. */
export class ObservabilityCoreStack extends EnforcedStack {
  constructor(scope: Construct, id: string, props: ObservabilityCoreStackProps) {
    super(scope, id, { ...props, synthesizer: new ImageSynthesizer(props.imageRepository) });
    this.addStackDependency(props.imageRepository, 'the base image is published into this repository');
    const chosen = settings(this.contextVariables);
    const stream = this.#stream(chosen);
    publish(this, this.contextVariables.stage, observabilityCore, {
      streamName: stream.streamName,
      streamArn: stream.streamArn,
      writePolicyArn: this.#writePolicy(stream).managedPolicyArn,
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

  /** For the roles of functions and tasks that ship their logs: they write to the stream and can do nothing else with it. */
  #writePolicy(stream: Stream): ManagedPolicy {
    return new ManagedPolicy(this, 'TelemetryWriter', {
      description: `Write to the log stream of ${this.stackName}`,
      statements: [
        new PolicyStatement({ actions: ['kinesis:PutRecord', 'kinesis:PutRecords'], resources: [stream.streamArn] }),
      ],
    });
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
