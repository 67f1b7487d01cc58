import type { Cloud } from '../service.ts';

/** What one minute holds of a metric. */
export interface StatisticSet {
  readonly sampleCount: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

export interface Metric {
  readonly namespace: string;
  readonly name: string;
  /** Values by names of dimensions. */
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface StoredMetric extends Metric {
  unit: string;
  /** By the minute's start, in milliseconds since the epoch. */
  readonly minutes: Map<number, StatisticSet>;
}

export interface Scope {
  readonly account: string;
  readonly region: string;
}

export const minuteMs = 60_000;
/** "Data points with a period of 60 seconds (1 minute) are available for 15 days", Metrics retention, CloudWatch User Guide. */
const retentionMs = 15 * 24 * 3_600_000;

export function metricsOf(cloud: Cloud, { account, region }: Scope): Map<string, StoredMetric> {
  return cloud.store('metrics', account, region, () => ({ metrics: new Map<string, StoredMetric>() })).metrics;
}

/** A metric is its namespace, its name and all of its dimensions: with others it is another metric. */
export function metricKey({ namespace, name, dimensions }: Metric): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);
}

/** Adds values to a metric at a time (milliseconds since the epoch). */
export function recordMetric(
  cloud: Cloud,
  scope: Scope,
  metric: Metric,
  values: StatisticSet,
  { unit = 'None', time = cloud.clock.now() }: { unit?: string | undefined; time?: number | undefined } = {},
): void {
  const metrics = metricsOf(cloud, scope);
  const key = metricKey(metric);
  const stored = metrics.get(key) ?? { ...metric, unit, minutes: new Map<number, StatisticSet>() };
  metrics.set(key, stored);
  stored.unit = unit;
  const minute = Math.floor(time / minuteMs) * minuteMs;
  const before = stored.minutes.get(minute);
  stored.minutes.set(minute, before ? merged([before, values]) : values);
  for (const old of stored.minutes.keys()) {
    if (old >= cloud.clock.now() - retentionMs) break;
    stored.minutes.delete(old);
  }
}

/** One value, as the services of the cloud measure it. */
export function emitMetric(cloud: Cloud, scope: Scope, metric: Metric, value: number, unit: string): void {
  recordMetric(cloud, scope, metric, { sampleCount: 1, sum: value, minimum: value, maximum: value }, { unit });
}

/** Everything of a metric from `start` up to but without `end`; undefined when there is nothing. */
export function statisticsBetween(
  metric: StoredMetric | undefined,
  start: number,
  end: number,
): StatisticSet | undefined {
  const within = [...(metric?.minutes ?? [])].filter(([minute]) => minute >= start && minute < end);
  return within.length === 0 ? undefined : merged(within.map(([, values]) => values));
}

export const statistics = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const;
export type Statistic = (typeof statistics)[number];

export function statisticValue({ sampleCount, sum, minimum, maximum }: StatisticSet, statistic: Statistic): number {
  const values = { SampleCount: sampleCount, Average: sum / sampleCount, Sum: sum, Minimum: minimum, Maximum: maximum };
  return values[statistic];
}

function merged(sets: readonly StatisticSet[]): StatisticSet {
  return sets.reduce((a, b) => ({
    sampleCount: a.sampleCount + b.sampleCount,
    sum: a.sum + b.sum,
    minimum: Math.min(a.minimum, b.minimum),
    maximum: Math.max(a.maximum, b.maximum),
  }));
}
