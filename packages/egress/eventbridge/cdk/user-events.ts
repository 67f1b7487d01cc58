import type { DeadLetterQueue } from '@stackyard/egress/cdk';
import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { type EventBus, type IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import type { TargetBaseProps } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import { settings } from './settings.ts';

/** Where a consumer's events come from, and where those go that can't be handed over. */
export interface UserEventsProps {
  readonly bus: EventBus;
  readonly failures: DeadLetterQueue;
}

/** How long EventBridge tries to hand an event over, and where it leaves it then. */
export function deliveryOf({ failures }: UserEventsProps): TargetBaseProps {
  return {
    retryAttempts: settings.deliveryRetries,
    maxEventAge: settings.deliveryAge,
    deadLetterQueue: failures,
  };
}

/** The rule for user events of a source, with the alarm `Lost`. */
export function routeUserEvents(scope: Construct, { bus }: UserEventsProps, source: string, target: IRuleTarget): Rule {
  const rule = new Rule(scope, 'Rule', {
    description: `Events of ${source} for the partner`,
    eventBus: bus,
    eventPattern: {
      source: [source],
      detailType: ['user.signedup', 'user.profile_updated', 'user.unsubscribed'],
    },
    targets: [target],
  });
  new Alarm(scope, 'Lost', {
    alarmDescription: 'Events could be neither delivered nor kept in the failure queue',
    metric: metricOf(bus, rule, 'InvocationsFailedToBeSentToDlq'),
    threshold: 0,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  return rule;
}

/** One of AWS/Events' metrics of a rule. */
export function metricOf(
  bus: EventBus,
  rule: Rule,
  metricName: 'InvocationsFailedToBeSentToDlq' | 'MatchedEvents',
): Metric {
  return new Metric({
    namespace: 'AWS/Events',
    metricName,
    dimensionsMap: { EventBusName: bus.eventBusName, RuleName: rule.ruleName },
    statistic: 'Sum',
    period: Duration.minutes(5),
  });
}
