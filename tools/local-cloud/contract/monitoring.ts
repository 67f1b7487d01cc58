import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  ListTagsForResourceCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  PutMetricDataCommand,
  SetAlarmStateCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch';
import { expect } from 'vitest';
import { monitoring as service } from '../src/services/monitoring/service.ts';
import { type Contract, refusal, type Target } from './contract.ts';
import { dashboardClaims } from './monitoring-dashboards.ts';

const reference = (operation: string) => `CloudWatch API Reference, ${operation}`;
const userGuide = (page: string) => `CloudWatch User Guide, ${page}`;

/** A metric of its own with these values of now, and the hour around them. */
async function measured(target: Target, ...values: number[]) {
  const cloudWatch = target.client(CloudWatchClient);
  const metric = { Namespace: target.name(), MetricName: 'Age', Dimensions: [{ Name: 'Queue', Value: 'orders' }] };
  const { Namespace, ...datum } = metric;
  const now = Date.now();
  const MetricData = values.map((Value) => ({ ...datum, Value, Timestamp: new Date(now) }));
  await cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData }));
  const hour = { StartTime: new Date(now - 1_800_000), EndTime: new Date(now + 1_800_000) };
  return { cloudWatch, metric, hour };
}

async function alarm(target: Target, more: Partial<PutMetricAlarmCommandInput> = {}) {
  const cloudWatch = target.client(CloudWatchClient);
  const AlarmName = target.name();
  const input: PutMetricAlarmCommandInput = {
    AlarmName,
    Namespace: target.name(),
    MetricName: 'Age',
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 100,
    ComparisonOperator: 'GreaterThanThreshold',
    ...more,
  };
  await cloudWatch.send(new PutMetricAlarmCommand(input));
  target.afterwards(() => cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] })));
  const describe = async () => {
    const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }));
    return MetricAlarms?.[0];
  };
  return { cloudWatch, AlarmName, input, describe };
}

