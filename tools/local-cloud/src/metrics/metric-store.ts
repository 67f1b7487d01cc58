import type { Cloud } from '../service.ts';
import { merged, type StatisticSet, setOf } from './statistics.ts';

export interface Metric {
  readonly namespace: string;
  readonly name: string;
  /** Values by names of dimensions. */
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface StoredMetric extends Metric {
  unit: string;
  /** By the minute's start, in milliseconds since the epoch. */
  readonly minutes: Map<number, Minute>;
}

type Minute = { -readonly [Member in keyof Omit<StatisticSet, 'counts'>]: number } & {
  counts?: Map<number, number> | undefined;
};

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

/** From so many different values in a minute on, they are kept to three digits: percentiles are off by a half percent at most. */
const mostValues = 1000;

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
  const stored = metrics.get(key) ?? { ...metric, unit, minutes: new Map<number, Minute>() };
  metrics.set(key, stored);
  stored.unit = unit;
  const start = Math.floor(time / minuteMs) * minuteMs;
  const minute = stored.minutes.get(start);
  if (minute) add(minute, values);
  else stored.minutes.set(start, { ...values, counts: values.counts && new Map(values.counts) });
  for (const old of stored.minutes.keys()) {
    if (old >= cloud.clock.now() - retentionMs) break;
    stored.minutes.delete(old);
  }
}

function add(minute: Minute, values: StatisticSet): void {
  minute.sampleCount += values.sampleCount;
  minute.sum += values.sum;
  minute.minimum = Math.min(minute.minimum, values.minimum);
  minute.maximum = Math.max(minute.maximum, values.maximum);
  if (!minute.counts || !values.counts) {
    minute.counts = undefined;
    return;
  }
  for (const [exact, count] of values.counts) {
    const value = minute.counts.size < mostValues ? exact : Number(exact.toPrecision(3));
    minute.counts.set(value, (minute.counts.get(value) ?? 0) + count);
  }
}

/** One value, as the services of the cloud measure it. */
export function emitMetric(cloud: Cloud, scope: Scope, metric: Metric, value: number, unit: string): void {
  recordMetric(cloud, scope, metric, setOf([value]), { unit });
}

/** Everything of a metric from `start` up to but without `end`, both on a minute; undefined when there is nothing. */
export function statisticsBetween(
  metric: StoredMetric | undefined,
  start: number,
  end: number,
): StatisticSet | undefined {
  const within: StatisticSet[] = [];
  for (let time = start; metric && time < end; time += minuteMs) {
    const minute = metric.minutes.get(time);
    if (minute) within.push(minute);
  }
  return merged(within);
}
