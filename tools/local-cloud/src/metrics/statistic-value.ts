import { type BasicStatistic, isBasic } from './statistic-names.ts';
import type { StatisticSet } from './statistics.ts';

/** A value and how often it came. */
type Counted = readonly [value: number, count: number];
type Compute = (values: readonly Counted[]) => number;

/** Between which values or which percentiles a statistic looks; the lower bound is outside, the upper one inside. */
interface Bounds {
  readonly lower: number;
  readonly upper: number;
  readonly isPercent: boolean;
}

/**
 * The value of a statistic by its name: `Sum`, and of extended ones ("CloudWatch statistics definitions", User Guide) `p99`,
 * `tm90`, `IQM`, `WM(10%:90%)`, `PR(:300)`. Extended ones are undefined where the single values are not known, and where one is
 * negative ("Percentile statistics are not available for metrics when any of the metric values are negative numbers", CloudWatch
 * concepts). Percentiles are values that came (the nearest rank): CloudWatch itself estimates them.
 */
export function statisticValue(set: StatisticSet, name: string): number | undefined {
  return isBasic(name) ? basicValue(set, name) : extendedValue(set, name);
}

function basicValue({ sampleCount, sum, minimum, maximum }: StatisticSet, name: BasicStatistic): number {
  return { SampleCount: sampleCount, Average: sum / sampleCount, Sum: sum, Minimum: minimum, Maximum: maximum }[name];
}

function extendedValue(set: StatisticSet, name: string): number | undefined {
  const { minimum, maximum, sampleCount } = set;
  // A statistic set has percentiles when "the Min and the Max values of the statistic set are equal", CloudWatch concepts.
  const counts = set.counts ?? (minimum === maximum ? new Map([[minimum, sampleCount]]) : undefined);
  if (!counts || minimum < 0) return undefined;
  return computationOf(name)([...counts].sort(([a], [b]) => a - b));
}

function computationOf(name: string): Compute {
  if (name === 'IQM') return trimmedMean({ lower: 25, upper: 75, isPercent: true });
  const percentile = /^p([\d.]+)$/.exec(name)?.[1];
  if (percentile !== undefined) return (values) => atRank(values, Number(percentile));
  const [, kind = '', until, from, to] = /^(tm|wm|tc|ts|pr)(?:([\d.]+)|\((.*):(.*)\))$/i.exec(name) ?? [];
  const compute = kinds[kind.toLowerCase()];
  if (!compute) throw new Error(`unknown statistic ${name}`);
  return compute(until === undefined ? boundsOf(from, to) : { lower: 0, upper: Number(until), isPercent: true });
}

function boundsOf(from = '', to = ''): Bounds {
  const isPercent = `${from}${to}`.includes('%');
  return {
    lower: from === '' ? (isPercent ? 0 : Number.NEGATIVE_INFINITY) : Number.parseFloat(from),
    upper: to === '' ? (isPercent ? 100 : Number.POSITIVE_INFINITY) : Number.parseFloat(to),
    isPercent,
  };
}

const total = (values: readonly Counted[]) => values.reduce((sum, [, count]) => sum + count, 0);
const sumOf = (values: readonly Counted[]) => values.reduce((sum, [value, count]) => sum + value * count, 0);
const meanOf = (values: readonly Counted[]) => (values.length === 0 ? 0 : sumOf(values) / total(values));

const trimmedMean =
  (bounds: Bounds): Compute =>
  (values) =>
    meanOf(trimmed(values, bounds));

const kinds: Readonly<Record<string, (bounds: Bounds) => Compute>> = {
  tm: trimmedMean,
  wm: (bounds) => (values) => meanOf(clamped(values, bounds)),
  tc: (bounds) => (values) => total(trimmed(values, bounds)),
  ts: (bounds) => (values) => sumOf(trimmed(values, bounds)),
  pr: (bounds) => (values) => (100 * total(trimmed(values, bounds))) / total(values),
};

/** What lies between the bounds, whole data points only. */
function trimmed(values: readonly Counted[], { lower, upper, isPercent }: Bounds): Counted[] {
  if (!isPercent) return values.filter(([value]) => value > lower && value <= upper);
  const points = total(values);
  const [from, to] = [Math.round((points * lower) / 100), Math.round((points * upper) / 100)];
  let before = 0;
  return values.flatMap(([value, count]) => {
    const within = Math.min(before + count, to) - Math.max(before, from);
    before += count;
    return within > 0 ? [[value, within] as const] : [];
  });
}

/** All of it, what lies outside as if it were at the nearest bound. */
function clamped(values: readonly Counted[], { lower, upper, isPercent }: Bounds): Counted[] {
  const low = isPercent ? atRank(values, lower) : lower;
  const high = isPercent ? atRank(values, upper) : upper;
  return values.map(([value, count]) => [Math.min(Math.max(value, low), high), count]);
}

/** The lowest value that as many percent of the data do not exceed. */
function atRank(values: readonly Counted[], percent: number): number {
  const rank = Math.max(1, Math.ceil((total(values) * percent) / 100));
  let seen = 0;
  for (const [value, count] of values) {
    seen += count;
    if (seen >= rank) return value;
  }
  return values.at(-1)?.[0] ?? 0;
}
