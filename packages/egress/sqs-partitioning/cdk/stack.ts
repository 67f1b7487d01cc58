import { fileURLToPath } from 'node:url';
import { EnforcedStack, type EnforcedStackProps } from '@stackyard/cdk-core';
import { EgressDashboard, EgressFunction, EgressQueue, keepsFailing } from '@stackyard/egress/cdk';
import { CfnOutput } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import { settings } from './settings.ts';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

/** Carries out each subject's messages of a FIFO queue in order and together, and tells the partner what is left of them. */
export class SqsPartitioningStack extends EnforcedStack {
  constructor(scope: Construct, id: string, props: EnforcedStackProps) {
    super(scope, id, props);
    const { batchSize, receives, functionTimeout, fallsBehindAfter } = settings;
    const { queue, deadLetters, age } = new EgressQueue(this, 'Events', {
      fifo: true,
      functionTimeout,
      receives,
      fallsBehindAfter,
    });
    const consumer = new EgressFunction(this, 'Consumer', {
      description: 'Folds events of the FIFO queue by subject, which is their group, and tells the partner',
      code: dist,
      timeout: functionTimeout,
    });
    consumer.addEventSource(new SqsEventSource(queue, { batchSize, reportBatchItemFailures: true }));
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
