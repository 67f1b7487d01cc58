import type {
  Dimension,
  GetMetricDataCommandInput,
  GetMetricDataCommandOutput,
  GetMetricStatisticsCommandInput,
  GetMetricStatisticsCommandOutput,
  ListMetricsCommandInput,
  ListMetricsCommandOutput,
  MetricDatum,
  PutMetricDataCommandInput,
  PutMetricDataCommandOutput,
  StandardUnit,
} from '@aws-sdk/client-cloudwatch';
import { between, lengthBetween, oneOf, sizeBetween } from '../../constraints.ts';
import { metricKey, metricsOf, recordMetric, type Scope, statisticsBetween } from '../../metrics/metric-store.ts';
import { anyStatistic, basicStatistics } from '../../metrics/statistic-names.ts';
import { statisticValue } from '../../metrics/statistic-value.ts';
import { type StatisticSet, setOf } from '../../metrics/statistics.ts';
import { type Call, operation } from '../../service.ts';
import { invalidCombination, invalidParameter, missingParameter, unsupported, validate } from './errors.ts';

/** PutMetricData, CloudWatch API Reference: 1,000 metrics a request, from two weeks ago to two hours ahead. */
const mostData = 1000;
const oldestMs = 14 * 24 * 3_600_000;
const farthestMs = 2 * 3_600_000;
/** GetMetricStatistics: "the maximum number of data points returned from a single call is 1,440". */
const mostPoints = 1440;

export const putMetricData = operation<PutMetricDataCommandInput, PutMetricDataCommandOutput>({
  run(input, call) {
    const namespace = input.Namespace ?? '';
    validate(
      lengthBetween('namespace', namespace, 1, 255),
      sizeBetween('metricData', input.MetricData?.length ?? 0, 0, mostData),
    );
    if (namespace.startsWith('AWS/')) throw invalidParameter('The value AWS/ for parameter Namespace is invalid.');
    if (input.EntityMetricData?.length) throw unsupported('EntityMetricData');
    const now = call.cloud.clock.now();
    const data = (input.MetricData ?? []).map((datum, i) => readDatum(datum, `MetricData.member.${i + 1}`, now));
    for (const { name, dimensions, values, unit, time } of data) {
      recordMetric(call.cloud, call, { namespace, name, dimensions }, values, { unit, time });
    }
    return {};
  },
});

function readDatum(datum: MetricDatum, member: string, now: number) {
  if (!datum.MetricName) throw missingParameter(`${member}.MetricName`);
  const time = datum.Timestamp?.getTime() ?? now;
  if (time < now - oldestMs || time > now + farthestMs) {
    throw invalidParameter(
      `The parameter ${member}.Timestamp must specify a time no more than two weeks in the past and two hours in the future.`,
    );
  }
  return {
    name: datum.MetricName,
    dimensions: dimensionsOf(datum.Dimensions),
    values: valuesOf(datum, member),
    unit: datum.Unit,
    time,
  };
}

function valuesOf({ Value, Values, Counts, StatisticValues }: MetricDatum, member: string): StatisticSet {
  if (StatisticValues) {
    const { SampleCount = 0, Sum = 0, Minimum = 0, Maximum = 0 } = StatisticValues;
    return { sampleCount: SampleCount, sum: Sum, minimum: Minimum, maximum: Maximum };
  }
  const values = Value === undefined ? (Values ?? []) : [Value];
  if (values.length === 0) throw missingParameter(`${member}.Value`);
  if (values.some((value) => !Number.isFinite(value))) {
    throw invalidParameter(`The value of parameter ${member}.Value must be a finite number.`);
  }
  return setOf(values, Counts);
}

export const getMetricStatistics = operation<GetMetricStatisticsCommandInput, GetMetricStatisticsCommandOutput>({
  run(input, call) {
    const { Namespace = '', MetricName = '', StartTime, EndTime, Period = 60, Statistics = [] } = input;
    const { ExtendedStatistics = [] } = input;
    // "When calling GetMetricStatistics, you must specify either Statistics or ExtendedStatistics, but not both."
    if (Statistics.length === 0 && ExtendedStatistics.length === 0) throw missingParameter('Statistics');
    if (Statistics.length > 0 && ExtendedStatistics.length > 0) {
      throw invalidCombination('The parameters Statistics and ExtendedStatistics cannot be specified together.');
    }
    for (const name of Statistics) basicStatisticNamed(name);
    for (const name of ExtendedStatistics) statisticNamed(name);
    checkPeriod(Period);
    const [start, end] = [StartTime?.getTime() ?? 0, EndTime?.getTime() ?? 0];
    if (start >= end) throw invalidParameter('The parameter StartTime must be less than the parameter EndTime.');
    if ((end - start) / (Period * 1000) > mostPoints) {
      throw invalidParameter(
        `You have requested up to ${Math.ceil((end - start) / (Period * 1000))} datapoints, which exceeds the limit of ${mostPoints}.`,
      );
    }
    const metric = { namespace: Namespace, name: MetricName, dimensions: dimensionsOf(input.Dimensions) };
    const unit = metricsOf(call.cloud, call).get(metricKey(metric))?.unit as StandardUnit | undefined;
    const Datapoints = series(call, metric, { start, end, periodMs: Period * 1000 }).map(({ time, values }) => ({
      Timestamp: new Date(time),
      Unit: unit,
      ...Object.fromEntries(Statistics.map((name) => [name, statisticValue(values, name)])),
      ...(ExtendedStatistics.length > 0 && { ExtendedStatistics: extended(values, ExtendedStatistics) }),
    }));
    return { Label: MetricName, Datapoints };
  },
});

