import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { metricNames } from '../src/metric-names.ts';
import { ownMetric } from './metrics.ts';
import type { Settings } from './settings.ts';

/** What tells that the limit, the permits or the partner are not as the settings say. */
export function alarms(scope: Construct, { refusedAbove, waitsAbove, failsAbove }: Settings): void {
  const alarm = (
    id: string,
    name: keyof typeof metricNames,
    statistic: string,
    threshold: number,
    description: string,
  ) =>
    new Alarm(scope, id, {
      alarmDescription: description,
      metric: ownMetric(scope, name, statistic, Duration.minutes(5)),
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // Where nobody calls, nobody is refused.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  const most = waitsAbove.toMilliseconds();
  alarm('ManyRefused', 'refused', 'Average', refusedAbove, 'More is asked for than the partner allows');
  alarm('LongWaits', 'waitingTime', 'Average', most, 'Callers wait long for their turn');
  alarm('StoreFails', 'storeFailed', 'Sum', 0, 'Calls were refused because the permits could not be had');
  alarm(
    'PartnerRefuses',
    'partnerRefused',
    'Sum',
    0,
    'The partner allows less than the policy, or somebody else calls it',
  );
  alarm('PartnerFails', 'partnerFailed', 'Average', failsAbove, 'The partner fails, or does not answer in time');
}
