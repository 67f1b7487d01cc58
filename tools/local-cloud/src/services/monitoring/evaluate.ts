import type { Scope } from '../../metrics/metric-store.ts';
import type { Cloud } from '../../service.ts';
import { changeState } from './alarm-actions.ts';
import { type AlarmState, alarmScopes, alarmsOf, comparisons, queriesOf, type StoredAlarm } from './alarms.ts';
import { evaluateEveryMinute } from './evaluation-timer.ts';
import { timesOf } from './metric-math/series.ts';
import { evaluateQueries, periodOf, readQueries } from './metric-queries.ts';

/** Begins to evaluate the alarms of a cloud; a second call does nothing. */
export function startEvaluation(cloud: Cloud): void {
  evaluateEveryMinute(cloud, () => {
    for (const scope of alarmScopes(cloud)) {
      for (const alarm of alarmsOf(cloud, scope).values()) evaluateOrLog(cloud, scope, alarm);
    }
  });
}

/** What an expression comes to may depend on the data: one alarm that cannot be computed leaves the others alone. */
function evaluateOrLog(cloud: Cloud, scope: Scope, alarm: StoredAlarm): void {
  try {
    evaluate(cloud, scope, alarm);
  } catch (error) {
    cloud.log(`monitoring: alarm ${alarm.name} cannot be evaluated: ${(error as Error).message}`);
  }
}

/** One evaluation over the last whole periods. */
export function evaluate(cloud: Cloud, scope: Scope, alarm: StoredAlarm): void {
  const now = cloud.clock.now();
  const values = recentValues(cloud, scope, alarm, now);
  const { state, reason } = judge(alarm, values);
  if (state !== undefined) changeState(cloud, scope, alarm, state, reason);
}

/** The value of each evaluated period, the latest first; undefined where data is missing. */
function recentValues(cloud: Cloud, scope: Scope, alarm: StoredAlarm, now: number): (number | undefined)[] {
  const queries = readQueries(queriesOf(alarm.measure), scope);
  const periodMs = periodOf(queries);
  const end = Math.floor(now / periodMs) * periodMs;
  const range = { start: end - alarm.evaluationPeriods * periodMs, end, periodMs };
  const [returned] = evaluateQueries(cloud, scope, queries, range);
  return timesOf(range)
    .reverse()
    .map((time) => returned?.series[0]?.points.get(time));
}

type Verdict = { readonly state: AlarmState | undefined; readonly reason: string };

/**
 * "M out of N" of the periods breach; periods without data count as the alarm says ("Configuring how CloudWatch alarms treat
 * missing data"). With `missing` and `ignore` fewer points than `datapointsToAlarm` alarm when all of them breach.
 */
export function judge(
  alarm: Pick<StoredAlarm, 'comparison' | 'threshold' | 'evaluationPeriods' | 'datapointsToAlarm' | 'treatMissingData'>,
  values: readonly (number | undefined)[],
): Verdict {
  const { holds, words } = comparisons[alarm.comparison];
  const { threshold, treatMissingData = 'missing' } = alarm;
  const needed = alarm.datapointsToAlarm ?? alarm.evaluationPeriods;
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0 && treatMissingData === 'ignore') return { state: undefined, reason: '' };
  if (known.length === 0 && treatMissingData === 'missing') {
    return { state: 'INSUFFICIENT_DATA', reason: `Insufficient Data: ${values.length} datapoints were unknown.` };
  }
  const breaching = known.filter((value) => holds(value, threshold));
  const filled = treatMissingData === 'breaching' ? values.length - known.length : 0;
  const decisive =
    treatMissingData === 'missing' || treatMissingData === 'ignore' ? Math.min(needed, known.length) : needed;
  const isAlarm = breaching.length + filled >= decisive;
  const shown = known.map((value) => value.toPrecision()).join(', ');
  const points = known.length === 1 ? '1 datapoint' : `${known.length} datapoints`;
  const reason =
    known.length === 0
      ? `Threshold Crossed: no datapoints were received for ${values.length} periods and ${values.length} missing datapoints were treated as [${isAlarm ? 'Breaching' : 'NonBreaching'}].`
      : `Threshold Crossed: ${points} [${shown}] ${known.length === 1 ? 'was' : 'were'} ${isAlarm ? '' : 'not '}${words} the threshold (${threshold}).`;
  return { state: isAlarm ? 'ALARM' : 'OK', reason };
}
