import { faults } from '@stackyard/proof-kit';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { countLines, type DeployedEcho, deployedEcho, type MarkedLine, markedLine } from '../deployed-echo.ts';

/** Below what the extension waits for an answer, before it sends again what then arrives twice. */
const delayMs = 600;

/** Fault proof that neither the caller of an echo nor its lines suffer from a slow Kinesis or one that takes half of them. */
export function claimSlowKinesisIsNotWaitedFor(stack: string): void {
  let echo: DeployedEcho;

  beforeAll(async () => {
    echo = await deployedEcho(stack);
    // The first request starts the environment; its latency is no measure.
    await echo.echo({ lines: ['warm up'] });
  });

  afterEach(() => faults.clear());

  async function timed(): Promise<{ sent: MarkedLine; ms: number }> {
    const sent = markedLine('timed');
    const { ms } = await echo.echo({ lines: [sent.line] });
    // The next request finds the environment frozen, not busy with its extension: callers rarely come back to back.
    await countLines(echo, [sent]);
    return { sent, ms };
  }

  test('given a Kinesis that answers late, then the caller does not wait for it and nothing is lost', async () => {
    const effect = { kind: 'delay', ms: delayMs } as const;
    const sent: MarkedLine[] = [];
    const slower: number[] = [];
    // In turns: what else the machine does falls on both.
    for (let turn = 0; turn < 10; turn += 1) {
      const healthy = await timed();
      const fault = await faults.start({ service: 'kinesis', operation: 'PutRecords', effect });
      const slow = await timed();
      await fault.end();
      sent.push(healthy.sent, slow.sent);
      slower.push(slow.ms - healthy.ms);
    }
    // Half of Kinesis's delay: far above the noise of a loaded machine, far below waiting for it.
    expect(median(slower)).toBeLessThan(delayMs / 2);
    expect(await countLines(echo, sent)).toEqual({ sent: 20, delivered: 20, duplicated: 0, lost: 0 });
  });

  test('given that every second entry of each PutRecords fails, then every line still arrives exactly once', async () => {
    await faults.start({ service: 'kinesis', operation: 'PutRecords', effect: { kind: 'partial', every: 2 } });
    const marked = Array.from({ length: 200 }, (_, i) => markedLine(`partial ${i}`));
    await echo.echo({ lines: marked.map(({ line }) => line) });
    expect(await countLines(echo, marked)).toEqual({ sent: 200, delivered: 200, duplicated: 0, lost: 0 });
  });
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
