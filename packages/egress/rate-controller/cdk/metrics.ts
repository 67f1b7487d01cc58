import { contextVariablesOf } from '@stackyard/cdk-core';
import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { metricNames, namespace } from '../src/metric-names.ts';

/** A metric that the stack's functions write. */
export function ownMetric(
  scope: Construct,
  name: keyof typeof metricNames,
  statistic: string,
  period: Duration,
): Metric {
  return new Metric({
    namespace,
    metricName: metricNames[name],
    dimensionsMap: { service: contextVariablesOf(scope).context },
    statistic,
    period,
  });
}
