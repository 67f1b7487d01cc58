import { contextVariablesOf } from '@stackyard/cdk-core';
import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type GraphWidgetProps,
  type IMetric,
  MathExpression,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { metricNames } from '../src/metric-names.ts';
import { ownMetric } from './metrics.ts';
import type { Settings } from './settings.ts';

const minute = Duration.minutes(1);

/** The partner's view beside what it costs callers and messages, and every alarm of the stack. */
export function dashboard(
  scope: Construct,
  { policy, waitsAbove, queue: { fallsBehindAfter } }: Settings,
  queue: Queue,
) {
  const { context, stage } = contextVariablesOf(scope);
  const own = (name: keyof typeof metricNames, statistic: string) => ownMetric(scope, name, statistic, minute);
  const graph = (title: string, left: IMetric[], rest: GraphWidgetProps = {}) =>
    new GraphWidget({ title, left, width: 12, leftYAxis: { min: 0 }, ...rest });
  const alarms = scope.node.findAll().filter((part) => part instanceof Alarm);
  return new Dashboard(scope, 'Dashboard', {
    dashboardName: `${stage}-${context}`,
    widgets: [
      [new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24 })],
      [
        graph('Calls a second that reach the partner, averaged over a minute', [callsPerSecond(own('called', 'Sum'))], {
          leftAnnotations: (policy.windows ?? []).map(({ count, seconds }) => ({
            value: count / seconds,
            label: `${count} in ${seconds} s`,
          })),
        }),
        graph('Waiting for a turn, ms', [own('waitingTime', 'p50'), own('waitingTime', 'p99')], {
          leftAnnotations: [{ value: waitsAbove.toMilliseconds(), label: 'LongWaits, on average' }],
        }),
      ],
      [
        graph('Not as it should be', [
          own('refused', 'Sum'),
          own('partnerRefused', 'Sum'),
          own('partnerFailed', 'Sum'),
          own('storeFailed', 'Sum'),
        ]),
        graph(
          'Messages',
          [
            queue.metricApproximateNumberOfMessagesVisible({ period: minute }),
            own('deferred', 'Sum'),
            own('givenUp', 'Sum'),
          ],
          {
            right: [queue.metricApproximateAgeOfOldestMessage({ period: minute, statistic: 'Maximum' })],
            rightYAxis: { min: 0, label: 'seconds' },
            rightAnnotations: [{ value: fallsBehindAfter.toSeconds(), label: 'FallsBehind' }],
          },
        ),
      ],
    ],
  });
}

const callsPerSecond = (called: IMetric) =>
  new MathExpression({
    expression: 'called / PERIOD(called)',
    usingMetrics: { called },
    label: 'calls a second',
    period: minute,
  });
