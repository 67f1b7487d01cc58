import { randomUUID } from 'node:crypto';
import { CloudWatchClient, DescribeAlarmsCommand, GetDashboardCommand } from '@aws-sdk/client-cloudwatch';
import { apiUrl, eventually, faults, signedFetch, stackOutputs } from '@stackyard/proof-kit';
import { afterEach, expect, test } from 'vitest';
import { namespace, told } from './told.ts';

const stackName = `${process.env['STACKYARD_STAGE'] ?? 'dev'}-egress-rate-controller`;
const cloudwatch = new CloudWatchClient({});
afterEach(() => faults.clear());

/** The state of the alarm whose description begins so. */
async function stateOf(description: string): Promise<string | undefined> {
  const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix: stackName }));
  return MetricAlarms.find(({ AlarmDescription }) => AlarmDescription?.startsWith(description))?.StateValue;
}

async function call(): Promise<number> {
  const { ApiUrl = '' } = await stackOutputs(stackName);
  const body = JSON.stringify({ subject: randomUUID() });
  const headers = { 'idempotency-key': randomUUID(), prefer: 'wait=1' };
  return (await signedFetch(`${apiUrl(ApiUrl)}calls`, { method: 'POST', headers, body }, 'execute-api')).status;
}

const storeFails = 'Calls were refused because the permits could not be had';

test('given permits that cannot be had, then calls are refused, an alarm goes off, and returns when they can', async () => {
  await faults.start({
    service: 'dynamodb',
    operation: 'UpdateItem',
    effect: { kind: 'fail', code: 'InternalServerError', status: 500 },
  });
  await eventually(async () => expect(await call()).toBe(503));
  await eventually(async () => {
    await faults.passTime(60_000);
    expect(await stateOf(storeFails)).toBe('ALARM');
  });
  await faults.clear();
  await eventually(async () => expect(await call()).toBe(200));
  await eventually(async () => {
    await faults.passTime(60_000);
    expect(await stateOf(storeFails)).toBe('OK');
  });
});

test('given calls, then the dashboard has their numbers', async () => {
  await eventually(async () => expect(await call()).toBe(200));
  const { DashboardName } = await stackOutputs(stackName);
  const { DashboardBody = '{}' } = await cloudwatch.send(new GetDashboardCommand({ DashboardName }));
  const [, called] = /"(Stackyard\/RateController)","Called"/.exec(DashboardBody) ?? [];
  expect(called).toBe(namespace);
  await eventually(async () => expect(await told('Called')).toBeGreaterThan(0), 180_000);
});
