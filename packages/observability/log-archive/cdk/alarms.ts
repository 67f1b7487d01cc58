import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

const period = Duration.minutes(5);

/** What an operator has to know before records leave the stream unread: the archive falls behind, or keeps failing. */
export function addAlarms(scope: Construct, archive: IFunction, fallsBehindAfter: Duration): void {
  const common = {
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    // Where nothing is logged, nothing is late and nothing fails.
    treatMissingData: TreatMissingData.NOT_BREACHING,
  };
  new Alarm(scope, 'FallsBehind', {
    ...common,
    alarmDescription: `Records of the log stream are archived more than ${fallsBehindAfter.toHumanString()} late`,
    metric: archive.metric('IteratorAge', { statistic: 'Maximum', period }),
    threshold: fallsBehindAfter.toMilliseconds(),
    evaluationPeriods: 1,
  });
  new Alarm(scope, 'KeepsFailing', {
    ...common,
    alarmDescription:
      'The archive failed in three periods of five minutes in a row; records wait in the stream meanwhile',
    metric: archive.metricErrors({ statistic: 'Sum', period }),
    threshold: 0,
    evaluationPeriods: 3,
  });
}
