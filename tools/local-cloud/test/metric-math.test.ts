import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type MetricDataQuery,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluateExpression } from '../src/services/monitoring/metric-math/evaluate.ts';
import { parseExpression } from '../src/services/monitoring/metric-math/parse.ts';
import { seriesOf, type Value } from '../src/services/monitoring/metric-math/series.ts';
import { startTestCloud } from '../src/testing.ts';
import { errorOf } from './kinesis-support.ts';

const minute = 60_000;
const series = (label: string, ...values: (number | undefined)[]) =>
  seriesOf(
    label,
    values.map((value, i) => [i * minute, value]),
  );
const values: Record<string, Value> = {
  a: series('a', 1, 2, 3, 4),
  b: series('b', 10, undefined, 30, 0),
  gap: series('gap', 1, undefined, undefined, 4),
  none: series('none'),
};

function evaluated(text: string): Value {
  return evaluateExpression(parseExpression(text), {
    range: { start: 0, end: 4 * minute, periodMs: minute },
    valueOf: (id) => values[id] ?? expect.unreachable(id),
    metrics: () => [
      ['a', series('a', 1, 2, 3, 4)],
      ['b', series('b', 10, undefined, 30, 0)],
    ],
  });
}

/** Values minute by minute, `-` where there is none. */
function shown(value: Value): unknown {
  if (typeof value !== 'object') return value;
  if ('points' in value) return [0, 1, 2, 3].map((i) => value.points.get(i * minute) ?? '-');
  return value.map(shown);
}

/** "Using metric math", CloudWatch User Guide: its functions and its rules for data that is missing. */
describe('an expression', () => {
  test.each<[string, unknown]>([
    ['a + b', [11, '-', 33, 4]],
    ['a / b', [0.1, '-', 0.1, '-']],
    ['100 * a - 2 ^ 3 ^ 0', [98, 198, 298, 398]],
    ['-a ^ 2', [-1, -4, -9, -16]],
    ['a > 2 AND b < 20', [0, '-', 0, 1]],
    ['a >= 2 || b == 10', [1, '-', 1, 1]],
    ['IF(a > 2, a)', ['-', '-', 3, 4]],
    ['IF(a > 2, a, 0)', [0, 0, 3, 4]],
    ['FILL(b, 0)', [10, 0, 30, 0]],
    ['FILL(gap, REPEAT)', [1, 1, 1, 4]],
    ['FILL(gap, LINEAR)', [1, 2, 3, 4]],
    ['FILL(none, 0) + 1', [1, 1, 1, 1]],
    ['SUM([a, b])', [11, 2, 33, 4]],
    ['SUM(METRICS())', [11, 2, 33, 4]],
    ['MAX(METRICS("b"))', [10, '-', 30, 0]],
    ['a - AVG(a)', [-1.5, -0.5, 0.5, 1.5]],
    ['TIME_SERIES(METRIC_COUNT(METRICS()) + DATAPOINT_COUNT(b))', [5, 5, 5, 5]],
    ['DIFF(b)', ['-', '-', 20, -30]],
    ['RATE(a) * PERIOD(a)', ['-', 1, 1, 1]],
    ['DIFF_TIME(b)', ['-', '-', 120, 60]],
    ['RUNNING_SUM(a)', [1, 3, 6, 10]],
    ['LAST([a, b])', [10, '-', 30, 0]],
    ['REMOVE_EMPTY([a, none])', [[1, 2, 3, 4]]],
    ['abs(CEIL(a / -2) + FLOOR(b / 7)) * 1', [1, '-', 3, 2]],
    ['STDDEV([a, a])', [0, 0, 0, 0]],
  ])('%s', (text, result) => {
    expect(shown(evaluated(text))).toEqual(result);
  });

  test.each(['a +', 'a b', '(a', 'SUM(a', '[a', "'open", 'a # b', '', '1..2'])('%j is none', (text) => {
    expect(() => parseExpression(text)).toThrow(/expect/);
  });

  test('of numbers is what JavaScript makes of it', () => {
    const number = fc.integer({ min: 0, max: 99 }).map(String);
    const sum = fc.letrec((tie) => ({
      expression: fc.oneof({ depthSize: 'small' }, number, tie('binary')),
      binary: fc
        .tuple(tie('expression'), fc.constantFrom('+', '-', '*'), tie('expression'))
        .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    })).expression;
    fc.assert(
      fc.property(fc.array(sum, { minLength: 1, maxLength: 4 }), (parts) => {
        const text = parts.join(' - ');
        // biome-ignore lint/security/noGlobalEval: the text is made of numbers and signs alone.
        expect(evaluated(text)).toBe(eval(text));
      }),
      { numRuns: 100 },
    );
  });
});

