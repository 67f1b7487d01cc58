import { eventually, faults } from '@stackyard/proof-kit';

/** Much less than a record may be old, much more than a window or a wait between retries needs in all. */
const stepMs = 15_000;

/**
 * Waits until `check` no longer throws. On the embedded cloud time runs fast meanwhile, so that batching windows and waits between
 * retries pass; on AWS they are waited for.
 *
 * @param within how long to wait on this machine's clock
 */
export function asTimePasses<T>(check: () => Promise<T>, within = 45_000): Promise<T> {
  if (process.env['STACKYARD_TARGET'] === 'aws') return eventually(check, within * 10, 5000);
  return eventually(
    async () => {
      await faults.advanceClock(stepMs);
      return check();
    },
    within,
    1000,
  );
}
