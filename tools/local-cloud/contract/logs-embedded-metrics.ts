import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { expect } from 'vitest';
import type { Claim, Target } from './contract.ts';

const source = 'CloudWatch User Guide, Specification: Embedded metric format';

/** Logs one event with a metric `Age`, and answers how to read it. */
const dayMs = 24 * 3_600_000;

async function measured(target: Target, Age: unknown) {
  const logs = target.client(CloudWatchLogsClient);
  const [logGroupName, logStreamName, Namespace] = [target.name(), 'stream', target.name()];
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  target.afterwards(() => logs.send(new DeleteLogGroupCommand({ logGroupName })));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const now = Date.now();
  const Metrics = [{ Name: 'Age', Unit: 'Seconds' }];
  const message = JSON.stringify({
    _aws: { Timestamp: now, CloudWatchMetrics: [{ Namespace, Dimensions: [['queue'], []], Metrics }] },
    queue: 'orders',
    Age,
  });
  await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents: [{ timestamp: now, message }] }));
  return async (metric: { Namespace?: string; MetricName?: string; dimensions?: Record<string, string> } = {}) => {
    const { Datapoints } = await target.client(CloudWatchClient).send(
      new GetMetricStatisticsCommand({
        Namespace: metric.Namespace ?? Namespace,
        MetricName: metric.MetricName ?? 'Age',
        Dimensions: Object.entries(metric.dimensions ?? {}).map(([Name, Value]) => ({
          Name,
          Value: Value === 'group' ? logGroupName : Value,
        })),
        StartTime: new Date(now - dayMs),
        EndTime: new Date(now + dayMs),
        Period: 7200,
        Statistics: ['Sum'],
      }),
    );
    return (Datapoints ?? []).reduce((sum, { Sum = 0 }) => sum + Sum, 0);
  };
}

export const embeddedMetricClaims: readonly Claim[] = [
  {
    operation: 'PutLogEvents',
    claim: 'takes the metrics out of events in the embedded metric format, by each set of dimensions',
    source,
    async run(target) {
      const sum = await measured(target, [3, 4]);
      await target.until(async () => {
        expect(await sum({ dimensions: { queue: 'orders' } })).toBe(7);
        expect(await sum()).toBe(7);
      });
    },
  },
  {
    operation: 'PutLogEvents',
    claim: 'counts metrics that are no numbers as EMFValidationErrors of the log group',
    source: 'CloudWatch Logs User Guide, Monitoring with CloudWatch metrics',
    async run(target) {
      const sum = await measured(target, 'three');
      const errors = {
        Namespace: 'AWS/Logs',
        MetricName: 'EMFValidationErrors',
        dimensions: { LogGroupName: 'group' },
      };
      await target.until(async () => expect(await sum(errors)).toBe(1));
    },
  },
];
