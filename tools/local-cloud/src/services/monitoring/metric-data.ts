import type {
  GetMetricDataCommandInput,
  GetMetricDataCommandOutput,
  GetMetricStatisticsCommandInput,
  GetMetricStatisticsCommandOutput,
  ListMetricsCommandInput,
  ListMetricsCommandOutput,
  StandardUnit,
} from '@aws-sdk/client-cloudwatch';
import { sizeBetween } from '../../constraints.ts';
import { metricKey, metricsOf } from '../../metrics/metric-store.ts';
import { statisticValue } from '../../metrics/statistic-value.ts';
import type { StatisticSet } from '../../metrics/statistics.ts';
import { operation } from '../../service.ts';
import { invalidCombination, invalidParameter, missingParameter, validate } from './errors.ts';
import { evaluateQueries, periodOf, pointsOf, readQueries } from './metric-queries.ts';
import { basicStatisticNamed, checkPeriod, dimensionsOf, statisticNamed } from './metric-values.ts';

/** GetMetricStatistics: "the maximum number of data points returned from a single call is 1,440". */
const mostPoints = 1440;
/** GetMetricData: "A single GetMetricData call can include up to 500 MetricDataQuery structures". */
const mostQueries = 500;

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
    const stored = metricsOf(call.cloud, call).get(metricKey(metric));
    const unit = stored?.unit as StandardUnit | undefined;
    const isOfUnit = input.Unit === undefined || input.Unit === unit;
    const points = isOfUnit ? pointsOf(stored, { start, end, periodMs: Period * 1000 }) : [];
    const Datapoints = points.map(({ time, values }) => ({
      Timestamp: new Date(time),
      Unit: unit,
      ...Object.fromEntries(Statistics.map((name) => [name, statisticValue(values, name)])),
      ...(ExtendedStatistics.length > 0 && { ExtendedStatistics: extended(values, ExtendedStatistics) }),
    }));
    return { Label: MetricName, Datapoints };
  },
});

function extended(values: StatisticSet, names: readonly string[]): Record<string, number> {
  const entries = names.map((name) => [name, statisticValue(values, name)] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, number] => entry[1] !== undefined));
}

export const getMetricData = operation<GetMetricDataCommandInput, GetMetricDataCommandOutput>({
  run(input, call) {
    const [start, end] = [input.StartTime?.getTime() ?? 0, input.EndTime?.getTime() ?? 0];
    if (start >= end) throw invalidParameter('The parameter StartTime must be less than the parameter EndTime.');
    validate(sizeBetween('metricDataQueries', input.MetricDataQueries?.length ?? 0, 1, mostQueries));
    const queries = readQueries(input.MetricDataQueries ?? [], call);
    const periodMs = periodOf(queries);
    const range = { start: Math.floor(start / periodMs) * periodMs, end, periodMs };
    const results = evaluateQueries(call.cloud, call, queries, range);
    const isAscending = input.ScanBy === 'TimestampAscending';
    return {
      MetricDataResults: results.flatMap(({ query, series }) =>
        series.map(({ label, points }) => {
          const ordered = isAscending ? [...points] : [...points].reverse();
          return {
            Id: query.id,
            Label: label,
            StatusCode: 'Complete' as const,
            Timestamps: ordered.map(([time]) => new Date(time)),
            Values: ordered.map(([, value]) => value),
          };
        }),
      ),
      Messages: [],
    };
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
