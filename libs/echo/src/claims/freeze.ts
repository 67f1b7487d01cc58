import { setTimeout as timePasses } from 'node:timers/promises';
import { account } from '@stackyard/proof-kit';
import { expect, test } from 'vitest';
import { deployedEcho } from '../deployed-echo.ts';

/** Long beside a request and the flush that may hold its environment awake, on a machine that is busy with other things too. */
const workMs = 5000;

/**
 * Proof of the claim of "Lambda code execution freeze/thaw": work that nobody awaits stops with the response, and goes on when
 * the next request thaws the environment, whatever time has passed for everybody else.
 */
export function claimFreeze(stack: string): void {
  test('given un-awaited work of 5 s, when no request comes it does not end, and the next request ends it', async () => {
    const echo = await deployedEcho(stack);
    // A new environment takes its time, which is not what this is about.
    await echo.echo({ lines: ['warm up'] });
    const first = await echo.echo({ lines: [], afterResponseMs: workMs });
    expect(first.ms).toBeLessThan(workMs);

    const late = async () =>
      (await echo.arrived()).filter(({ attributes }) => attributes?.['scheduledBy'] === first.requestId);
    // Longer than the work needs. Nothing can be observed meanwhile: that is the claim.
    await timePasses(workMs + 1000);
    expect(await late()).toEqual([]);

    const second = await echo.echo({ lines: ['the request that thaws'] });
    const arrivals = async () => (await late()).map(() => first.requestId);
    await account([first.requestId], arrivals, () => echo.echo({ lines: [] }));
    const [line] = await late();
    // The timer was due long ago: it fires at once, within the second request. Its line still names the first, because the
    // runtime keeps the request id in the asynchronous context in which the work was begun.
    expect(second.ms).toBeLessThan(workMs);
    expect(line?.requestId).toBe(first.requestId);
    expect(line?.attributes?.['elapsedMs']).toBeGreaterThanOrEqual(workMs + 1000);
  });
}
