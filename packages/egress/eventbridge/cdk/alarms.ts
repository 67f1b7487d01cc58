import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

const period = Duration.minutes(5);

function above(scope: Construct, id: string, metric: IMetric, threshold: number, alarmDescription: string): Alarm {
  return new Alarm(scope, id, {
    alarmDescription,
    metric,
    threshold,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 1,
    // Where nothing comes, nothing waits and nothing fails.
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}

/** Goes off when events wait longer than this for their turn in Lambda's queue, while there is still time: `AsyncEventAge`. */
export function waitsTooLong(scope: Construct, consumer: IFunction, after: Duration): Alarm {
  const metric = consumer.metric('AsyncEventAge', { statistic: 'Maximum', period });
  const text = `Events wait more than ${after.toHumanString()} for their turn`;
  return above(scope, 'FallsBehind', metric, after.toMilliseconds(), text);
}

/** Goes off when something waits to be redriven. */
export function givenUp(scope: Construct, failures: Queue): Alarm {
  const metric = failures.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period });
  return above(scope, 'GivenUp', metric, 0, 'Events were given up; they wait in the failure queue to be redriven');
}

/** Goes off when EventBridge can't even put an event into the failure queue: that event is lost. */
export function cannotKeep(scope: Construct, bus: EventBus, rule: Rule): Alarm {
  const metric = new Metric({
    namespace: 'AWS/Events',
    metricName: 'InvocationsFailedToBeSentToDlq',
    dimensionsMap: { EventBusName: bus.eventBusName, RuleName: rule.ruleName },
    statistic: 'Sum',
    period,
  });
  return above(scope, 'Lost', metric, 0, 'Events could be neither delivered nor kept in the failure queue');
}
