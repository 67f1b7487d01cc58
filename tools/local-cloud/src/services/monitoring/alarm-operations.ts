import type {
  DeleteAlarmsCommandInput,
  DeleteAlarmsCommandOutput,
  DescribeAlarmsCommandInput,
  DescribeAlarmsCommandOutput,
  MetricAlarm,
  PutMetricAlarmCommandInput,
  PutMetricAlarmCommandOutput,
  SetAlarmStateCommandInput,
  SetAlarmStateCommandOutput,
  StandardUnit,
} from '@aws-sdk/client-cloudwatch';
import { between, lengthBetween, oneOf } from '../../constraints.ts';
import { isBasic } from '../../metrics/statistic-names.ts';
import { type Call, type Demand, operation } from '../../service.ts';
import { changeState, readActions } from './alarm-actions.ts';
import {
  alarmNamed,
  alarmsOf,
  type Comparison,
  comparisons,
  missingDataTreatments,
  type StoredAlarm,
} from './alarms.ts';
import { invalidCombination, missingParameter, unsupported, validate } from './errors.ts';
import { startEvaluation } from './evaluate.ts';
import { basicStatisticNamed, checkPeriod, dimensionsOf, statisticNamed } from './metric-data.ts';

export const putMetricAlarm = operation<PutMetricAlarmCommandInput, PutMetricAlarmCommandOutput>({
  demands: (input, call) => [demand('PutMetricAlarm', input.AlarmName, call)],
  run(input, call) {
    const alarms = alarmsOf(call.cloud, call);
    const before = alarms.get(input.AlarmName ?? '');
    const alarm = readAlarm(input, before, call);
    alarms.set(alarm.name, alarm);
    startEvaluation(call.cloud);
    return {};
  },
});

/** Members without counterpart here. */
const foreign = ['EvaluateLowSampleCountPercentile', 'Metrics', 'ThresholdMetricId'] as const;

function readAlarm(input: PutMetricAlarmCommandInput, before: StoredAlarm | undefined, call: Call): StoredAlarm {
  validate(
    lengthBetween('alarmName', input.AlarmName, 1, 255),
    lengthBetween('alarmDescription', input.AlarmDescription, 0, 1024),
    between('evaluationPeriods', input.EvaluationPeriods, 1, Number.MAX_SAFE_INTEGER),
    between('datapointsToAlarm', input.DatapointsToAlarm, 1, input.EvaluationPeriods ?? 1),
    oneOf('comparisonOperator', input.ComparisonOperator, Object.keys(comparisons)),
    oneOf('treatMissingData', input.TreatMissingData, missingDataTreatments),
  );
  for (const name of foreign) {
    const value = input[name];
    if (Array.isArray(value) ? value.length > 0 : value !== undefined) throw unsupported(`${name} of an alarm`);
  }
  for (const name of ['MetricName', 'Namespace', 'Period', 'Threshold', 'EvaluationPeriods'] as const) {
    if (input[name] === undefined) throw missingParameter(name);
  }
  checkPeriod(input.Period ?? 60);
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
    metric: {
      namespace: input.Namespace as string,
      name: input.MetricName as string,
      dimensions: dimensionsOf(input.Dimensions),
    },
    statistic: statisticOf(input),
    period: input.Period as number,
    unit: input.Unit,
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

function statisticOf({ Statistic, ExtendedStatistic }: PutMetricAlarmCommandInput): string {
  if (Statistic !== undefined && ExtendedStatistic !== undefined) {
    throw invalidCombination('The parameters Statistic and ExtendedStatistic cannot be specified together.');
  }
  if (Statistic !== undefined) return basicStatisticNamed(Statistic);
  if (ExtendedStatistic === undefined) throw missingParameter('Statistic');
  return statisticNamed(ExtendedStatistic);
}

export const describeAlarms = operation<DescribeAlarmsCommandInput, DescribeAlarmsCommandOutput>({
  run(input, call) {
    const names = input.AlarmNames;
    const types = input.AlarmTypes ?? ['MetricAlarm'];
    const found = [...alarmsOf(call.cloud, call).values()].filter(
      ({ name, state }) =>
        types.includes('MetricAlarm') &&
        (!names?.length || names.includes(name)) &&
        (input.AlarmNamePrefix === undefined || name.startsWith(input.AlarmNamePrefix)) &&
        (input.StateValue === undefined || state === input.StateValue),
    );
    const sorted = found.sort((a, b) => (a.name < b.name ? -1 : 1));
    const start = Number(input.NextToken ?? 0);
    const end = start + Math.min(input.MaxRecords ?? 50, 100);
    return {
      MetricAlarms: sorted.slice(start, end).map(described),
      CompositeAlarms: [],
      ...(end < sorted.length && { NextToken: String(end) }),
    };
  },
});

function described(alarm: StoredAlarm): MetricAlarm {
  return {
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    AlarmDescription: alarm.description,
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configured),
    ActionsEnabled: alarm.actionsEnabled,
    AlarmActions: [...alarm.actions.ALARM],
    OKActions: [...alarm.actions.OK],
    InsufficientDataActions: [...alarm.actions.INSUFFICIENT_DATA],
    StateValue: alarm.state,
    StateReason: alarm.reason,
    StateUpdatedTimestamp: new Date(alarm.stateUpdated),
    StateTransitionedTimestamp: new Date(alarm.stateChanged),
    Namespace: alarm.metric.namespace,
    MetricName: alarm.metric.name,
    Dimensions: Object.entries(alarm.metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
    ...(isBasic(alarm.statistic) ? { Statistic: alarm.statistic } : { ExtendedStatistic: alarm.statistic }),
    Period: alarm.period,
    Unit: alarm.unit as StandardUnit | undefined,
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparison,
    TreatMissingData: alarm.treatMissingData,
  };
}

export const deleteAlarms = operation<DeleteAlarmsCommandInput, DeleteAlarmsCommandOutput>({
  demands: (input, call) => (input.AlarmNames ?? []).map((name) => demand('DeleteAlarms', name, call)),
  run(input, call) {
    const alarms = alarmsOf(call.cloud, call);
    // All or none: "If you specify an incorrect alarm name, none of the alarms are deleted."
    for (const name of input.AlarmNames ?? []) alarmNamed(name, call);
    for (const name of input.AlarmNames ?? []) alarms.delete(name);
    return {};
  },
});

export const setAlarmState = operation<SetAlarmStateCommandInput, SetAlarmStateCommandOutput>({
  demands: (input, call) => [demand('SetAlarmState', input.AlarmName, call)],
  run(input, call) {
    validate(oneOf('stateValue', input.StateValue, ['OK', 'ALARM', 'INSUFFICIENT_DATA']));
    const state = input.StateValue as StoredAlarm['state'];
    changeState(call.cloud, call, alarmNamed(input.AlarmName, call), state, input.StateReason ?? '');
    return {};
  },
});

function alarmArn(name: string, { account, region }: Call): string {
  return `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;
}

function demand(action: string, name: string | undefined, call: Call): Demand {
  return { action: `cloudwatch:${action}`, resource: alarmArn(name ?? '', call) };
}
