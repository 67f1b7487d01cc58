import { fileURLToPath } from 'node:url';
import { EnforcedStack, type EnforcedStackProps } from '@stackyard/cdk-core';
import {
  ageOf,
  DeadLetterQueue,
  EgressDashboard,
  EgressFunction,
  keepsFailing,
  waitsTooLong,
} from '@stackyard/egress/cdk';
import { CfnOutput } from 'aws-cdk-lib';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { isAlwaysThrottled } from './alarms.ts';
import { settings } from './settings.ts';

const dist = fileURLToPath(new URL('../dist/direct', import.meta.url));

/** Tells the partner of the events of a topic, one at a time. */
export class SnsStack extends EnforcedStack {
  constructor(scope: Construct, id: string, props: EnforcedStackProps) {
    super(scope, id, props);
    const { reservedConcurrency, retries, mostAge, functionTimeout, fallsBehindAfter } = settings;
    const topic = new Topic(this, 'Events', { enforceSSL: true });
    const deadLetterQueue = new DeadLetterQueue(this, 'DeadLetters');
    const consumer = new EgressFunction(this, 'Consumer', {
      description: 'Tells the partner of the event it is invoked with',
      code: dist,
      timeout: functionTimeout,
      reservedConcurrentExecutions: reservedConcurrency,
    });
    // What the function failed at. The subscription's own dead-letter queue gets what Lambda would not take.
    consumer.configureAsyncInvoke({
      retryAttempts: retries,
      maxEventAge: mostAge,
      onFailure: new SqsDestination(deadLetterQueue),
    });
    topic.addSubscription(new LambdaSubscription(consumer, { deadLetterQueue }));
    keepsFailing(this, consumer);
    waitsTooLong(this, consumer, fallsBehindAfter);
    isAlwaysThrottled(this, consumer);
    new EgressDashboard(this, 'Dashboard', {
      consumer,
      eventsIn: topic.metricNumberOfMessagesPublished(),
      age: ageOf(consumer, 'AsyncEventAge'),
      givenUp: deadLetterQueue.givenUp,
    });
    new CfnOutput(this, 'TopicArn', { value: topic.topicArn });
    new CfnOutput(this, 'FunctionName', { value: consumer.functionName });
    new CfnOutput(this, 'DeadLetterQueueUrl', { value: deadLetterQueue.queueUrl });
  }
}
