import { fileURLToPath } from 'node:url';
import { EnforcedStack, type EnforcedStackProps } from '@stackyard/cdk-core';
import { EgressDashboard, EgressFunction, EgressQueue, readQueue } from '@stackyard/egress/cdk';
import { CfnOutput } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { levelledSettings } from './settings.ts';

const dist = fileURLToPath(new URL('../dist/levelled', import.meta.url));

/** Lets the events of a topic gather in a queue, folds each batch by subject, and tells the partner what is left. */
export class LevelledStack extends EnforcedStack {
  constructor(scope: Construct, id: string, props: EnforcedStackProps) {
    super(scope, id, props);
    const topic = new Topic(this, 'Events', { enforceSSL: true });
    const { queue, deadLetters, age } = new EgressQueue(this, 'Waiting', levelledSettings);
    // Raw: the message is the event, without SNS's envelope around it.
    topic.addSubscription(new SqsSubscription(queue, { rawMessageDelivery: true, deadLetterQueue: deadLetters }));
    const consumer = new EgressFunction(this, 'Consumer', {
      description: 'Folds events of the topic by subject and tells the partner',
      code: dist,
      timeout: levelledSettings.functionTimeout,
    });
    readQueue(this, { queue, consumer, settings: levelledSettings });
    new EgressDashboard(this, 'Dashboard', {
      consumer,
      eventsIn: topic.metricNumberOfMessagesPublished(),
      age,
      givenUp: deadLetters.givenUp,
    });
    new CfnOutput(this, 'TopicArn', { value: topic.topicArn });
    new CfnOutput(this, 'FunctionName', { value: consumer.functionName });
    new CfnOutput(this, 'DeadLetterQueueUrl', { value: deadLetters.queueUrl });
  }
}
