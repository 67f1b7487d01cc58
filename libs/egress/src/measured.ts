import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { callMetric } from './call-metric.ts';

const metrics = new Metrics({ namespace: callMetric.namespace });
const functionName = process.env['AWS_LAMBDA_FUNCTION_NAME'];
if (functionName) metrics.setDefaultDimensions({ function: functionName });

/** Makes a call and logs whether it failed, in the embedded metric format, by `service` and `function`. */
export async function measured(call: () => Promise<void>): Promise<void> {
  let failed = 1;
  try {
    await call();
    failed = 0;
  } finally {
    metrics.singleMetric().addMetric(callMetric.name, MetricUnit.Count, failed);
  }
}