export const monitoring: Contract = {
  service,
  claims: [
    {
      operation: 'PutMetricData',
      claim: "refuses AWS's own namespaces",
      source: reference('PutMetricData'),
      async run(target) {
        const cloudWatch = target.client(CloudWatchClient);
        const MetricData = [{ MetricName: 'Invocations', Value: 1 }];
        const call = cloudWatch.send(new PutMetricDataCommand({ Namespace: 'AWS/Lambda', MetricData }));
        expect((await refusal(call)).name).toMatch(/InvalidParameterValue/);
      },
    },
    {
      operation: 'GetMetricStatistics',
      claim: 'sums up what was put',
      source: reference('GetMetricStatistics'),
      async run(target) {
        const { cloudWatch, metric, hour } = await measured(target, 1, 2, 6);
        const Statistics = ['Sum', 'Minimum', 'Maximum', 'Average', 'SampleCount'] as const;
        await target.until(async () => {
          const { Datapoints } = await cloudWatch.send(
            new GetMetricStatisticsCommand({ ...metric, ...hour, Period: 3600, Statistics: [...Statistics] }),
          );
          expect(Datapoints).toMatchObject([{ Sum: 9, Minimum: 1, Maximum: 6, Average: 3, SampleCount: 3 }]);
        });
      },
    },
    {
      operation: 'GetMetricStatistics',
      claim: 'answers percentiles and trimmed statistics of single values',
      source: userGuide('CloudWatch statistics definitions'),
      async run(target) {
        const values = Array.from({ length: 10 }, (_, i) => 100 * (i + 1));
        const { cloudWatch, metric, hour } = await measured(target, ...values);
        const ExtendedStatistics = ['p100', 'tc90', 'PR(:300)'];
        await target.until(async () => {
          const { Datapoints } = await cloudWatch.send(
            new GetMetricStatisticsCommand({ ...metric, ...hour, Period: 3600, ExtendedStatistics }),
          );
          const { p100 = 0, tc90, 'PR(:300)': rank } = Datapoints?.[0]?.ExtendedStatistics ?? {};
          // CloudWatch estimates percentiles.
          expect([Math.round(p100 / 100), tc90, rank]).toEqual([10, 9, 30]);
        });
      },
    },
    {
      operation: 'GetMetricStatistics',
      claim: 'takes either statistics or extended ones',
      source: reference('GetMetricStatistics'),
      async run(target) {
        const { cloudWatch, metric, hour } = await measured(target, 1);
        const both = { Statistics: ['Sum' as const], ExtendedStatistics: ['p99'] };
        const call = cloudWatch.send(new GetMetricStatisticsCommand({ ...metric, ...hour, Period: 3600, ...both }));
        expect((await refusal(call)).name).toMatch(/InvalidParameterCombination/);
      },
    },
    {
      operation: 'GetMetricData',
      claim: 'answers a metric under the id of its query',
      source: reference('GetMetricData'),
      async run(target) {
        const { cloudWatch, metric, hour } = await measured(target, 4, 5);
        const query = { Id: 'age', MetricStat: { Metric: metric, Period: 3600, Stat: 'Maximum' } };
        await target.until(async () => {
          const { MetricDataResults } = await cloudWatch.send(
            new GetMetricDataCommand({ ...hour, MetricDataQueries: [query] }),
          );
          expect(MetricDataResults).toMatchObject([{ Id: 'age', StatusCode: 'Complete', Values: [5] }]);
        });
      },
    },
    {
      operation: 'GetMetricData',
      claim: 'computes expressions over the metrics of the same call, and leaves out queries that return no data',
      source: userGuide('Using metric math'),
      async run(target) {
        const { cloudWatch, metric, hour } = await measured(target, 4, 5);
        const stat = (Stat: string) => ({ ReturnData: false, MetricStat: { Metric: metric, Period: 3600, Stat } });
        const MetricDataQueries = [
          { Id: 'span', Expression: 'IF(most > 4, most - least, 0)', Label: 'span' },
          { Id: 'most', ...stat('Maximum') },
          { Id: 'least', ...stat('Minimum') },
        ];
        await target.until(async () => {
          const { MetricDataResults } = await cloudWatch.send(new GetMetricDataCommand({ ...hour, MetricDataQueries }));
          expect(MetricDataResults).toMatchObject([{ Id: 'span', Label: 'span', Values: [1] }]);
        });
      },
    },
    {
      operation: 'ListMetrics',
      claim: 'names the metrics of a namespace with their dimensions',
      source: reference('ListMetrics'),
      async run(target) {
        const { cloudWatch, metric } = await measured(target, 1);
        await target.until(async () => {
          const { Metrics } = await cloudWatch.send(new ListMetricsCommand({ Namespace: metric.Namespace }));
          expect(Metrics).toEqual([metric]);
        });
      },
    },
    {
      operation: 'PutMetricAlarm',
      claim: 'begins in INSUFFICIENT_DATA, and leaves the state when it changes an alarm',
      source: reference('PutMetricAlarm'),
      async run(target) {
        const { cloudWatch, AlarmName, input, describe } = await alarm(target);
        expect((await describe())?.StateValue).toBe('INSUFFICIENT_DATA');
        const state = { StateValue: 'ALARM', StateReason: 'told so' } as const;
        await cloudWatch.send(new SetAlarmStateCommand({ AlarmName, ...state }));
        await cloudWatch.send(new PutMetricAlarmCommand({ ...input, Threshold: 200 }));
        expect(await describe()).toMatchObject({ Threshold: 200, StateValue: 'ALARM' });
      },
    },
    {
      operation: 'PutMetricAlarm',
      claim: 'refuses more datapoints to alarm than periods',
      source: reference('PutMetricAlarm'),
      async run(target) {
        const call = alarm(target, { EvaluationPeriods: 2, DatapointsToAlarm: 3 });
        expect((await refusal(call)).name).toMatch(/Validation|InvalidParameter/);
      },
    },
    {
      operation: 'PutMetricAlarm',
      claim: 'keeps an extended statistic',
      source: reference('PutMetricAlarm'),
      async run(target) {
        const { describe } = await alarm(target, { Statistic: undefined, ExtendedStatistic: 'p99.9' });
        const described = await describe();
        expect([described?.Statistic, described?.ExtendedStatistic]).toEqual([undefined, 'p99.9']);
      },
    },
    {
      operation: 'PutMetricAlarm',
      claim: 'keeps up to five actions for each state, of its own region',
      limit: '5 actions a state',
      source: reference('PutMetricAlarm'),
      async run(target) {
        const topics = (count: number, region = target.region) =>
          Array.from({ length: count }, (_, i) => `arn:aws:sns:${region}:${target.account}:topic-${i}`);
        const { describe } = await alarm(target, { AlarmActions: topics(5), OKActions: topics(1) });
        expect(await describe()).toMatchObject({ AlarmActions: topics(5), OKActions: topics(1) });
        expect((await refusal(alarm(target, { AlarmActions: topics(6) }))).name).toMatch(/Validation|InvalidParameter/);
        const elsewhere = await refusal(alarm(target, { AlarmActions: topics(1, 'eu-south-1') }));
        expect(elsewhere.message).toBe(`Invalid region eu-south-1 specified. Only ${target.region} is supported.`);
      },
    },
    {
      operation: 'PutMetricAlarm',
      beside: ['DescribeAlarms'],
      claim: 'lets an expression over metrics decide, of which one returns data',
      source: reference('PutMetricAlarm'),
      async run(target) {
        const Namespace = target.name();
        const MetricStat = { Metric: { Namespace, MetricName: 'Age' }, Period: 60, Stat: 'Maximum' };
        const Metrics = [
          { Id: 'double', Expression: '2 * age', ReturnData: true },
          { Id: 'age', MetricStat, ReturnData: false },
        ];
        const none = { Namespace: undefined, MetricName: undefined, Statistic: undefined, Period: undefined };
        const { cloudWatch, describe } = await alarm(target, { ...none, Metrics });
        await target.until(async () => {
          await cloudWatch.send(
            new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: 'Age', Value: 60 }] }),
          );
          expect(await describe()).toMatchObject({ StateValue: 'ALARM', Metrics });
        });
        const both = await refusal(
          alarm(target, { ...none, Metrics: Metrics.map((query) => ({ ...query, ReturnData: true })) }),
        );
        expect(both.name).toMatch(/Validation|InvalidParameter/);
      },
    },
    {
      operation: 'DescribeAlarms',
      claim: 'shows an alarm go off when its metric crosses the threshold',
      source: userGuide('Using Amazon CloudWatch alarms'),
      async run(target) {
        const { cloudWatch, input, describe } = await alarm(target);
        await target.until(async () => {
          const MetricData = [{ MetricName: 'Age', Value: 150 }];
          await cloudWatch.send(new PutMetricDataCommand({ Namespace: input.Namespace, MetricData }));
          expect((await describe())?.StateValue).toBe('ALARM');
        });
      },
    },
    {
      operation: 'SetAlarmState',
      claim: 'sets state and reason',
      source: reference('SetAlarmState'),
      async run(target) {
        const { cloudWatch, AlarmName, describe } = await alarm(target);
        const state = { StateValue: 'OK', StateReason: 'told so' } as const;
        await cloudWatch.send(new SetAlarmStateCommand({ AlarmName, ...state }));
        expect(await describe()).toMatchObject(state);
      },
    },
    {
      operation: 'DeleteAlarms',
      claim: 'deletes none when one of them is not there',
      source: reference('DeleteAlarms'),
      async run(target) {
        const { cloudWatch, AlarmName, describe } = await alarm(target);
        const AlarmNames = [AlarmName, target.name()];
        expect((await refusal(cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames })))).name).toMatch(
          /ResourceNotFound/,
        );
        expect(await describe()).toBeDefined();
      },
    },
    ...(['TagResource', 'UntagResource', 'ListTagsForResource'] as const).map((operation) => ({
      operation,
      claim: 'goes by the ARN of an alarm',
      source: reference(operation),
      async run(target: Target) {
        const { cloudWatch, describe } = await alarm(target, { Tags: [{ Key: 'team', Value: 'a' }] });
        const ResourceARN = (await describe())?.AlarmArn;
        await cloudWatch.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: 'stage', Value: 'dev' }] }));
        await cloudWatch.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['team'] }));
        const { Tags } = await cloudWatch.send(new ListTagsForResourceCommand({ ResourceARN }));
        expect(Tags).toEqual([{ Key: 'stage', Value: 'dev' }]);
      },
    })),
    ...dashboardClaims,
  ],
};
