import type { MetricDataQuery, MetricStat } from '@aws-sdk/client-cloudwatch';
import { metricKey, metricsOf, type Scope, type StoredMetric, statisticsBetween } from '../../metrics/metric-store.ts';
import { statisticValue } from '../../metrics/statistic-value.ts';
import type { StatisticSet } from '../../metrics/statistics.ts';
import type { Cloud } from '../../service.ts';
import { invalidParameter, missingParameter, unsupported } from './errors.ts';
import { evaluateExpression, idsOf, unknownFunctions } from './metric-math/evaluate.ts';
import { type Expression, parseExpression } from './metric-math/parse.ts';
import { isList, isSeries, type Range, type Series, seriesOf, type Value } from './metric-math/series.ts';
import { checkPeriod, dimensionsOf, statisticNamed } from './metric-values.ts';

/** What is asked of metrics, checked. */
export interface Query {
  readonly id: string;
  readonly label: string | undefined;
  readonly returnData: boolean;
  readonly source: MetricStat | Expression;
}

/** Reads queries in the order given. Throws what is wrong with them, before anything is computed. */
export function readQueries(given: readonly MetricDataQuery[], scope: Scope): readonly Query[] {
  const queries = given.map((query, i) => readQuery(query, `MetricDataQueries.member.${i + 1}`, scope));
  const ids = queries.map(({ id }) => id);
  for (const id of ids) {
    if (ids.indexOf(id) !== ids.lastIndexOf(id))
      throw invalidParameter(`The values for parameter id in parameter MetricDataQueries are not unique: ${id}`);
  }
  for (const { id, source } of queries) {
    if (!('type' in source)) continue;
    const unknown = idsOf(source).find((used) => !ids.includes(used));
    if (unknown !== undefined) throw invalidParameter(`Error in expression '${id}': there is no query ${unknown}`);
  }
  return queries;
}

function readQuery(query: MetricDataQuery, member: string, scope: Scope): Query {
  const { Id: id, Label: label, MetricStat: stat, Expression: expression, ReturnData: returnData = true } = query;
  if (id === undefined) throw missingParameter(`${member}.Id`);
  if (!/^[a-z]\w{0,254}$/.test(id)) {
    throw invalidParameter(
      `The value ${id} for parameter ${member}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
    );
  }
  if ((stat === undefined) === (expression === undefined)) {
    throw invalidParameter(`The parameter ${member} must have either MetricStat or Expression.`);
  }
  if (query.AccountId !== undefined && query.AccountId !== scope.account) {
    throw unsupported(`metrics of another account (${query.AccountId})`);
  }
  const source = stat ? checkedStat(stat) : checkedExpression(id, expression ?? '');
  return { id, label, returnData, source };
}

function checkedStat(stat: MetricStat): MetricStat {
  if (!stat.Metric?.MetricName) throw missingParameter('MetricStat.Metric.MetricName');
  checkPeriod(stat.Period ?? 60);
  statisticNamed(stat.Stat);
  dimensionsOf(stat.Metric.Dimensions);
  return stat;
}

function checkedExpression(id: string, text: string): Expression {
  if (/^\s*SELECT\s/i.test(text)) throw unsupported(`Metrics Insights queries (${id})`);
  const expression = parsed(id, text);
  const [foreign] = unknownFunctions(expression);
  if (foreign !== undefined) throw unsupported(`the metric math function ${foreign} in expression '${id}'`);
  return expression;
}

function parsed(id: string, text: string): Expression {
  try {
    return parseExpression(text);
  } catch (error) {
    throw invalidParameter(`Error in expression '${id}': ${(error as Error).message}`);
  }
}

/** The length of a query's points in milliseconds: what its metrics have, a minute where it has none. */
export function periodOf(queries: readonly Query[]): number {
  const periods = new Set(queries.flatMap(({ source }) => ('type' in source ? [] : [source.Period ?? 60])));
  // AWS takes some mixtures and not others; what they come to is not documented.
  if (periods.size > 1 && queries.some(({ source }) => 'type' in source)) {
    throw unsupported(`metric math over metrics of different periods (${[...periods].join(', ')})`);
  }
  return ([...periods][0] ?? 60) * 1000;
}

/** What each query of which data is returned comes to, in the order given; several series where it is an array. */
export function evaluateQueries(
  cloud: Cloud,
  scope: Scope,
  queries: readonly Query[],
  range: Range,
): readonly { readonly query: Query; readonly series: readonly Series[] }[] {
  const values = new Map<string, Value>();
  const underWay = new Set<string>();

  function valueOfQuery(id: string): Value {
    const known = values.get(id);
    if (known !== undefined) return known;
    const query = queries.find((other) => other.id === id);
    if (!query) throw new Error(`there is no query ${id}`);
    if (underWay.has(id)) throw new Error(`${id} needs itself`);
    underWay.add(id);
    const value = computed(query);
    values.set(id, value);
    return value;
  }

  function computed({ source, label }: Query): Value {
    if (!('type' in source)) return seriesOfMetric(cloud, scope, source, range, label);
    return evaluateExpression(source, { range, valueOf: valueOfQuery, metrics });
  }

  function metrics() {
    return queries.flatMap(({ id, source }) => {
      const value = 'type' in source ? undefined : valueOfQuery(id);
      return value !== undefined && isSeries(value) ? [[id, value] as const] : [];
    });
  }

  return queries
    .filter(({ returnData }) => returnData)
    .map((query) => ({
      query,
      series: labelled(
        query,
        attempt(query.id, () => valueOfQuery(query.id)),
      ),
    }));
}

function attempt(id: string, compute: () => Value): Value {
  try {
    return compute();
  } catch (error) {
    throw invalidParameter(`Error in expression '${id}': ${(error as Error).message}`);
  }
}

/** "Expression-Label Metric-Label" where one expression is several series, "Using metric math". */
function labelled({ id, label, source }: Query, value: Value): readonly Series[] {
  if (isList(value)) return value.map((series) => ({ ...series, label: `${label ?? id} ${series.label}` }));
  if (isSeries(value)) return [{ ...value, label: label ?? ('type' in source ? id : value.label) }];
  throw invalidParameter(`Error in expression '${id}': the result is a number, not a time series; use TIME_SERIES`);
}

function seriesOfMetric(cloud: Cloud, scope: Scope, stat: MetricStat, range: Range, label?: string): Series {
  const { Metric, Stat = '', Unit, Period = 60 } = stat;
  const metric = {
    namespace: Metric?.Namespace ?? '',
    name: Metric?.MetricName ?? '',
    dimensions: dimensionsOf(Metric?.Dimensions),
  };
  const stored = metricsOf(cloud, scope).get(metricKey(metric));
  const isOfUnit = Unit === undefined || stored?.unit === Unit;
  const points = isOfUnit ? pointsOf(stored, { ...range, periodMs: Period * 1000 }) : [];
  return seriesOf(
    label ?? metric.name,
    points.map(({ time, values }) => [time, statisticValue(values, Stat)]),
  );
}

/** The periods with data, aligned to the period's length, in order. */
export function pointsOf(
  stored: StoredMetric | undefined,
  { start, end, periodMs }: Range,
): { readonly time: number; readonly values: StatisticSet }[] {
  const times = new Set([...(stored?.minutes.keys() ?? [])].map((minute) => Math.floor(minute / periodMs) * periodMs));
  return [...times]
    .filter((time) => time >= Math.floor(start / periodMs) * periodMs && time < end)
    .sort((a, b) => a - b)
    .flatMap((time) => {
      const values = statisticsBetween(stored, time, time + periodMs);
      return values ? [{ time, values }] : [];
    });
}
