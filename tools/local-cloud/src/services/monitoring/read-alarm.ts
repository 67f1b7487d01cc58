import type { PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { between, lengthBetween, oneOf, sizeBetween } from '../../constraints.ts';
import type { Call } from '../../service.ts';
import { readActions } from './alarm-actions.ts';
import {
  alarmArn,
  type Comparison,
  comparisons,
  type Measure,
  missingDataTreatments,
  type StoredAlarm,
} from './alarms.ts';
import { invalidCombination, invalidParameter, missingParameter, unsupported, validate } from './errors.ts';
import { evaluateQueries, periodOf, readQueries } from './metric-queries.ts';
import { basicStatisticNamed, checkPeriod, dimensionsOf, statisticNamed } from './metric-values.ts';

/** Members without counterpart here. */
const foreign = ['EvaluateLowSampleCountPercentile', 'ThresholdMetricId'] as const;
/** "The number of MetricDataQuery structures" of an alarm, PutMetricAlarm. */
const mostQueries = 20;

/** The alarm that PutMetricAlarm asks for; its state is that of the one there was. Throws what is wrong with it. */
export function readAlarm(input: PutMetricAlarmCommandInput, before: StoredAlarm | undefined, call: Call): StoredAlarm {
  validate(
    lengthBetween('alarmName', input.AlarmName, 1, 255),
    lengthBetween('alarmDescription', input.AlarmDescription, 0, 1024),
    between('evaluationPeriods', input.EvaluationPeriods, 1, Number.MAX_SAFE_INTEGER),
    between('datapointsToAlarm', input.DatapointsToAlarm, 1, input.EvaluationPeriods ?? 1),
    oneOf('comparisonOperator', input.ComparisonOperator, Object.keys(comparisons)),
    oneOf('treatMissingData', input.TreatMissingData, missingDataTreatments),
  );
  for (const name of foreign) if (input[name] !== undefined) throw unsupported(`${name} of an alarm`);
  for (const name of ['Threshold', 'EvaluationPeriods'] as const) {
    if (input[name] === undefined) throw missingParameter(name);
  }
  const measure = input.Metrics?.length ? readMetrics(input, call) : readMetric(input);
  const actions = {
    OK: readActions('OKActions', input.OKActions, call.region),
    ALARM: readActions('AlarmActions', input.AlarmActions, call.region),
    INSUFFICIENT_DATA: readActions('InsufficientDataActions', input.InsufficientDataActions, call.region),
  };
  const now = call.cloud.clock.now();
  const name = input.AlarmName as string;
  return {
    name,
    arn: alarmArn(name, call),
    description: input.AlarmDescription,
    measure,
    evaluationPeriods: input.EvaluationPeriods as number,
    datapointsToAlarm: input.DatapointsToAlarm,
    threshold: input.Threshold as number,
    comparison: input.ComparisonOperator as Comparison,
    treatMissingData: missingDataTreatments.find((treatment) => treatment === input.TreatMissingData),
    actionsEnabled: input.ActionsEnabled ?? true,
    actions,
    configured: now,
    // "When you update an existing alarm, its state is left unchanged", PutMetricAlarm.
    state: before?.state ?? 'INSUFFICIENT_DATA',
    reason: before?.reason ?? 'Unchecked: Initial alarm creation',
    stateUpdated: before?.stateUpdated ?? now,
    stateChanged: before?.stateChanged ?? now,
    // Tags of an update are ignored, TagResource changes them.
    tags: before?.tags ?? new Map((input.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
  };
}

function readMetric(input: PutMetricAlarmCommandInput): Measure {
  for (const name of ['MetricName', 'Namespace', 'Period'] as const) {
    if (input[name] === undefined) throw missingParameter(name);
  }
  const period = input.Period as number;
  checkPeriod(period);
  return {
    metric: {
      namespace: input.Namespace as string,
      name: input.MetricName as string,
      dimensions: dimensionsOf(input.Dimensions),
    },
    statistic: statisticOf(input),
    period,
    unit: input.Unit,
  };
}

function statisticOf({ Statistic, ExtendedStatistic }: PutMetricAlarmCommandInput): string {
  if (Statistic !== undefined && ExtendedStatistic !== undefined) {
    throw invalidCombination('The parameters Statistic and ExtendedStatistic cannot be specified together.');
  }
  if (Statistic !== undefined) return basicStatisticNamed(Statistic);
  if (ExtendedStatistic === undefined) throw missingParameter('Statistic');
  return statisticNamed(ExtendedStatistic);
}

/** "If you use the Metrics parameter, you cannot include" what describes one metric, PutMetricAlarm. */
const ofOneMetric = ['Dimensions', 'ExtendedStatistic', 'MetricName', 'Namespace', 'Period', 'Statistic'] as const;

function readMetrics(input: PutMetricAlarmCommandInput, call: Call): Measure {
  const queries = input.Metrics ?? [];
  validate(sizeBetween('metrics', queries.length, 1, mostQueries));
  for (const name of ofOneMetric) {
    const value = input[name];
    if (Array.isArray(value) ? value.length > 0 : value !== undefined) {
      throw invalidCombination(`The parameters Metrics and ${name} cannot be specified together.`);
    }
  }
  const read = readQueries(queries, call);
  const periodMs = periodOf(read);
  if (read.filter(({ returnData }) => returnData).length !== 1) {
    throw invalidParameter('Exactly one element of the Metrics list should return data.');
  }
  const now = call.cloud.clock.now();
  const [returned] = evaluateQueries(call.cloud, call, read, { start: now - periodMs, end: now, periodMs });
  if (returned?.series.length !== 1) throw invalidParameter('The Metrics of an alarm should be a single time series.');
  return { queries };
}
