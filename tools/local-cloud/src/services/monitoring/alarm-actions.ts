import { randomUUID } from 'node:crypto';
import { serviceCaller } from '../../iam/service-caller.ts';
import type { Scope } from '../../metrics/metric-store.ts';
import { isBasic } from '../../metrics/statistic-names.ts';
import type { Cloud } from '../../service.ts';
import { type AlarmState, type Measure, queriesOf, type StoredAlarm, setState } from './alarms.ts';
import { invalidParameter, unsupported } from './errors.ts';
import { regionName } from './region-names.ts';

/** "PutMetricAlarm", API Reference: up to five actions for each state. */
const mostActions = 5;

/** Reads the actions of one state. Throws InvalidParameterValue, or NotImplementedException for actions nobody would take. */
export function readActions(name: string, arns: readonly string[] = [], region: string): readonly string[] {
  if (arns.length > mostActions) throw invalidParameter(`${name} must not have more than ${mostActions} actions.`);
  for (const arn of arns) {
    const [, , service, arnRegion] = arn.split(':');
    if (!/^arn:aws:[a-z0-9-]+:[a-z0-9-]*:/.test(arn)) throw invalidParameter(`Invalid arn syntax: ${arn}`);
    if (service !== 'sns' && service !== 'lambda') {
      throw unsupported(`the alarm action ${arn}: there are topics of SNS and Lambda functions`);
    }
    if (arnRegion !== region)
      throw invalidParameter(`Invalid region ${arnRegion} specified. Only ${region} is supported.`);
  }
  return arns;
}

interface Change {
  readonly previous: { readonly state: AlarmState; readonly reason: string; readonly stateUpdated: number };
  readonly now: number;
}

/** Puts an alarm into a state, and takes the actions it has for it when that is another one than before. */
export function changeState(cloud: Cloud, scope: Scope, alarm: StoredAlarm, state: AlarmState, reason: string): void {
  const { state: before, reason: reasonBefore, stateUpdated } = alarm;
  const now = cloud.clock.now();
  setState(alarm, state, reason, now);
  if (before === state || !alarm.actionsEnabled) return;
  const change = { previous: { state: before, reason: reasonBefore, stateUpdated }, now };
  for (const arn of alarm.actions[state]) void act(cloud, scope, alarm, arn, change);
}

/** Never rejects: an action that fails is in the cloud's log, as it is in the alarm's history on AWS. */
async function act(cloud: Cloud, scope: Scope, alarm: StoredAlarm, arn: string, change: Change): Promise<void> {
  const isTopic = arn.split(':')[2] === 'sns';
  // "Invoke a Lambda function from an alarm": functions know alarms under a principal of their own.
  const principal = isTopic ? 'cloudwatch.amazonaws.com' : 'lambda.alarms.cloudwatch.amazonaws.com';
  const caller = serviceCaller(principal, scope.account, alarm.arn);
  // What the alarm was told of is as it is now, not as it may be when somebody reads it.
  const { service, operation, input } = isTopic
    ? publication(alarm, arn, change, scope)
    : invocation(alarm, arn, change, scope);
  try {
    await cloud.call(service, operation, input, { caller, region: scope.region });
  } catch (error) {
    cloud.log(`monitoring: the action ${arn} of alarm ${alarm.name} failed: ${(error as Error).message}`);
  }
}

/** `2026-01-01T12:00:00.000+0000` */
const stamp = (time: number) => new Date(time).toISOString().replace('Z', '+0000');

