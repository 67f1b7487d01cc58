import { faults } from '@stackyard/proof-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DeployedEcho, deployedEcho } from '../deployed-echo.ts';
import type { FaultRow } from '../faults/fault-count.ts';
import { scenarios } from '../faults/scenarios.ts';
import { beginScene } from '../faults/scene.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** A row of the table of faults. */
    fault?: FaultRow;
  }
}

/**
 * Fault proof that no line of the echo of a stack is lost, whatever fails; and where the platform destroys lines, that it is no
 * more of them than it must be.
 */
export function claimNothingIsLost(stack: string): void {
  let echo: DeployedEcho;

  beforeAll(async () => {
    echo = await deployedEcho(stack);
  });
  afterAll(() => faults.clear());

  test.for(scenarios)('$name: nothing is lost', async ({ name, run, mayLose = 0 }, { task }) => {
    const scene = await beginScene(echo);
    await run(scene);
    const count = await scene.count();
    task.meta.fault = { name, ...count, mayLose };
    expect(count.lost).toBeLessThanOrEqual(mayLose);
    expect(count.delivered + count.dropped + count.lost).toBe(count.sent);
  });
}
