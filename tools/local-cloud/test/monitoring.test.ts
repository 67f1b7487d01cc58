import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { judge } from '../src/services/monitoring/evaluate.ts';
import { startTestCloud } from '../src/testing.ts';
import { startConsumerCloud } from './event-sources-support.ts';
import { errorOf } from './kinesis-support.ts';

const minute = 60_000;
let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let cloudWatch: CloudWatchClient;
beforeEach(async () => {
  cloud = await startTestCloud();
  cloudWatch = cloud.client(CloudWatchClient);
  const { clock } = cloud.cloud;
  // Tests begin with a new minute.
  await clock.advance(minute - (clock.now() % minute));
});
afterEach(() => cloud.close());

const Dimensions = [{ Name: 'Queue', Value: 'orders' }];
const put = (...values: number[]) =>
  cloudWatch.send(
    new PutMetricDataCommand({
      Namespace: 'Shop',
      MetricData: values.map((Value) => ({ MetricName: 'Age', Dimensions, Value, Unit: 'Seconds' as const })),
    }),
  );
const alarm = (more: Partial<PutMetricAlarmCommandInput> = {}) =>
  cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'old',
      Namespace: 'Shop',
      MetricName: 'Age',
      Dimensions,
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 100,
      ComparisonOperator: 'GreaterThanThreshold',
      ...more,
    }),
  );
const state = async () => {
  const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: ['old'] }));
  return MetricAlarms?.[0];
};

describe('metrics', () => {
  test('are summed up by period', async () => {
    const start = Math.floor(cloud.cloud.clock.now() / minute) * minute;
    await put(1, 2);
    await cloud.cloud.clock.advance(minute);
    await put(9);
    const window = { StartTime: new Date(start), EndTime: new Date(start + 5 * minute) };
    const metric = { Namespace: 'Shop', MetricName: 'Age', Dimensions };
    const Statistics = ['Sum' as const, 'Average' as const, 'Maximum' as const, 'SampleCount' as const];
    const { Datapoints } = await cloudWatch.send(
      new GetMetricStatisticsCommand({ ...metric, ...window, Period: 60, Statistics }),
    );
    expect(Datapoints).toEqual([
      { Timestamp: new Date(start), Unit: 'Seconds', Sum: 3, Average: 1.5, Maximum: 2, SampleCount: 2 },
      { Timestamp: new Date(start + minute), Unit: 'Seconds', Sum: 9, Average: 9, Maximum: 9, SampleCount: 1 },
    ]);
    const query = { Id: 'age', MetricStat: { Metric: metric, Period: 300, Stat: 'Sum' } };
    const { MetricDataResults } = await cloudWatch.send(
      new GetMetricDataCommand({ ...window, MetricDataQueries: [query] }),
    );
    expect(MetricDataResults?.[0]?.Values?.reduce((a, b) => a + b, 0)).toBe(12);
  });

  test('of other dimensions are other metrics', async () => {
    await put(1);
    const other = { MetricName: 'Age', Value: 5 };
    await cloudWatch.send(new PutMetricDataCommand({ Namespace: 'Shop', MetricData: [other] }));
    const { Metrics } = await cloudWatch.send(new ListMetricsCommand({ Namespace: 'Shop' }));
    expect(Metrics?.map((metric) => metric.Dimensions)).toEqual([Dimensions, []]);
  });

  test("of AWS's own namespaces are not for users to put", async () => {
    const command = new PutMetricDataCommand({ Namespace: 'AWS/Lambda', MetricData: [{ MetricName: 'x', Value: 1 }] });
    expect(await errorOf(cloudWatch.send(command))).toEqual({
      name: 'InvalidParameterValueException',
      message: 'The value AWS/ for parameter Namespace is invalid.',
    });
  });
});