/** The notification that a topic gets ("Notifying users on alarm changes", CloudWatch User Guide). */
function publication(alarm: StoredAlarm, TopicArn: string, { previous, now }: Change, { account, region }: Scope) {
  const { actions } = alarm;
  const Message = JSON.stringify({
    AlarmName: alarm.name,
    AlarmDescription: alarm.description ?? null,
    AWSAccountId: account,
    AlarmConfigurationUpdatedTimestamp: stamp(alarm.configured),
    NewStateValue: alarm.state,
    NewStateReason: alarm.reason,
    StateChangeTime: stamp(now),
    Region: regionName(region),
    AlarmArn: alarm.arn,
    OldStateValue: previous.state,
    OKActions: actions.OK,
    AlarmActions: actions.ALARM,
    InsufficientDataActions: actions.INSUFFICIENT_DATA,
    Trigger: {
      ...trigger(alarm.measure),
      EvaluationPeriods: alarm.evaluationPeriods,
      ...(alarm.datapointsToAlarm !== undefined && { DatapointsToAlarm: alarm.datapointsToAlarm }),
      ComparisonOperator: alarm.comparison,
      Threshold: alarm.threshold,
      TreatMissingData: alarm.treatMissingData ?? 'missing',
      EvaluateLowSampleCountPercentile: '',
    },
  });
  // SNS takes 100 characters; names of alarms may have 255.
  const Subject = `${alarm.state}: "${alarm.name}" in ${regionName(region)}`.slice(0, 100);
  return { service: 'sns', operation: 'Publish', input: { TopicArn, Message, Subject } };
}

/** The event that a function gets ("Invoke a Lambda function from an alarm", CloudWatch User Guide). */
function invocation(alarm: StoredAlarm, FunctionName: string, { previous, now }: Change, { account, region }: Scope) {
  const event = {
    source: 'aws.cloudwatch',
    alarmArn: alarm.arn,
    accountId: account,
    time: stamp(now),
    region,
    alarmData: {
      alarmName: alarm.name,
      state: { value: alarm.state, reason: alarm.reason, timestamp: stamp(now) },
      previousState: { value: previous.state, reason: previous.reason, timestamp: stamp(previous.stateUpdated) },
      configuration: {
        description: alarm.description,
        metrics: measured(alarm.measure),
      },
    },
  };
  const Payload = new Uint8Array(Buffer.from(JSON.stringify(event)));
  return { service: 'lambda', operation: 'Invoke', input: { FunctionName, InvocationType: 'Event', Payload } };
}

/** What the notification says of the metric, or of the queries. */
function trigger(measure: Measure): object {
  if ('queries' in measure) {
    const Metrics = measure.queries.map(({ MetricStat: stat, ReturnData = true, ...query }) => ({
      ...query,
      ...(stat && {
        MetricStat: {
          ...stat,
          Metric: {
            ...stat.Metric,
            Dimensions: stat.Metric?.Dimensions?.map(({ Name: name, Value: value }) => ({ value, name })) ?? [],
          },
        },
      }),
      ReturnData,
    }));
    return { Metrics };
  }
  const { metric, statistic, period, unit } = measure;
  return {
    MetricName: metric.name,
    Namespace: metric.namespace,
    ...(isBasic(statistic)
      ? { StatisticType: 'Statistic', Statistic: statistic.replace(/(?<=[a-z])(?=[A-Z])/, '_').toUpperCase() }
      : { StatisticType: 'ExtendedStatistic', ExtendedStatistic: statistic }),
    Unit: unit ?? null,
    Dimensions: Object.entries(metric.dimensions).map(([name, value]) => ({ value, name })),
    Period: period,
  };
}

/** What the event says of them. */
function measured(measure: Measure): readonly object[] {
  return queriesOf(measure).map(({ Id, Expression: expression, Label: label, MetricStat, ReturnData = true }) => {
    const { Metric, Period: period, Stat: stat, Unit: unit } = MetricStat ?? {};
    const dimensions = Object.fromEntries((Metric?.Dimensions ?? []).map(({ Name = '', Value }) => [Name, Value]));
    return {
      id: 'queries' in measure ? Id : randomUUID(),
      expression,
      label,
      ...(MetricStat && {
        metricStat: {
          metric: { namespace: Metric?.Namespace, name: Metric?.MetricName, dimensions },
          period,
          stat,
          unit,
        },
      }),
      returnData: ReturnData,
    };
  });
}
