import { acknowledge, type EnforcedFunction } from '@stackyard/cdk-core';
import { type DeadLetterQueue, EgressQueue, readQueue } from '@stackyard/egress/cdk';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { longestRequest } from './api.ts';
import type { Settings } from './settings.ts';

/** The most that a queue allows ("RedrivePolicy", SetQueueAttributes, Amazon SQS API Reference). */
const mostReceives = 1000;

/**
 * Messages for the partner that nobody waits for. The queue counts receives, of which one that comes too early is one, too; so it is left
 * a thousand of them, and the consumer counts the calls that failed, in a table.
 */
export class QueueSide extends Construct {
  readonly queue: Queue;
  readonly deadLetters: DeadLetterQueue;

  constructor(scope: Construct, id: string, consumer: EnforcedFunction, settings: Settings['queue']) {
    super(scope, id);
    const { window, fallsBehindAfter } = settings;
    const { queue, deadLetters } = new EgressQueue(this, 'Calls', {
      functionTimeout: longestRequest,
      window,
      receives: mostReceives,
      fallsBehindAfter,
    });
    this.queue = queue;
    this.deadLetters = deadLetters;
    const failures = new Table(this, 'Failures', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiration',
      billingMode: BillingMode.PAY_PER_REQUEST,
    });
    acknowledge(failures, 'AwsSolutions-DDB3', 'How often calls have failed matters while their messages live');
    consumer.addEnvironment('QUEUE_URL', queue.queueUrl);
    consumer.addEnvironment('DEAD_LETTER_QUEUE_URL', deadLetters.queueUrl);
    consumer.addEnvironment('FAILURES_TABLE', failures.tableName);
    consumer.addToRolePolicy(new PolicyStatement({ actions: ['dynamodb:UpdateItem'], resources: [failures.tableArn] }));
    consumer.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }));
    readQueue(this, { queue, consumer, settings });
  }
}
