import { AwsError, validationError } from '../../errors.ts';
import { isTimeZone, zonedTime } from './zoned-time.ts';

/** When a schedule runs: once, or again and again. Times and intervals in milliseconds. */
export type Timing = { readonly kind: 'at'; readonly time: number } | { readonly kind: 'rate'; readonly every: number };

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/**
 * Reads `at(yyyy-mm-ddThh:mm:ss)` and `rate(value unit)` ("Schedule types on EventBridge Scheduler", User Guide). Throws
 * ValidationException for what AWS refuses, and NotImplementedException for `cron(…)`.
 */
export function readExpression(expression: string, timeZone: string): Timing {
  if (!isTimeZone(timeZone)) throw validationError(`Invalid ScheduleExpressionTimezone ${timeZone}.`);
  const [, date] = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression) ?? [];
  const time = date === undefined ? undefined : zonedTime(date, timeZone);
  if (time !== undefined) return { kind: 'at', time };
  const [, value = '', unit] = /^rate\(([1-9]\d*) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (unit) return { kind: 'rate', every: Number(value) * unitMs[unit as keyof typeof unitMs] };
  if (/^cron\((\S+ ){5}\S+\)$/.test(expression)) {
    throw new AwsError(
      'NotImplementedException',
      `The embedded cloud's scheduler does not run ${expression}: use at(…) or rate(…).`,
      { status: 501 },
    );
  }
  throw invalidExpression(expression);
}

export function invalidExpression(expression: string): AwsError {
  return validationError(`Invalid Schedule Expression ${expression}.`);
}
