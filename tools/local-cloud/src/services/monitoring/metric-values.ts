import type { Dimension } from '@aws-sdk/client-cloudwatch';
import { between, oneOf, sizeBetween } from '../../constraints.ts';
import { anyStatistic, basicStatistics } from '../../metrics/statistic-names.ts';
import { invalidParameter, unsupported, validate } from './errors.ts';

export function dimensionsOf(dimensions: readonly Dimension[] | undefined): Record<string, string> {
  validate(sizeBetween('dimensions', dimensions?.length ?? 0, 0, 30));
  return Object.fromEntries((dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value]));
}

export function checkPeriod(period: number): void {
  validate(between('period', period, 1, 604_800));
  if (period % 60 !== 0)
    throw unsupported(`a period of ${period} seconds: metrics are kept by the minute, use a multiple of 60`);
}

export function basicStatisticNamed(name: string): string {
  validate(oneOf('statistic', name, basicStatistics));
  return name;
}

/** Any statistic there is, extended ones included. */
export function statisticNamed(name = ''): string {
  if (anyStatistic.test(name)) return name;
  throw invalidParameter(`The value ${name} for parameter ExtendedStatistic is not supported.`);
}
