import { fileURLToPath } from 'node:url';
import { EnforcedStack, type EnforcedStackProps } from '@stackyard/cdk-core';
import { EgressDashboard, EgressFunction, EgressQueue, readQueue } from '@stackyard/egress/cdk';
import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { settings } from './settings.ts';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

/** Carries out each subject's messages of a FIFO queue in order and together, and tells the partner what is left of them. */
export class SqsPartitioningStack extends EnforcedStack {
  constructor(scope: Construct, id: string, props: EnforcedStackProps) {
    super(scope, id, props);
    const { queue, deadLetters, age } = new EgressQueue(this, 'Events', { fifo: true, ...settings });
    const consumer = new EgressFunction(this, 'Consumer', {
      description: 'Folds events of the FIFO queue by subject, which is their group, and tells the partner',
      code: dist,
      timeout: settings.functionTimeout,
    });
    readQueue(this, { queue, consumer, settings });
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
