import { faults } from '@stackyard/proof-kit';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { account, type DeployedEcho, deployedEcho, markedLine } from './echo.ts';

let echo: DeployedEcho;

beforeAll(async () => {
  echo = await deployedEcho();
  // The first request starts the environment; its latency is no measure.
  await echo.echo({ lines: ['warm up'] });
});

afterEach(() => faults.clear());

async function latencies(count: number): Promise<{ ids: string[]; median: number }> {
  const ids: string[] = [];
  const times: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const { id, line } = markedLine('timed');
    ids.push(id);
    times.push((await echo.echo({ lines: [line] })).ms);
    // The next request finds the environment frozen, not busy with its extension: callers rarely come back to back.
    await account(echo, [id]);
  }
  times.sort((a, b) => a - b);
  return { ids, median: times[Math.floor(count / 2)] as number };
}

test('given a Kinesis that answers 300 ms late, then the caller does not wait for it and nothing is lost', async () => {
  const healthy = await latencies(10);
  await faults.start({ service: 'kinesis', operation: 'PutRecords', effect: { kind: 'delay', ms: 300 } });
  const slow = await latencies(10);
  // Half of Kinesis's delay: far above the noise of a loaded machine, far below waiting for it.
  expect(slow.median - healthy.median).toBeLessThan(150);
  const ids = [...healthy.ids, ...slow.ids];
  expect(await account(echo, ids)).toEqual({ sent: 20, delivered: 20, duplicated: 0, lost: 0 });
});

test('given that every second entry of each PutRecords fails, then every line still arrives exactly once', async () => {
  await faults.start({ service: 'kinesis', operation: 'PutRecords', effect: { kind: 'partial', every: 2 } });
  const marked = Array.from({ length: 200 }, (_, i) => markedLine(`partial ${i}`));
  await echo.echo({ lines: marked.map(({ line }) => line) });
  const count = await account(
    echo,
    marked.map(({ id }) => id),
  );
  expect(count).toEqual({ sent: 200, delivered: 200, duplicated: 0, lost: 0 });
});
