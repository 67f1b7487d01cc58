import { isList, isSeries, type Range, type Series, seriesOf, timesOf, type Value } from './series.ts';

/** What functions know beside their arguments. */
export interface Context {
  readonly range: Range;
  /** The metrics of the request by their ids, expressions left out. */
  metrics(): readonly (readonly [id: string, series: Series])[];
}

type MetricFunction = (args: readonly Value[], context: Context) => Value;

/** "Functions supported for metric math", CloudWatch User Guide; the others are refused by name. */
export const functions: Readonly<Record<string, MetricFunction>> = {
  ABS: each(Math.abs),
  AVG: total((values) => sum(values) / values.length),
  CEIL: each(Math.ceil),
  DATAPOINT_COUNT: total((values) => values.length),
  DIFF: changes((value, before) => value - before),
  DIFF_TIME: changes((_value, _before, seconds) => seconds),
  FILL: ([given, filling], { range }) => overSeries(given, (series) => filled(series, filling, range)),
  FIRST: ([given]) => listOf(given)[0] ?? missing('FIRST'),
  FLOOR: each(Math.floor),
  IF: ([condition, then, otherwise]) => choose(condition, then, otherwise),
  LAST: ([given]) => listOf(given).at(-1) ?? missing('LAST'),
  LOG: each(Math.log),
  LOG10: each(Math.log10),
  MAX: total((values) => Math.max(...values)),
  METRIC_COUNT: ([given]) => listOf(given).length,
  METRICS: ([part], { metrics }) =>
    metrics()
      .filter(([id]) => typeof part !== 'string' || id.includes(part))
      .map(([, series]) => series),
  MIN: total((values) => Math.min(...values)),
  PERIOD: (_, { range }) => range.periodMs / 1000,
  RATE: changes((value, before, seconds) => (value - before) / seconds),
  REMOVE_EMPTY: ([given]) => listOf(given).filter(({ points }) => points.size > 0),
  RUNNING_SUM: ([given]) =>
    overSeries(given, ({ label, points }) => {
      let running = 0;
      const sums = [...points].map(([time, value]): [number, number] => {
        running += value;
        return [time, running];
      });
      return seriesOf(label, sums);
    }),
  STDDEV: total((values) => {
    const mean = sum(values) / values.length;
    return Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / values.length);
  }),
  SUM: total(sum),
  TIME_SERIES: ([given], { range }) =>
    seriesOf(
      'TIME_SERIES',
      timesOf(range).map((time) => [time, numberOf(given)]),
    ),
};

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function missing(name: string): never {
  throw new Error(`${name} needs an array of time series that is not empty`);
}

function listOf(value: Value | undefined): readonly Series[] {
  if (value !== undefined && isList(value)) return value;
  if (value !== undefined && isSeries(value)) return [value];
  throw new Error('a function needs an array of time series');
}

function numberOf(value: Value | undefined): number {
  if (typeof value === 'number') return value;
  throw new Error('a function needs a number');
}

function overSeries(value: Value | undefined, change: (series: Series) => Series): Value {
  if (value !== undefined && isList(value)) return value.map(change);
  if (value !== undefined && isSeries(value)) return change(value);
  throw new Error('a function needs a time series');
}

function each(compute: (value: number) => number): MetricFunction {
  return ([given]) =>
    typeof given === 'number'
      ? compute(given)
      : overSeries(given, ({ label, points }) =>
          seriesOf(
            label,
            [...points].map(([time, value]) => [time, compute(value)]),
          ),
        );
}

/** One number of a time series; of an array a time series, over what is there at each time. */
function total(compute: (values: readonly number[]) => number): MetricFunction {
  return ([given]) => {
    if (given !== undefined && isSeries(given)) return given.points.size > 0 ? compute([...given.points.values()]) : 0;
    const byTime = new Map<number, number[]>();
    for (const { points } of listOf(given)) {
      for (const [time, value] of points) byTime.set(time, [...(byTime.get(time) ?? []), value]);
    }
    return seriesOf(
      '',
      [...byTime].map(([time, values]) => [time, compute(values)]),
    );
  };
}

/** From each point to the next; the first one has none before it. */
function changes(compute: (value: number, before: number, seconds: number) => number): MetricFunction {
  return ([given]) =>
    overSeries(given, ({ label, points }) => {
      const known = [...points];
      const rest = known.slice(1).map(([time, value], i): [number, number] => {
        const [timeBefore = 0, before = 0] = known[i] ?? [];
        return [time, compute(value, before, (time - timeBefore) / 1000)];
      });
      return seriesOf(label, rest);
    });
}

function filled({ label, points }: Series, filling: Value | undefined, range: Range): Series {
  const known = [...points];
  const value = (time: number): number | undefined => {
    if (typeof filling === 'number') return filling;
    if (filling !== undefined && typeof filling !== 'string' && isSeries(filling)) return filling.points.get(time);
    const before = known.findLast(([other]) => other < time);
    const after = known.find(([other]) => other > time);
    if (filling === 'REPEAT') return before?.[1];
    if (filling !== 'LINEAR') throw new Error('FILL takes a number, a time series, REPEAT or LINEAR');
    if (!before || !after) return undefined;
    return before[1] + ((after[1] - before[1]) * (time - before[0])) / (after[0] - before[0]);
  };
  return seriesOf(
    label,
    timesOf(range).map((time) => [time, points.get(time) ?? value(time)]),
  );
}

function choose(condition: Value | undefined, then: Value | undefined, otherwise: Value | undefined): Value {
  if (typeof condition === 'number') {
    const chosen = condition === 0 ? otherwise : then;
    return chosen ?? seriesOf('IF', []);
  }
  const at = (value: Value | undefined, time: number): number | undefined => {
    if (value === undefined || typeof value === 'number') return value;
    if (typeof value === 'string' || isList(value)) throw new Error('IF chooses between numbers and time series');
    return value.points.get(time);
  };
  return overSeries(condition, ({ label, points }) =>
    seriesOf(
      label,
      [...points].map(([time, value]) => [time, at(value === 0 ? otherwise : then, time)]),
    ),
  );
}
