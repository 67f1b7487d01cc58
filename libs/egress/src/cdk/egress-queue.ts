import { acknowledge } from '@stackyard/cdk-core';
import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface EgressQueueProps {
  readonly fifo?: boolean;
  /** Of the function that reads the queue. */
  readonly functionTimeout: Duration;
  /** How long its mapping lets messages gather. @default none, as on FIFO queues */
  readonly window?: Duration;
  /** Receives after which a message goes to the dead-letter queue. */
  readonly receives: number;
  /** How old the oldest message may be before an alarm says so. */
  readonly fallsBehindAfter: Duration;
}

/**
 * A queue that a function reads, with its dead-letter queue, long polling of 20 seconds, and the alarms `FallsBehind` and `GivenUp`.
 *
 * Messages stay invisible for six times the function's timeout and the window ("Configuring a queue to use with Lambda", AWS Lambda
 * Developer Guide): with less, they come again while they are still being carried out.
 */
export class EgressQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: DeadLetterQueue;
  /** Of its oldest message, in seconds. */
  readonly age: Metric;

  constructor(scope: Construct, id: string, props: EgressQueueProps) {
    super(scope, id);
    const { fifo, functionTimeout, window = Duration.seconds(0), receives, fallsBehindAfter } = props;
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', { fifo });
    this.queue = new Queue(this, 'Queue', {
      ...(fifo && { fifo }),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      receiveMessageWaitTime: Duration.seconds(20),
      visibilityTimeout: Duration.seconds(6 * functionTimeout.toSeconds() + window.toSeconds()),
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: receives },
    });
    this.age = this.queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: Duration.minutes(5) });
    new Alarm(this, 'FallsBehind', {
      alarmDescription: `The oldest message waits for more than ${fallsBehindAfter.toHumanString()}`,
      metric: this.age,
      threshold: fallsBehindAfter.toSeconds(),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}

/** What was given up waits here to be redriven, for 14 days, and the alarm `GivenUp` says so. */
export class DeadLetterQueue extends Queue {
  /** How many there are. */
  readonly givenUp: Metric;

  constructor(scope: Construct, id: string, { fifo }: { readonly fifo?: boolean | undefined } = {}) {
    super(scope, id, {
      ...(fifo && { fifo }),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(this, 'AwsSolutions-SQS3', 'It is itself a dead-letter queue');
    this.givenUp = this.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: Duration.minutes(5) });
    new Alarm(this, 'GivenUp', {
      alarmDescription: 'Something was given up and waits in the dead-letter queue to be redriven',
      metric: this.givenUp,
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
