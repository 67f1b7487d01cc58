import type { MetricDatum, PutMetricDataCommandInput, PutMetricDataCommandOutput } from '@aws-sdk/client-cloudwatch';
import { lengthBetween, sizeBetween } from '../../constraints.ts';
import { recordMetric } from '../../metrics/metric-store.ts';
import { type StatisticSet, setOf } from '../../metrics/statistics.ts';
import { operation } from '../../service.ts';
import { invalidParameter, missingParameter, unsupported, validate } from './errors.ts';
import { dimensionsOf } from './metric-values.ts';

/** PutMetricData, CloudWatch API Reference: 1,000 metrics a request, from two weeks ago to two hours ahead. */
const mostData = 1000;
const oldestMs = 14 * 24 * 3_600_000;
const farthestMs = 2 * 3_600_000;

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
