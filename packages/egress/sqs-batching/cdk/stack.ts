import { fileURLToPath } from 'node:url';
import { EnforcedStack, type EnforcedStackProps } from '@stackyard/cdk-core';
import { EgressDashboard, EgressFunction, EgressQueue, keepsFailing } from '@stackyard/egress/cdk';
import { CfnOutput } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import { settings } from './settings.ts';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

/** Lets the messages of a queue gather, folds each batch by subject, and tells the partner what is left. */
export class SqsBatchingStack extends EnforcedStack {
  constructor(scope: Construct, id: string, props: EnforcedStackProps) {
    super(scope, id, props);
    const { batchSize, window, maxConcurrency, receives, functionTimeout, fallsBehindAfter } = settings;
    const { queue, deadLetters, age } = new EgressQueue(this, 'Events', {
      functionTimeout,
      window,
      receives,
      fallsBehindAfter,
    });
    const consumer = new EgressFunction(this, 'Consumer', {
      description: 'Folds events of the queue by subject and tells the partner',
      code: dist,
      timeout: functionTimeout,
    });
    consumer.addEventSource(
      new SqsEventSource(queue, {
        batchSize,
        maxBatchingWindow: window,
        maxConcurrency,
        reportBatchItemFailures: true,
      }),
    );
    keepsFailing(this, consumer);
    new EgressDashboard(this, 'Dashboard', {
      consumer,
      eventsIn: queue.metricNumberOfMessagesSent(),
      age,
      givenUp: deadLetters.givenUp,
    });
    new CfnOutput(this, 'QueueUrl', { value: queue.queueUrl });
    new CfnOutput(this, 'DeadLetterQueueUrl', { value: deadLetters.queueUrl });
    new CfnOutput(this, 'FunctionName', { value: consumer.functionName });
  }
}
