import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { CloudWatchClient, GetMetricDataCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestCloud } from '../src/testing.ts';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let logs: CloudWatchLogsClient;
let cloudWatch: CloudWatchClient;
beforeAll(async () => {
  cloud = await startTestCloud();
  logs = cloud.client(CloudWatchLogsClient);
  cloudWatch = cloud.client(CloudWatchClient);
});
afterAll(() => cloud.close());

let groups = 0;
/** Writes lines into a group of its own, and answers its name. */
async function written(...messages: string[]): Promise<string> {
  const [logGroupName, logStreamName] = [`/shop/${groups++}`, 'stream'];
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const timestamp = cloud.cloud.clock.now();
  const logEvents = messages.map((message) => ({ timestamp, message }));
  await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  return logGroupName;
}

async function value(Namespace: string, MetricName: string, dimensions: Record<string, string>, Stat = 'Sum') {
  const now = cloud.cloud.clock.now();
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const MetricStat = { Metric: { Namespace, MetricName, Dimensions }, Period: 3600, Stat };
  const { MetricDataResults } = await cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(now - 7_200_000),
      EndTime: new Date(now + 3_600_000),
      MetricDataQueries: [{ Id: 'm', MetricStat }],
    }),
  );
  const values = MetricDataResults?.[0]?.Values ?? [];
  return values.length === 0 ? undefined : values.reduce((a, b) => a + b);
}

const line = (Namespace: string, members: object, directive: object = {}) =>
  JSON.stringify({
    _aws: {
      Timestamp: cloud.cloud.clock.now(),
      CloudWatchMetrics: [
        {
          Namespace,
          Dimensions: [['queue'], ['queue', 'tenant']],
          Metrics: [{ Name: 'Age', Unit: 'Seconds' }],
          ...directive,
        },
      ],
    },
    queue: 'orders',
    tenant: 'acme',
    ...members,
  });

describe('a log event in the embedded metric format', () => {
  test('is a metric by each set of dimensions, with every value of an array', async () => {
    await written(line('Shop', { Age: 3 }), line('Shop', { Age: [4, 5] }));
    expect(await value('Shop', 'Age', { queue: 'orders' })).toBe(12);
    expect(await value('Shop', 'Age', { queue: 'orders', tenant: 'acme' }, 'Maximum')).toBe(5);
    expect(await value('Shop', 'Age', { queue: 'orders' }, 'p50')).toBe(4);
  });

  test('is one behind the beginning that console.log of Lambda puts before it', async () => {
    await written(`2026-01-01T00:00:00.000Z\t0a1b\tINFO\t${line('Prefixed', { Age: 3 })}`);
    expect(await value('Prefixed', 'Age', { queue: 'orders' })).toBe(3);
  });

  test('counts what it cannot take, by log group', async () => {
    const group = await written(
      line('Broken', { Age: 'three' }),
      line('Broken', { Age: 1, tenant: 7 }),
      line('AWS/Lambda', { Age: 1 }),
      line('Broken', { Age: 1 }, { Metrics: 'Age' }),
    );
    expect(await value('AWS/Logs', 'EMFValidationErrors', { LogGroupName: group })).toBe(3);
    expect(await value('AWS/Logs', 'EMFParsingErrors', { LogGroupName: group })).toBe(1);
    expect(await value('Broken', 'Age', { queue: 'orders' })).toBe(1);
    expect(await value('Broken', 'Age', { queue: 'orders', tenant: 'acme' })).toBeUndefined();
  });

  test('is what Powertools writes', async () => {
    const lines: string[] = [];
    const metrics = new Metrics({ namespace: 'Powertools', serviceName: 'egress', logger: console });
    metrics.addDimension('stage', 'dev');
    metrics.addMetric('Refused', MetricUnit.Count, 1);
    metrics.addMetric('Refused', MetricUnit.Count, 2);
    lines.push(JSON.stringify(metrics.serializeMetrics()));
    await written(...lines);
    expect(await value('Powertools', 'Refused', { service: 'egress', stage: 'dev' })).toBe(3);
    const { Metrics: listed } = await cloudWatch.send(new ListMetricsCommand({ Namespace: 'Powertools' }));
    expect(listed?.map(({ MetricName }) => MetricName)).toEqual(['Refused']);
  });

  test('has the time of the cloud when its writer has that of the machine', async () => {
    await cloud.cloud.clock.advance(5 * 24 * 3_600_000);
    const machine = JSON.parse(line('Ahead', { Age: 1 }));
    machine._aws.Timestamp = Date.now();
    await written(JSON.stringify(machine));
    expect(await value('Ahead', 'Age', { queue: 'orders' })).toBe(1);
  });
});