describe('an alarm', () => {
  test('goes from INSUFFICIENT_DATA to OK to ALARM and back with its metric', async () => {
    await alarm();
    expect(await state()).toMatchObject({
      StateValue: 'INSUFFICIENT_DATA',
      StateReason: 'Unchecked: Initial alarm creation',
    });
    await put(50);
    await cloud.cloud.clock.advance(minute);
    expect(await state()).toMatchObject({
      StateValue: 'OK',
      StateReason: 'Threshold Crossed: 1 datapoint [50] was not greater than the threshold (100).',
    });
    await put(150);
    await cloud.cloud.clock.advance(minute);
    expect(await state()).toMatchObject({
      StateValue: 'ALARM',
      StateReason: 'Threshold Crossed: 1 datapoint [150] was greater than the threshold (100).',
    });
    await put(10);
    await cloud.cloud.clock.advance(minute);
    expect((await state())?.StateValue).toBe('OK');
  });

  test('keeps its state when it is changed, and is gone when it is deleted', async () => {
    await alarm();
    const StateReason = 'testing';
    await cloudWatch.send(new SetAlarmStateCommand({ AlarmName: 'old', StateValue: 'ALARM', StateReason }));
    await alarm({ Threshold: 200 });
    expect(await state()).toMatchObject({ StateValue: 'ALARM', StateReason, Threshold: 200 });
    await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: ['old'] }));
    expect(await state()).toBeUndefined();
    const again = await errorOf(cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: ['old'] })));
    expect(again.name).toMatch(/^ResourceNotFound/);
  });

  test.each([
    [{ AlarmActions: ['arn:aws:automate:us-east-1:ec2:reboot'] }, /alarm action arn:aws:automate/],
    [{ ExtendedStatistic: 'p99' }, /Statistic and ExtendedStatistic/],
    [{ Statistic: undefined, ExtendedStatistic: 'q99' }, /q99/],
    [{ Period: 10 }, /multiple of 60/],
    [{ DatapointsToAlarm: 2 }, /datapointsToAlarm/],
  ])('refuses %j', async (more, message) => {
    expect((await errorOf(alarm(more))).message).toMatch(message);
  });
});

/** "Configuring how CloudWatch alarms treat missing data": the table of examples for 3 out of 3 and 2 out of 3. */
describe('missing data', () => {
  const at = (points: string) => [...points].map((point) => ({ X: 150, '0': 50 })[point]);
  const judged = (
    points: string,
    datapointsToAlarm: number,
    treatMissingData: 'missing' | 'ignore' | 'breaching' | 'notBreaching',
  ) =>
    judge(
      { comparison: 'GreaterThanThreshold', threshold: 100, evaluationPeriods: 3, datapointsToAlarm, treatMissingData },
      at(points),
    ).state;

  test.each<
    [
      points: string,
      m: number,
      missing: string | undefined,
      ignore: string | undefined,
      breaching: string,
      notBreaching: string,
    ]
  >([
    ['XXX', 3, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0--', 3, 'OK', 'OK', 'OK', 'OK'],
    ['---', 3, 'INSUFFICIENT_DATA', undefined, 'ALARM', 'OK'],
    ['X--', 3, 'ALARM', 'ALARM', 'ALARM', 'OK'],
    ['X0X', 2, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['00X', 2, 'OK', 'OK', 'OK', 'OK'],
    ['X-0', 2, 'OK', 'OK', 'ALARM', 'OK'],
  ])('%s with %i to alarm', (points, m, missing, ignore, breaching, notBreaching) => {
    expect(judged(points, m, 'missing')).toBe(missing);
    expect(judged(points, m, 'ignore')).toBe(ignore);
    expect(judged(points, m, 'breaching')).toBe(breaching);
    expect(judged(points, m, 'notBreaching')).toBe(notBreaching);
  });
});

test('Lambda and Kinesis measure what they do', async () => {
  const consumer = await startConsumerCloud();
  try {
    await consumer.consume('consume', { MaximumRetryAttempts: 0 });
    await consumer.put('fine');
    await consumer.moving(async () => expect(await consumer.batches()).toHaveLength(1));
    await consumer.put('poison');
    await consumer.moving(async () => expect(await consumer.batches()).toHaveLength(2));
    const client = consumer.client(CloudWatchClient);
    const sum = async (
      Namespace: string,
      MetricName: string,
      dimension: string,
      stat: 'Sum' | 'SampleCount' = 'Sum',
    ) => {
      const [Name = '', Value = ''] = dimension.split('=');
      const now = consumer.clock.now();
      const { Datapoints } = await client.send(
        new GetMetricStatisticsCommand({
          Namespace,
          MetricName,
          Dimensions: [{ Name, Value }],
          StartTime: new Date(now - 30 * minute),
          EndTime: new Date(now + minute),
          Period: 60,
          Statistics: [stat],
        }),
      );
      return (Datapoints ?? []).reduce((total, point) => total + (point[stat] ?? 0), 0);
    };
    const own = 'FunctionName=consumer';
    expect(await sum('AWS/Lambda', 'Invocations', own)).toBe(2);
    expect(await sum('AWS/Lambda', 'Errors', own)).toBe(1);
    expect(await sum('AWS/Lambda', 'IteratorAge', own, 'SampleCount')).toBe(2);
    expect(await sum('AWS/Lambda', 'Duration', own, 'SampleCount')).toBe(2);
    expect(await sum('AWS/Kinesis', 'IncomingRecords', 'StreamName=orders')).toBe(2);
    expect(await sum('AWS/Kinesis', 'WriteProvisionedThroughputExceeded', 'StreamName=orders')).toBe(0);
  } finally {
    await consumer.close();
  }
});
