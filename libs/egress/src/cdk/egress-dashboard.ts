import { contextVariablesOf } from '@stackyard/cdk-core';
import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  Metric,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { callMetric } from '../call-metric.ts';

export interface EgressDashboardProps {
  /** Who tells the partner. */
  readonly consumer: IFunction;
  /** How many events come. */
  readonly eventsIn: IMetric;
  /** How late they are. */
  readonly age: IMetric;
  /** How much was given up. */
  readonly givenUp: IMetric;
}

/** Lambda's own measures of how late events are, as the alarms take them. */
export const ageOf = (consumer: IFunction, metricName: 'IteratorAge' | 'AsyncEventAge'): Metric =>
  consumer.metric(metricName, { statistic: Stats.MAXIMUM });

/**
 * What comes in and what goes out, how late it is, what fails and what is given up; with the state of the alarms below `scope`, which
 * are to be there before.
 */
export class EgressDashboard extends Construct {
  constructor(scope: Construct, id: string, { consumer, eventsIn, age, givenUp }: EgressDashboardProps) {
    super(scope, id);
    const calls = new Metric({
      namespace: callMetric.namespace,
      metricName: callMetric.name,
      dimensionsMap: { function: consumer.functionName, service: contextVariablesOf(this).context },
    });
    const graph = (title: string, ...left: IMetric[]) => new GraphWidget({ title, left, width: 8 });
    const alarms = scope.node.findAll().filter((child) => child instanceof Alarm);
    new Dashboard(this, 'Resource', {
      defaultInterval: Duration.hours(3),
      widgets: [
        [
          graph('Events in', eventsIn),
          graph(
            'Downstream calls',
            calls.with({ statistic: Stats.SAMPLE_COUNT, label: 'calls' }),
            calls.with({ statistic: Stats.SUM, label: 'failed' }),
          ),
          graph('Age of the oldest event', age),
        ],
        [
          graph(
            'Function',
            consumer.metricErrors({ statistic: Stats.SUM }),
            consumer.metricThrottles({ statistic: Stats.SUM }),
          ),
          graph('Given up', givenUp),
          new AlarmStatusWidget({ title: 'Alarms', alarms, width: 8 }),
        ],
      ],
    });
  }
}
