import { faults } from '@stackyard/proof-kit';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { countLines, type DeployedEcho, deployedEcho, type MarkedLine, markedLine } from '../deployed-echo.ts';

/** Fault proof that neither the caller of an echo nor its lines suffer from a slow Kinesis or one that takes half of them. */
export function claimSlowKinesisIsNotWaitedFor(stack: string): void {
  let echo: DeployedEcho;

  beforeAll(async () => {
    echo = await deployedEcho(stack);
    // The first request starts the environment; its latency is no measure.
    await echo.echo({ lines: ['warm up'] });
  });

  afterEach(() => faults.clear());

  async function latencies(count: number): Promise<{ sent: MarkedLine[]; median: number }> {
    const sent: MarkedLine[] = [];
    const times: number[] = [];
    for (let i = 0; i < count; i += 1) {
      const marked = markedLine('timed');
      sent.push(marked);
      times.push((await echo.echo({ lines: [marked.line] })).ms);
      // The next request finds the environment frozen, not busy with its extension: callers rarely come back to back.
      await countLines(echo, [marked]);
    }
    times.sort((a, b) => a - b);
    return { sent, median: times[Math.floor(count / 2)] as number };
  }

  test('given a Kinesis that answers 300 ms late, then the caller does not wait for it and nothing is lost', async () => {
    const healthy = await latencies(10);
    await faults.start({ service: 'kinesis', operation: 'PutRecords', effect: { kind: 'delay', ms: 300 } });
    const slow = await latencies(10);
    // Half of Kinesis's delay: far above the noise of a loaded machine, far below waiting for it.
    expect(slow.median - healthy.median).toBeLessThan(150);
    const count = await countLines(echo, [...healthy.sent, ...slow.sent]);
    expect(count).toEqual({ sent: 20, delivered: 20, duplicated: 0, lost: 0 });
  });

  test('given that every second entry of each PutRecords fails, then every line still arrives exactly once', async () => {
    await faults.start({ service: 'kinesis', operation: 'PutRecords', effect: { kind: 'partial', every: 2 } });
    const marked = Array.from({ length: 200 }, (_, i) => markedLine(`partial ${i}`));
    await echo.echo({ lines: marked.map(({ line }) => line) });
    expect(await countLines(echo, marked)).toEqual({ sent: 200, delivered: 200, duplicated: 0, lost: 0 });
  });
}
