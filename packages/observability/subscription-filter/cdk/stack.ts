import { fileURLToPath } from 'node:url';
import { EnforcedFunction, EnforcedStack, type EnforcedStackProps } from '@stackyard/cdk-core';
import { observabilityCore } from '@stackyard/contracts';
import { resolve } from '@stackyard/contracts/cdk';
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, RetentionDays, SubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { StreamDestination } from './stream-destination.ts';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

/** A function without an extension, whose log group CloudWatch Logs streams to the log stream by a subscription filter. */
export class SubscriptionFilterStack extends EnforcedStack {
  constructor(scope: Construct, id: string, props: EnforcedStackProps) {
    super(scope, id, props);
    const { streamArn } = resolve(this, this.contextVariables.stage, observabilityCore, 'streamArn');
    const echo = new EnforcedFunction(this, 'Echo', {
      description: 'Writes the lines of a request to its log',
      code: dist,
      handler: 'handler.handler',
      memorySize: 256,
      timeout: Duration.seconds(30),
      logRetention: RetentionDays.ONE_DAY,
    });
    new SubscriptionFilter(this, 'ToLogStream', {
      logGroup: echo.logGroup,
      destination: new StreamDestination(streamArn),
      filterPattern: FilterPattern.allEvents(),
    });
    const url = echo.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
    new CfnOutput(this, 'FunctionUrl', { value: url.url, description: 'Wants requests signed for the service lambda' });
    new CfnOutput(this, 'FunctionName', { value: echo.functionName });
    new CfnOutput(this, 'LogGroupName', { value: echo.logGroup.logGroupName });
  }
}
