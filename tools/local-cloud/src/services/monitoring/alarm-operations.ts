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
import { oneOf } from '../../constraints.ts';
import { isBasic } from '../../metrics/statistic-names.ts';
import { type Call, type Demand, operation } from '../../service.ts';
import { changeState } from './alarm-actions.ts';
import { alarmArn, alarmNamed, alarmsOf, dimensionList, type Measure, type StoredAlarm } from './alarms.ts';
import { validate } from './errors.ts';
import { startEvaluation } from './evaluate.ts';
import { readAlarm } from './read-alarm.ts';

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
    ...describedMeasure(alarm.measure),
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparison,
    TreatMissingData: alarm.treatMissingData,
  };
}

function describedMeasure(measure: Measure): Partial<MetricAlarm> {
  if ('queries' in measure) return { Metrics: [...measure.queries] };
  const { metric, statistic, period, unit } = measure;
  return {
    Namespace: metric.namespace,
    MetricName: metric.name,
    Dimensions: dimensionList(metric),
    ...(isBasic(statistic) ? { Statistic: statistic } : { ExtendedStatistic: statistic }),
    Period: period,
    Unit: unit as StandardUnit | undefined,
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

function demand(action: string, name: string | undefined, call: Call): Demand {
  return { action: `cloudwatch:${action}`, resource: alarmArn(name ?? '', call) };
}
