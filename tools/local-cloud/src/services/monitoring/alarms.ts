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

export interface StoredAlarm {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly metric: Metric;
  /** `Sum`, `p99.9`. */
  readonly statistic: string;
  /** Seconds. */
  readonly period: number;
  readonly unit: string | undefined;
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

const store = 'monitoring';

export function alarmsOf(cloud: Cloud, { account, region }: Scope): Map<string, StoredAlarm> {
  return cloud.store(store, account, region, () => ({ alarms: new Map<string, StoredAlarm>() })).alarms;
}

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