describe('CloudWatch', () => {
  let cloud: Awaited<ReturnType<typeof startTestCloud>>;
  let cloudWatch: CloudWatchClient;
  beforeAll(async () => {
    cloud = await startTestCloud();
    cloudWatch = cloud.client(CloudWatchClient);
    const { clock } = cloud.cloud;
    await clock.advance(minute - (clock.now() % minute));
  });
  afterAll(() => cloud.close());

  const put = (MetricName: string, Value: number) =>
    cloudWatch.send(new PutMetricDataCommand({ Namespace: 'Shop', MetricData: [{ MetricName, Value }] }));
  const metric = (Id: string, MetricName: string, ReturnData = false): MetricDataQuery => ({
    Id,
    ReturnData,
    MetricStat: { Metric: { Namespace: 'Shop', MetricName }, Period: 60, Stat: 'Sum' },
  });
  const share: MetricDataQuery[] = [
    { Id: 'share', Expression: '100 * errors / calls', Label: 'errors (%)' },
    metric('errors', 'Errors'),
    metric('calls', 'Calls'),
  ];
  const data = (MetricDataQueries: MetricDataQuery[]) => {
    const now = cloud.cloud.clock.now();
    const [StartTime, EndTime] = [new Date(now - 600_000), new Date(now + minute)];
    return cloudWatch.send(new GetMetricDataCommand({ StartTime, EndTime, MetricDataQueries }));
  };

  test('answers expressions, and an alarm goes off by one', async () => {
    await cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName: 'share',
        Metrics: share,
        EvaluationPeriods: 1,
        Threshold: 10,
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    );
    await put('Calls', 8);
    await put('Errors', 2);
    const { MetricDataResults } = await data([...share, { Id: 'all', Expression: 'METRICS()', Label: 'all' }]);
    expect(MetricDataResults?.map(({ Id, Label, Values }) => [Id, Label, Values])).toEqual([
      ['share', 'errors (%)', [25]],
      ['all', 'all Errors', [2]],
      ['all', 'all Calls', [8]],
    ]);
    await cloud.cloud.clock.advance(minute);
    const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: ['share'] }));
    expect(MetricAlarms).toMatchObject([
      { StateValue: 'ALARM', Metrics: [{ Expression: '100 * errors / calls' }, {}, {}] },
    ]);
    expect(MetricAlarms?.[0]?.MetricName).toBeUndefined();
  });

  test.each<[MetricDataQuery[], RegExp]>([
    [[{ Id: 'e1', Expression: 'm1 + 1' }], /there is no query m1/],
    [
      [
        { Id: 'e1', Expression: 'e2' },
        { Id: 'e2', Expression: 'e1 + 1' },
      ],
      /needs itself/,
    ],
    [[{ Id: 'e1', Expression: '1 + 1' }], /a number, not a time series/],
    [[{ Id: 'e1', Expression: 'ANOMALY_DETECTION_BAND(m1)' }, metric('m1', 'Calls')], /ANOMALY_DETECTION_BAND/],
    [[{ Id: 'e1', Expression: "SEARCH('{AWS/EC2}', 'Sum')" }], /SEARCH/],
    [[{ Id: 'e1', Expression: 'SELECT AVG(Calls) FROM Shop' }], /Metrics Insights/],
    [[metric('m1', 'Calls'), metric('m1', 'Errors')], /not unique/],
    [[metric('Upper', 'Calls')], /pattern/],
  ])('refuses %j', async (queries, message) => {
    expect((await errorOf(data(queries))).message).toMatch(message);
  });

  test('takes one returning series for an alarm', async () => {
    const alarm = (Metrics: MetricDataQuery[], more: object = {}) =>
      errorOf(
        cloudWatch.send(
          new PutMetricAlarmCommand({
            AlarmName: 'refused',
            Metrics,
            EvaluationPeriods: 1,
            Threshold: 1,
            ComparisonOperator: 'GreaterThanThreshold',
            ...more,
          }),
        ),
      );
    expect((await alarm([metric('m1', 'Calls', true), metric('m2', 'Errors', true)])).message).toMatch(/Exactly one/);
    expect((await alarm([metric('m1', 'Calls', true)], { Namespace: 'Shop' })).message).toMatch(
      /Metrics and Namespace/,
    );
    const all = { Id: 'all', Expression: 'METRICS()' };
    expect((await alarm([all, metric('m1', 'Calls'), metric('m2', 'Errors')])).message).toMatch(/single time series/);
  });
});
