import { fileURLToPath } from 'node:url';
import { builtImage, EnforcedImageFunction, EnforcedStack, type EnforcedStackProps } from '@stackyard/cdk-core';
import { observabilityCore, parameterName } from '@stackyard/contracts';
import { resolve } from '@stackyard/contracts/cdk';
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

/** A function packaged as an image that carries the telemetry extension of the core's base image. */
export class LambdaImageStack extends EnforcedStack {
  constructor(scope: Construct, id: string, props: EnforcedStackProps) {
    super(scope, id, props);
    const { stage } = this.contextVariables;
    const core = resolve(this, stage, observabilityCore, 'writePolicyArn', 'streamName');
    const echo = new EnforcedImageFunction(this, 'Echo', {
      description: 'Writes the lines of a request to its log',
      image: builtImage(this, 'Image', {
        context: dist,
        imageParameter: parameterName(observabilityCore, stage, 'imageUri'),
        argument: 'EXTENSION_IMAGE',
      }),
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
}
