import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  GetEventSourceMappingCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { account, eventually, faults, stackOutputs } from '@stackyard/proof-kit';
import { afterEach, expect, test } from 'vitest';
import { deployedArchive, identities, shipped } from './deployed-archive.ts';

const stage = process.env['STACKYARD_STAGE'] ?? 'dev';
const lambda = new LambdaClient({});

afterEach(() => faults.clear());

test('given answers of S3 that are lost after it wrote, then the batch comes again and nothing is doubled', async () => {
  const archive = await deployedArchive();
  // More often than the SDK's client in the function tries again by itself.
  const effect = { kind: 'cut', when: 'after' } as const;
  const lost = await faults.start({ service: 's3', operation: 'PutObject', times: 8, effect });
  const lines = identities(300);
  await archive.put(lines.map(shipped));
  await eventually(async () => expect(await lost.hits()).toBe(8), 120_000);
  const ledger = await account(lines, archive.messages);
  expect(ledger.count()).toEqual({ sent: 300, delivered: 300, duplicated: 0, lost: 0 });
});

test('given an outage that lasts, then the alarm goes off, and afterwards everything is there', async () => {
  const archive = await deployedArchive();
  const outage = await faults.start({
    service: 's3',
    operation: 'PutObject',
    effect: { kind: 'fail', code: 'ServiceUnavailable', message: 'Service is unable to handle request.', status: 503 },
  });
  const lines = identities(100);
  await archive.put(lines.map(shipped));
  await eventually(async () => {
    await faults.passTime(60_000);
    expect(await alarmState('KeepsFailing')).toBe('ALARM');
  }, 120_000);
  await outage.end();
  // The waits between Lambda's tries have grown to a minute by now; each try gets the time it needs.
  await eventually(
    async () => {
      await faults.passTime(60_000);
      const arrived = new Set(await archive.messages());
      expect(lines.filter((line) => !arrived.has(line))).toEqual([]);
    },
    120_000,
    3000,
  );
  const ledger = await account(lines, archive.messages);
  expect(ledger.count()).toEqual({ sent: 100, delivered: 100, duplicated: 0, lost: 0 });
});

test('given a consumer that stands still, then it goes on where it stopped', async () => {
  const archive = await deployedArchive();
  await become(false);
  const lines = identities(100);
  await archive.put(lines.map(shipped));
  await become(true);
  const ledger = await account(lines, archive.messages);
  expect(ledger.count()).toEqual({ sent: 100, delivered: 100, duplicated: 0, lost: 0 });
});

/** Turns the mapping on or off, and waits until it is. */
async function become(Enabled: boolean): Promise<void> {
  const { FunctionName } = await stackOutputs(`${stage}-log-archive`);
  const { EventSourceMappings } = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName }));
  const { UUID } = EventSourceMappings?.[0] ?? {};
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
  await eventually(async () => {
    const { State } = await lambda.send(new GetEventSourceMappingCommand({ UUID }));
    expect(State).toBe(Enabled ? 'Enabled' : 'Disabled');
  });
}

/** The state of the stack's alarm of this logical id. */
async function alarmState(id: string): Promise<string | undefined> {
  const AlarmNamePrefix = `${stage}-log-archive-${id}`;
  const { MetricAlarms } = await new CloudWatchClient({}).send(new DescribeAlarmsCommand({ AlarmNamePrefix }));
  return MetricAlarms?.[0]?.StateValue;
}
