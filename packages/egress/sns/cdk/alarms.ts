import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/** Goes off when events are throttled in every five minutes of an hour: more comes than so few at a time can carry out. */
export function isAlwaysThrottled(scope: Construct, consumer: IFunction): Alarm {
  return new Alarm(scope, 'AlwaysThrottled', {
    alarmDescription:
      'Events were throttled in every five minutes of an hour: more comes than goes, let them gather in a queue',
    metric: consumer.metricThrottles({ statistic: 'Sum', period: Duration.minutes(5) }),
    threshold: 0,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 12,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}
