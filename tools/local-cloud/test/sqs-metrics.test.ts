import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCloud } from '../src/testing.ts';
import { newQueue } from './sqs-support.ts';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let sqs: SQSClient;
let cloudWatch: CloudWatchClient;
beforeAll(async () => {
  cloud = await startTestCloud();
  sqs = cloud.client(SQSClient);
  cloudWatch = cloud.client(CloudWatchClient);
});
afterAll(() => cloud.close());

test('an alarm on the age of the oldest message goes off, and ends when the queue is empty', async () => {
  const queue = await newQueue(sqs);
  const Dimensions = [{ Name: 'QueueName', Value: queue.name }];
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'age',
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateAgeOfOldestMessage',
      Dimensions,
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 120,
      ComparisonOperator: 'GreaterThanThreshold',
    }),
  );
  const state = async () =>
    (await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: ['age'] }))).MetricAlarms?.[0]?.StateValue;
  await queue.send('a');
  await cloud.cloud.clock.advance(300_000);
  expect(await state()).toBe('ALARM');
  await queue.delete((await queue.receive())[0]);
  await cloud.cloud.clock.advance(180_000);
  expect(await state()).toBe('OK');
});

test('messages sent, received and deleted, empty receives and depth are counted', async () => {
  const queue = await newQueue(sqs, { VisibilityTimeout: '600' });
  for (const body of ['one', 'three', 'x']) await queue.send(body);
  const [first] = await queue.receive({ MaxNumberOfMessages: 2 });
  await queue.delete(first);
  await queue.receive();
  await queue.receive();
  await cloud.cloud.clock.advance(60_000);
  const total = async (MetricName: string, statistic: 'Sum' | 'Maximum' = 'Sum') => {
    const now = cloud.cloud.clock.now();
    const { Datapoints = [] } = await cloudWatch.send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/SQS',
        MetricName,
        Dimensions: [{ Name: 'QueueName', Value: queue.name }],
        StartTime: new Date(now - 600_000),
        EndTime: new Date(now + 60_000),
        Period: 3600,
        Statistics: [statistic],
      }),
    );
    return Datapoints.reduce((sum, point) => sum + (point[statistic] ?? 0), 0);
  };
  expect(await total('NumberOfMessagesSent')).toBe(3);
  expect(await total('SentMessageSize')).toBe(9);
  expect(await total('NumberOfMessagesReceived')).toBe(3);
  expect(await total('NumberOfMessagesDeleted')).toBe(1);
  expect(await total('NumberOfEmptyReceives')).toBe(1);
  expect(await total('ApproximateNumberOfMessagesNotVisible', 'Maximum')).toBe(2);
  expect(await total('ApproximateNumberOfMessagesVisible', 'Maximum')).toBe(0);
});
