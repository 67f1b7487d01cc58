import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EnforcedImageFunction, EnforcedStack, type EnforcedStackProps } from '@stackyard/cdk-core';
import { observabilityCore, parameterName } from '@stackyard/contracts';
import { resolve } from '@stackyard/contracts/cdk';
import { AssetStaging, CfnOutput, Duration, Stage } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Code, type EcrImageCode, FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const buildImage = fileURLToPath(new URL('build-image.ts', import.meta.url));

/** A function packaged as an image that carries the telemetry extension of the core's base image. */
export class LambdaImageStack extends EnforcedStack {
  constructor(scope: Construct, id: string, props: EnforcedStackProps) {
    super(scope, id, props);
    const { stage } = this.contextVariables;
    const core = resolve(this, stage, observabilityCore, 'writePolicyArn', 'streamName');
    const echo = new EnforcedImageFunction(this, 'Echo', {
      description: 'Writes the lines of a request to its log',
      image: this.#image(stage),
      memorySize: 256,
      timeout: Duration.seconds(30),
      environment: { STACKYARD_TELEMETRY_STREAM: core.streamName },
      managedPolicies: [ManagedPolicy.fromManagedPolicyArn(this, 'TelemetryWriter', core.writePolicyArn)],
      cloudWatchLogs: 'denied',
      logRetention: RetentionDays.ONE_DAY,
    });
    const url = echo.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
    new CfnOutput(this, 'FunctionUrl', { value: url.url, description: 'Wants requests signed for the service lambda' });
    new CfnOutput(this, 'FunctionName', { value: echo.functionName });
  }

  /** Built by a program of ours when the CLI publishes it: only then is the core's contract there to be read. */
  #image(stage: string): EcrImageCode {
    const context = new AssetStaging(this, 'Image', { sourcePath: dist });
    const assembly = Stage.of(this)?.outdir ?? '';
    const tag = `stackyard-${this.contextVariables.context}:${context.assetHash}`;
    const published = this.synthesizer.addDockerImageAsset({
      // A stage has a core, and so a base image, of its own.
      sourceHash: `${stage}-${context.assetHash}`,
      executable: [
        'node',
        relative(assembly, buildImage),
        context.relativeStagedPath(this),
        parameterName(observabilityCore, stage, 'imageUri'),
        tag,
      ],
    });
    const repository = Repository.fromRepositoryName(this, 'Assets', published.repositoryName);
    return Code.fromEcrImage(repository, { tagOrDigest: published.imageTag ?? context.assetHash });
  }
}
