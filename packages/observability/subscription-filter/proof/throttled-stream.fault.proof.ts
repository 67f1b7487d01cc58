import { countLines, deployedEcho, idOf, markedLine } from '@stackyard/echo/deployed';
import { eventually, faults } from '@stackyard/proof-kit';
import { afterEach, expect, test } from 'vitest';

afterEach(() => faults.clear());

test('given a stream that is throttled, then CloudWatch Logs delivers later and nothing is lost', async () => {
  const echo = await deployedEcho('subscription-filter');
  const fault = await faults.start({ service: 'kinesis', operation: 'PutRecord', effect: { kind: 'throttle' } });
  const lines = Array.from({ length: 200 }, (_, i) => markedLine(`throttled ${i}`));
  await echo.echo({ lines: lines.map(({ line }) => line) });
  await eventually(async () => expect(await fault.hits()).toBeGreaterThan(0));
  const early = (await echo.arrived()).map(idOf);
  expect(lines.filter(({ id }) => early.includes(id))).toEqual([]);
  await fault.end();
  expect(await countLines(echo, lines)).toEqual({ sent: 200, delivered: 200, duplicated: 0, lost: 0 });
});
