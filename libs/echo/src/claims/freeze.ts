import { setTimeout as timePasses } from 'node:timers/promises';
import { eventually } from '@stackyard/proof-kit';
import { expect, test } from 'vitest';
import { deployedEcho } from '../deployed-echo.ts';

/**
 * Proof of the claim of "Lambda code execution freeze/thaw": work that nobody awaits stops with the response, and goes on when
 * the next request thaws the environment, whatever time has passed for everybody else.
 */
export function claimFreeze(stack: string): void {
  test('given un-awaited work of 2 s, when no request comes it does not end, and the next request ends it', async () => {
    const echo = await deployedEcho(stack);
    const first = await echo.echo({ lines: [], afterResponseMs: 2000 });
    expect(first.ms).toBeLessThan(2000);

    const late = async () =>
      (await echo.arrived()).filter(({ attributes }) => attributes?.['scheduledBy'] === first.requestId);
    // Twice as long as the work needs. Nothing can be observed meanwhile: that is the claim.
    await timePasses(4000);
    expect(await late()).toEqual([]);

    const second = await echo.echo({ lines: ['the request that thaws'] });
    const [line] = await eventually(async () => {
      const lines = await late();
      if (lines.length === 0) throw new Error('the work of the first request has not ended');
      return lines;
    });
    // The timer was due long ago: it fires at once, within the second request. Its line still names the first, because the
    // runtime keeps the request id in the asynchronous context in which the work was begun.
    expect(second.ms).toBeLessThan(2000);
    expect(line?.requestId).toBe(first.requestId);
    expect(line?.attributes?.['elapsedMs']).toBeGreaterThanOrEqual(4000);
  });
}
