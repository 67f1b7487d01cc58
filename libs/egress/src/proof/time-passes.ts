import { eventually, faults } from '@stackyard/proof-kit';

/** Longest time on this machine's clock that the embedded cloud's is held for functions at work; one that hangs must time out. */
const patienceMs = 10_000;

/**
 * Waits until `check` no longer throws. On the embedded cloud time runs fast meanwhile, so that batching windows and waits between
 * retries pass; on AWS they are waited for. It stands still while functions are at work, which a slow machine would otherwise run
 * into their timeouts.
 *
 * @param stepMs how far the clock moves each second; so little that what must not grow too old has time to be carried out
 */
export function asTimePasses<T>(check: () => Promise<T>, stepMs = 15_000): Promise<T> {
  if (process.env['STACKYARD_TARGET'] === 'aws') return eventually(check, 3_600_000, 5000);
  let heldSince: number | undefined;
  return eventually(
    async () => {
      const isHeld = (await isAnyAtWork()) && Date.now() - (heldSince ?? Date.now()) < patienceMs;
      heldSince = isHeld ? (heldSince ?? Date.now()) : undefined;
      if (!isHeld) await faults.advanceClock(stepMs);
      return check();
    },
    45_000,
    500,
  );
}

async function isAnyAtWork(): Promise<boolean> {
  return (await faults.environments()).some(({ state }) => state === 'starting' || state === 'busy');
}
