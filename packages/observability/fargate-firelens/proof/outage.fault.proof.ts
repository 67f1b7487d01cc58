import { eventually, faults } from '@stackyard/proof-kit';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { countOf, type DeployedService, deployedService, exactlyOnce, marked, send } from './service.ts';

let service: DeployedService;
beforeAll(async () => {
  service = await deployedService();
});
afterEach(() => faults.clear());

const stream = { service: 'kinesis', operation: 'PutRecords' } as const;

test('given a stream that takes nothing for a while, when it does again, then no line is lost', async () => {
  const outage = await faults.start({
    ...stream,
    effect: { kind: 'fail', code: 'InternalFailureException', message: 'The service is out of order', status: 500 },
  });
  const lines = marked(200, 'during an outage');
  for (const { line } of lines) await send(service, [line]);
  const ids = lines.map(({ id }) => id);
  // Both tasks have tried, and tried again.
  await eventually(async () => expect(await outage.hits()).toBeGreaterThan(4));
  await outage.end();
  expect(await countOf(service, ids)).toMatchObject({ delivered: 200, lost: 0 });
});

test('given a stream that refuses every second record, then each line arrives exactly once', async () => {
  await faults.start({ ...stream, effect: { kind: 'partial', every: 2 } });
  const lines = marked(300, 'half refused');
  await send(
    service,
    lines.map(({ line }) => line),
  );
  expect(
    await countOf(
      service,
      lines.map(({ id }) => id),
    ),
  ).toEqual(exactlyOnce(300));
});