export const getMetricData = operation<GetMetricDataCommandInput, GetMetricDataCommandOutput>({
  run(input, call) {
    const [start, end] = [input.StartTime?.getTime() ?? 0, input.EndTime?.getTime() ?? 0];
    if (start >= end) throw invalidParameter('The parameter StartTime must be less than the parameter EndTime.');
    const MetricDataResults = (input.MetricDataQueries ?? []).map(({ Id, Label, MetricStat, Expression }) => {
      if (Expression !== undefined || !MetricStat) throw unsupported('metric math: ask for MetricStat');
      const { Metric, Period = 60, Stat } = MetricStat;
      checkPeriod(Period);
      const metric = {
        namespace: Metric?.Namespace ?? '',
        name: Metric?.MetricName ?? '',
        dimensions: dimensionsOf(Metric?.Dimensions),
      };
      const stat = statisticNamed(Stat);
      const points = series(call, metric, { start, end, periodMs: Period * 1000 }).flatMap(({ time, values }) => {
        const value = statisticValue(values, stat);
        return value === undefined ? [] : [{ time, value }];
      });
      if (input.ScanBy !== 'TimestampAscending') points.reverse();
      return {
        Id,
        Label: Label ?? metric.name,
        StatusCode: 'Complete' as const,
        Timestamps: points.map(({ time }) => new Date(time)),
        Values: points.map(({ value }) => value),
      };
    });
    return { MetricDataResults, Messages: [] };
  },
});

export const listMetrics = operation<ListMetricsCommandInput, ListMetricsCommandOutput>({
  run(input, call) {
    const wanted = input.Dimensions ?? [];
    const found = [...metricsOf(call.cloud, call).values()].filter(
      ({ namespace, name, dimensions }) =>
        (input.Namespace === undefined || namespace === input.Namespace) &&
        (input.MetricName === undefined || name === input.MetricName) &&
        wanted.every(
          ({ Name = '', Value }) => Name in dimensions && (Value === undefined || dimensions[Name] === Value),
        ),
    );
    return {
      Metrics: found.map(({ namespace, name, dimensions }) => ({
        Namespace: namespace,
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      })),
    };
  },
});

/** The periods with data, aligned to the period's length, in order. */
function series(
  call: Call & Scope,
  metric: Parameters<typeof metricKey>[0],
  { start, end, periodMs }: { start: number; end: number; periodMs: number },
): { time: number; values: StatisticSet }[] {
  const stored = metricsOf(call.cloud, call).get(metricKey(metric));
  const times = new Set([...(stored?.minutes.keys() ?? [])].map((minute) => Math.floor(minute / periodMs) * periodMs));
  return [...times]
    .filter((time) => time >= Math.floor(start / periodMs) * periodMs && time < end)
    .sort((a, b) => a - b)
    .flatMap((time) => {
      const values = statisticsBetween(stored, time, time + periodMs);
      return values ? [{ time, values }] : [];
    });
}

export function dimensionsOf(dimensions: readonly Dimension[] | undefined): Record<string, string> {
  validate(sizeBetween('dimensions', dimensions?.length ?? 0, 0, 30));
  return Object.fromEntries((dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value]));
}

export function checkPeriod(period: number): void {
  validate(between('period', period, 1, 604_800));
  if (period % 60 !== 0)
    throw unsupported(`a period of ${period} seconds: metrics are kept by the minute, use a multiple of 60`);
}

function extended(values: StatisticSet, names: readonly string[]): Record<string, number> {
  const entries = names.map((name) => [name, statisticValue(values, name)] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, number] => entry[1] !== undefined));
}

export function basicStatisticNamed(name: string): string {
  validate(oneOf('statistic', name, basicStatistics));
  return name;
}

/** Any statistic there is, extended ones included. */
export function statisticNamed(name = ''): string {
  if (anyStatistic.test(name)) return name;
  throw invalidParameter(`The value ${name} for parameter ExtendedStatistic is not supported.`);
}
