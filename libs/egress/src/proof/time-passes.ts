import { eventually, faults } from '@stackyard/proof-kit';

/** Enough for a batching window after a few steps. */
const stepMs = 15_000;
/** Steps after which whatever is still waited for needs more than a window. */
const stepsBeforeLeaps = 8;
/** What a leap brought has this many steps of time to begin before the next one. */
const stepsBetweenLeaps = 4;

/**
 * Waits until `check` no longer throws. On the embedded cloud time runs fast meanwhile, so that batching windows and waits between
 * retries pass, and stands still while functions are at work; on AWS it is waited for.
 *
 * @param leapMs how far the clock leaps now and then when nothing has come of its steps for a while: a queue's visibility timeout
 */
export function asTimePasses<T>(check: () => Promise<T>, leapMs = stepMs): Promise<T> {
  if (process.env['STACKYARD_TARGET'] === 'aws') return eventually(check, 3_600_000, 5000);
  let steps = 0;
  return eventually(
    async () => {
      steps += 1;
      const isLeap = steps > stepsBeforeLeaps && steps % stepsBetweenLeaps === 0;
      await faults.passTime(isLeap ? leapMs : stepMs);
      return check();
    },
    240_000,
    100,
  );
}
