import { type AwsError, validationError } from '../../errors.ts';
import { type NextTime, readCron } from '../../schedules/cron.ts';
import { readRate } from '../../schedules/rate.ts';
import { isTimeZone, zonedTime } from './zoned-time.ts';

/** When a schedule runs: once, or again and again. Times and intervals in milliseconds. */
export type Timing =
  | { readonly kind: 'at'; readonly time: number }
  | { readonly kind: 'rate'; readonly every: number }
  | { readonly kind: 'cron'; readonly next: NextTime };

/**
 * Reads `at(yyyy-mm-ddThh:mm:ss)`, `rate(value unit)` and `cron(…)` ("Schedule types on EventBridge Scheduler", User Guide).
 * Throws ValidationException for what AWS refuses.
 */
export function readExpression(expression: string, timeZone: string): Timing {
  if (!isTimeZone(timeZone)) throw validationError(`Invalid ScheduleExpressionTimezone ${timeZone}.`);
  const [, date] = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression) ?? [];
  const time = date === undefined ? undefined : zonedTime(date, timeZone);
  if (time !== undefined) return { kind: 'at', time };
  const every = readRate(expression);
  if (every !== undefined) return { kind: 'rate', every };
  const next = readCron(expression, timeZone);
  if (next) return { kind: 'cron', next };
  throw invalidExpression(expression);
}

export function invalidExpression(expression: string): AwsError {
  return validationError(`Invalid Schedule Expression ${expression}.`);
}
