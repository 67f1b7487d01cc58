import { fileURLToPath } from 'node:url';
import { acknowledge, EnforcedStack, type EnforcedStackProps } from '@stackyard/cdk-core';
import { EgressFunction, keepsFailing } from '@stackyard/egress/cdk';
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { cannotKeep, givenUp, waitsTooLong } from './alarms.ts';
import { settings } from './settings.ts';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

/** Tells the partner of each event of a service, one call at a time. */
export class EventBridgeStack extends EnforcedStack {
  constructor(scope: Construct, id: string, props: EnforcedStackProps) {
    super(scope, id, props);
    const bus = new EventBus(this, 'Bus', { description: 'Events of users' });
    const failures = new Queue(this, 'Failures', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: settings.failuresKept,
    });
    acknowledge(failures, 'AwsSolutions-SQS3', 'It is the dead-letter queue: of the rule and of the function');
    const consumer = new EgressFunction(this, 'Consumer', {
      description: 'Tells the partner of an event',
      code: dist,
      // The downstream client's ten seconds, and a start.
      timeout: Duration.seconds(30),
      reservedConcurrentExecutions: settings.concurrency,
    });
    consumer.configureAsyncInvoke({
      retryAttempts: settings.retries,
      maxEventAge: settings.mostAge,
      onFailure: new SqsDestination(failures),
    });
    const rule = this.#route(bus, consumer, failures);
    keepsFailing(this, consumer);
    waitsTooLong(this, consumer, settings.fallsBehindAfter);
    givenUp(this, failures);
    cannotKeep(this, bus, rule);
    new CfnOutput(this, 'EventBusName', { value: bus.eventBusName });
    new CfnOutput(this, 'FunctionName', { value: consumer.functionName });
    new CfnOutput(this, 'FailureQueueUrl', { value: failures.queueUrl });
  }

  #route(bus: EventBus, consumer: IFunction, failures: Queue): Rule {
    return new Rule(this, 'Rule', {
      description: `Events of ${settings.source} for the partner`,
      eventBus: bus,
      eventPattern: {
        source: [settings.source],
        detailType: ['user.signedup', 'user.profile_updated', 'user.unsubscribed'],
      },
      targets: [
        new LambdaFunction(consumer, {
          retryAttempts: settings.deliveryRetries,
          maxEventAge: settings.deliveryAge,
          deadLetterQueue: failures,
        }),
      ],
    });
  }
}
