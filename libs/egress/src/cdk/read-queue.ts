import type { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { keepsFailing } from './alarms.ts';

/** How a function reads a standard queue. */
export interface QueueReadingSettings {
  /** Most messages in one invocation: 1 to 10,000. The more, the more of one subject are folded. */
  readonly batchSize: number;
  /** How long messages wait for others of their batch: at most 5 minutes. More than ten in a batch need a second or more. */
  readonly window: Duration;
  /** Invocations at once, 2 to 1,000: what keeps the partner from being overloaded, and subjects together. */
  readonly maxConcurrency: number;
}

export interface QueueReading {
  readonly queue: IQueue;
  readonly consumer: LambdaFunction;
  /** Of a FIFO queue the batch size alone, at most 10: its groups are what bounds concurrency, and it has no window. */
  readonly settings: QueueReadingSettings | Pick<QueueReadingSettings, 'batchSize'>;
}

/** Lets a function read a queue, failed messages only coming back, with an alarm when it fails all the time. */
export function readQueue(scope: Construct, { queue, consumer, settings }: QueueReading): void {
  const { batchSize, window, maxConcurrency }: Partial<QueueReadingSettings> = settings;
  consumer.addEventSource(
    new SqsEventSource(queue, {
      batchSize,
      maxBatchingWindow: window,
      maxConcurrency,
      reportBatchItemFailures: true,
    }),
  );
  keepsFailing(scope, consumer);
}
