import { eventually, faults } from '@stackyard/proof-kit';

/** Enough for a batching window after a few steps. */
const stepMs = 15_000;
/** Steps after which whatever is still waited for needs more than a window. */
const stepsBeforeLeaps = 8;
/** What a leap brought has this many steps of time to begin before the next one. */
const stepsBetweenLeaps = 4;
/** Longest time on this machine's clock that the embedded cloud's is held for functions at work; one that hangs must time out. */
const patienceMs = 10_000;

/**
 * Waits until `check` no longer throws. On the embedded cloud time runs fast meanwhile, so that batching windows and waits between
 * retries pass; on AWS they are waited for. It stands still while functions are at work, which a slow machine would otherwise run
 * into their timeouts.
 *
 * @param leapMs how far the clock leaps now and then when nothing has come of its steps for a while: a queue's visibility timeout
 */
export function asTimePasses<T>(check: () => Promise<T>, leapMs = stepMs): Promise<T> {
  if (process.env['STACKYARD_TARGET'] === 'aws') return eventually(check, 3_600_000, 5000);
  let heldSince: number | undefined;
  let steps = 0;
  return eventually(
    async () => {
      const isAtWork = await isAnyAtWork();
      const isHeld = isAtWork && Date.now() - (heldSince ?? Date.now()) < patienceMs;
      heldSince = isHeld ? (heldSince ?? Date.now()) : undefined;
      if (!isHeld) {
        steps += 1;
        const isLeap = !isAtWork && steps > stepsBeforeLeaps && steps % stepsBetweenLeaps === 0;
        await faults.advanceClock(isLeap ? leapMs : stepMs);
      }
      return check();
    },
    90_000,
    400,
  );
}

async function isAnyAtWork(): Promise<boolean> {
  return (await faults.environments()).some(({ state }) => state === 'starting' || state === 'busy');
}
