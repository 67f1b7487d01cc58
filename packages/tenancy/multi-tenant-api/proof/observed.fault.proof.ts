import { CloudWatchClient, DescribeAlarmsCommand, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { eventually, faults } from '@stackyard/proof-kit';
import { describe, expect, test } from 'vitest';
import { call, newTenant, secondsThere, signedIn, stackName } from './deployed.ts';

const cloudWatch = new CloudWatchClient({});
const fiveMinutes = 300_000;

/** How many requests were answered within the last hour, by these dimensions. */
async function requests(dimensions: Readonly<Record<string, string>>): Promise<number> {
  const now = (await secondsThere()) * 1000;
  const { Datapoints = [] } = await cloudWatch.send(
    new GetMetricStatisticsCommand({
      Namespace: 'Stackyard/Tenancy',
      MetricName: 'Requests',
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      StartTime: new Date(now - 3_600_000),
      EndTime: new Date(now + 60_000),
      Period: 60,
      Statistics: ['Sum'],
    }),
  );
  return Datapoints.reduce((total, { Sum = 0 }) => total + Sum, 0);
}

describe('given a tenant that sends requests', () => {
  test('when they are answered, then they are counted by tenant and by plan', async () => {
    const tenantId = await newTenant('premium');
    const before = await requests({ plan: 'premium' });
    const token = await signedIn(tenantId);
    for (let request = 0; request < 3; request++) await call('products', token);
    await eventually(async () => expect(await requests({ plan: 'premium', tenantId })).toBe(3));
    expect(await requests({ plan: 'premium' })).toBe(before + 3);
  });

  // Alarms look at periods of five minutes: the clock is moved.
  test('when more than one in five is refused, then the alarm says so', async () => {
    await faults.advanceClock(fiveMinutes);
    for (let request = 0; request < 10; request++) expect((await call('products')).status).toBe(401);
    await faults.advanceClock(fiveMinutes);
    await eventually(async () => {
      const names = { AlarmNamePrefix: `${stackName}-ManyRefused` };
      const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand(names));
      expect(MetricAlarms.map(({ StateValue }) => StateValue)).toEqual(['ALARM']);
    });
  });
});
