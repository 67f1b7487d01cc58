import { Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup, ILogSubscriptionDestination, LogSubscriptionDestinationConfig } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/**
 * A Kinesis stream as the destination of a subscription filter, with a delivery role that puts records into this stream and can do
 * nothing else. aws-cdk-lib's own KinesisDestination grants what any writer of streams may need, on a stream only it can name.
 */
export class StreamDestination implements ILogSubscriptionDestination {
  readonly #streamArn: string;

  constructor(streamArn: string) {
    this.#streamArn = streamArn;
  }

  bind(scope: Construct, _sourceLogGroup: ILogGroup): LogSubscriptionDestinationConfig {
    const { partition, region, account } = Stack.of(scope);
    const role = new Role(scope, 'DeliveryRole', {
      description: 'CloudWatch Logs delivers log events to the log stream',
      // For this account's log groups only ("Subscription filters with Kinesis Data Streams", CloudWatch Logs User Guide):
      // otherwise the service could be made to use the role for another account's.
      assumedBy: new ServicePrincipal('logs.amazonaws.com', {
        conditions: { StringLike: { 'aws:SourceArn': `arn:${partition}:logs:${region}:${account}:*` } },
      }),
      // Inline, so that it stands with the role: CloudWatch Logs tries a destination before it takes a filter.
      inlinePolicies: {
        deliver: new PolicyDocument({
          statements: [new PolicyStatement({ actions: ['kinesis:PutRecord'], resources: [this.#streamArn] })],
        }),
      },
    });
    return { arn: this.#streamArn, role };
  }
}
