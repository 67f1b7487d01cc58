import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

const period = Duration.minutes(5);

const common = {
  comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
  // Where nothing comes, nothing is late and nothing fails.
  treatMissingData: TreatMissingData.NOT_BREACHING,
};

/** Goes off when the records of a stream are carried out later than this, while there is still time: `IteratorAge`. */
export function fallsBehind(scope: Construct, consumer: IFunction, after: Duration): Alarm {
  return new Alarm(scope, 'FallsBehind', {
    ...common,
    alarmDescription: `Records are carried out more than ${after.toHumanString()} late`,
    metric: consumer.metric('IteratorAge', { statistic: 'Maximum', period }),
    threshold: after.toMilliseconds(),
    evaluationPeriods: 1,
  });
}

/** Goes off when events wait longer than this for their turn in Lambda's queue, while there is still time: `AsyncEventAge`. */
export function waitsTooLong(scope: Construct, consumer: IFunction, after: Duration): Alarm {
  return new Alarm(scope, 'FallsBehind', {
    ...common,
    alarmDescription: `Events wait more than ${after.toHumanString()} for their turn in Lambda's queue`,
    metric: consumer.metric('AsyncEventAge', { statistic: 'Maximum', period }),
    threshold: after.toMilliseconds(),
    evaluationPeriods: 1,
  });
}

/** Goes off when a function fails in three periods of five minutes in a row. */
export function keepsFailing(scope: Construct, consumer: IFunction): Alarm {
  return new Alarm(scope, 'KeepsFailing', {
    ...common,
    alarmDescription:
      'The function failed in three periods of five minutes in a row; what it could not do waits meanwhile',
    metric: consumer.metricErrors({ statistic: 'Sum', period }),
    threshold: 0,
    evaluationPeriods: 3,
  });
}
