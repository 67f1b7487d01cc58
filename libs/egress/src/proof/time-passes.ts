import { eventually, faults } from '@stackyard/proof-kit';

/**
 * Waits until `check` no longer throws. On the embedded cloud time runs fast meanwhile, so that batching windows and waits between
 * retries pass; on AWS they are waited for.
 *
 * @param stepMs how far the clock moves each second; so little that what must not grow too old has time to be carried out
 */
export function asTimePasses<T>(check: () => Promise<T>, stepMs = 15_000): Promise<T> {
  if (process.env['STACKYARD_TARGET'] === 'aws') return eventually(check, 3_600_000, 5000);
  return eventually(
    async () => {
      await faults.advanceClock(stepMs);
      return check();
    },
    45_000,
    1000,
  );
}
