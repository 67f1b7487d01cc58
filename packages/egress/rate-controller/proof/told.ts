import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';

export const namespace = 'Stackyard/RateController';

/** The sum of a metric of the stack over the last day. */
export async function told(MetricName: string): Promise<number> {
  const now = Date.now();
  const request = new GetMetricStatisticsCommand({
    Namespace: namespace,
    MetricName,
    Dimensions: [{ Name: 'service', Value: 'egress-rate-controller' }],
    StartTime: new Date(now - 86_400_000),
    // What the embedded cloud's clock is ahead by belongs to it.
    EndTime: new Date(now + 86_400_000),
    Period: 86_400,
    Statistics: ['Sum'],
  });
  const { Datapoints = [] } = await new CloudWatchClient({}).send(request);
  return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
}
