import { fileURLToPath } from 'node:url';
import { EnforcedFunction, EnforcedStack, type EnforcedStackProps } from '@stackyard/cdk-core';
import { observabilityCore } from '@stackyard/contracts';
import { resolve } from '@stackyard/contracts/cdk';
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { FunctionUrlAuthType, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

/** A zip function whose logs reach the log stream by the telemetry extension, and CloudWatch Logs not at all. */
export class LambdaZipStack extends EnforcedStack {
  constructor(scope: Construct, id: string, props: EnforcedStackProps) {
    super(scope, id, props);
    const core = resolve(
      this,
      this.contextVariables.stage,
      observabilityCore,
      'layerArn',
      'writePolicyArn',
      'streamName',
    );
    const echo = new EnforcedFunction(this, 'Echo', {
      description: 'Writes the lines of a request to its log',
      code: dist,
      handler: 'handler.handler',
      memorySize: 256,
      timeout: Duration.seconds(30),
      environment: { STACKYARD_TELEMETRY_STREAM: core.streamName },
      layers: [LayerVersion.fromLayerVersionArn(this, 'TelemetryExtension', core.layerArn)],
      managedPolicies: [ManagedPolicy.fromManagedPolicyArn(this, 'TelemetryWriter', core.writePolicyArn)],
      cloudWatchLogs: 'denied',
      logRetention: RetentionDays.ONE_DAY,
    });
    const url = echo.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
    new CfnOutput(this, 'FunctionUrl', { value: url.url, description: 'Wants requests signed for the service lambda' });
    new CfnOutput(this, 'FunctionName', { value: echo.functionName });
  }
}
