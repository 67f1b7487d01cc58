import type { MetricDataQuery, StandardUnit } from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../errors.ts';
import type { Metric, Scope } from '../../metrics/metric-store.ts';
import type { Call, Cloud } from '../../service.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
export const missingDataTreatments = ['breaching', 'notBreaching', 'ignore', 'missing'] as const;

export const comparisons = {
  GreaterThanOrEqualToThreshold: {
    holds: (value: number, threshold: number) => value >= threshold,
    words: 'greater than or equal to',
  },
  GreaterThanThreshold: { holds: (value: number, threshold: number) => value > threshold, words: 'greater than' },
  LessThanThreshold: { holds: (value: number, threshold: number) => value < threshold, words: 'less than' },
  LessThanOrEqualToThreshold: {
    holds: (value: number, threshold: number) => value <= threshold,
    words: 'less than or equal to',
  },
} as const;
export type Comparison = keyof typeof comparisons;

/** What an alarm is about: one metric, or queries of which one returns data. */
export type Measure =
  | {
      readonly metric: Metric;
      /** `Sum`, `p99.9`. */
      readonly statistic: string;
      /** Seconds. */
      readonly period: number;
      readonly unit: string | undefined;
    }
  | { readonly queries: readonly MetricDataQuery[] };

export interface StoredAlarm {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly measure: Measure;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number | undefined;
  readonly threshold: number;
  readonly comparison: Comparison;
  readonly treatMissingData: (typeof missingDataTreatments)[number] | undefined;
  readonly actionsEnabled: boolean;
  /** ARNs of topics and functions to be told of a change to each state. */
  readonly actions: Readonly<Record<AlarmState, readonly string[]>>;
  /** Milliseconds since the epoch. */
  readonly configured: number;
  state: AlarmState;
  reason: string;
  stateUpdated: number;
  stateChanged: number;
  readonly tags: Map<string, string>;
}

/** Dimensions as the API lists them. */
export const dimensionList = ({ dimensions }: Metric) =>
  Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));

/** An alarm's measure as queries, whichever it is. */
export function queriesOf(measure: Measure): readonly MetricDataQuery[] {
  if ('queries' in measure) return measure.queries;
  const { metric, period: Period, statistic: Stat, unit } = measure;
  const Metric = { Namespace: metric.namespace, MetricName: metric.name, Dimensions: dimensionList(metric) };
  return [{ Id: 'm1', MetricStat: { Metric, Period, Stat, ...(unit && { Unit: unit as StandardUnit }) } }];
}

const store = 'monitoring';

export function alarmsOf(cloud: Cloud, { account, region }: Scope): Map<string, StoredAlarm> {
  return cloud.store(store, account, region, () => ({ alarms: new Map<string, StoredAlarm>() })).alarms;
}

export const alarmArn = (name: string, { account, region }: Scope): string =>
  `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;

export function alarmNamed(name: string | undefined, call: Call): StoredAlarm {
  const alarm = alarmsOf(call.cloud, call).get(name ?? '');
  if (!alarm) throw new AwsError('ResourceNotFound', `Unknown alarm ${name}`, { status: 404 });
  return alarm;
}

export const alarmScopes = (cloud: Cloud): readonly Scope[] => cloud.scopes(store);

export function setState(alarm: StoredAlarm, state: AlarmState, reason: string, now: number): void {
  alarm.stateUpdated = now;
  alarm.reason = reason;
  if (alarm.state === state) return;
  alarm.state = state;
  alarm.stateChanged = now;
}
